"""Parcels → calls: one living message, edited where that can be; limits honoured; what went wrong, sorted."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from aiogram.methods import DeleteMessages, EditMessageText, SendLocation, SendMessage, TelegramMethod
from aiogram.types import KeyboardButton, ReplyKeyboardMarkup, ReplyKeyboardRemove

from bot.channels.telegram.api import NO_PREVIEW, Api, Closed, Denied, Failed, NoAnswer, NotReached, Refused, TooMany
from bot.channels.telegram.marks import Mark, newest, read
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.render import Message, Renderer
from bot.core.effect import Parcel
from bot.core.library import Library
from bot.core.reply import Pin, Reply
from bot.service.delivery import Delivery, Later, Never, Sent, Unsure, Unwanted

PATIENT = 1.5
"""Seconds that a message waits for its turn here; for longer it goes back to the outbox."""
LONGEST_PAUSE, LONGEST_PAUSE_OF_DELETIONS = 15.0, 300.0
"""Seconds between two tries: somebody waits for a reply, and it expires in ten minutes; a deletion may take hours."""
MOST_REMEMBERED, MOST_STALE = 1000, 20
"""Replies that are remembered half sent; chats in which something could not be deleted, and how many traces of it."""
BATCH = 100
"""Messages that one call deletes at most."""
PLACE_LINE, REMOVED_LINE = "📍", "✓"
"""What stands over the button that shares a place, and over nothing when that button is taken away."""

K = TypeVar("K")
V = TypeVar("V")


class Sender:
    """Says replies in a chat. What it leaves there is told by the marks in `Sent`."""

    def __init__(self, api: Api, pace: Pace, library: Callable[[], Library], call: str | None) -> None:
        self._api, self._pace, self._library, self._call = api, pace, library, call
        self._renderer = Renderer(library(), call)
        self._begun: dict[str, list[int]] = {}
        self._stale: dict[int, list[str]] = {}

    async def send(self, parcel: Parcel, reply: Reply) -> Delivery:
        """Edit the living message, or send a new one and delete the old one and hers."""
        chat = int(parcel.to.user)
        if wait := self._pace.stopped(chat):
            return Later(wait, "told to wait")
        if wait := self._pace.take(chat):
            await asyncio.sleep(min(wait, PATIENT))
        try:
            return await self._say(chat, parcel, reply)
        except Failed as failed:
            return self.failed(chat, parcel, failed, sent_something=False)

    async def _say(self, chat: int, parcel: Parcel, reply: Reply) -> Delivery:
        library = self._library()
        if self._renderer.library is not library:
            self._renderer = Renderer(library, self._call)
        messages, living = self._renderer.messages(reply), read(parcel.living)
        if _can_stay(parcel, reply, living, messages) and await self._edit(chat, living.ids[-1], messages[0]):
            mark = str(Mark(ids=living.ids[-1:]))
            old = [parcel.living] if parcel.living and parcel.living != mark else []
            return Sent(mark, *await self._clear(chat, old, keep=living.ids[-1]))
        return await self._anew(chat, parcel, reply, messages)

    async def _edit(self, chat: int, message: int, said: Message) -> bool:
        """False where that message is not there any more."""
        markup: dict[str, Any] = {"reply_markup": said.keyboard} if said.keyboard else {}
        call = EditMessageText.model_construct(
            chat_id=chat,
            message_id=message,
            text=said.html,
            parse_mode="HTML",
            link_preview_options=NO_PREVIEW,
            **markup,
        )
        try:
            await self._api.call(call)
        except Refused as refused:
            if refused.same:
                return True
            if refused.gone:
                return False
            raise
        return True

    async def _anew(self, chat: int, parcel: Parcel, reply: Reply, messages: list[Message]) -> Delivery:
        """Send the reply; a try that was broken off goes on where it stood."""
        sent = self._begun.pop(parcel.id, [])
        pins, texts = [_pin(chat, reply.pin)] if reply.pin else [], [_text(chat, m, reply) for m in messages]
        calls = [*texts[:-1], *pins, texts[-1], *([self._place_button(chat, reply)] if reply.asks_place else [])]
        before = tuple(str(Mark(_ids(sent[:n]))) for n in range(1, len(sent) + 1))
        try:
            for call in calls[len(sent) :]:
                sent.append(await self._message(call, needed=call in texts))
        except Failed as failed:
            return await self._broken_off(chat, parcel, failed, sent)
        ours = len(pins) + len(texts)
        mark = Mark(_ids(sent[:ours]), keyboard=next(iter(sent[ours:]), None), portable=reply.portable)
        if parcel.tries:
            await self._delete(chat, _strays(parcel, sent))
        replaced = [] if read(parcel.living).portable else [parcel.living]
        gone, left = await self._clear(chat, [trace for trace in (parcel.answers, *replaced) if trace])
        return Sent(str(mark), (*before, *gone), left)

    async def _message(self, call: TelegramMethod[Any], needed: bool) -> int:
        """The id of what was sent; 0 where Telegram refuses what only helps: a pin, a button."""
        try:
            return int((await self._api.call(call))["message_id"])
        except Refused:
            if needed:
                raise
            return 0

    async def _broken_off(self, chat: int, parcel: Parcel, failed: Failed, sent: list[int]) -> Delivery:
        """Keep what was sent already, for the next try and for whoever deletes."""
        delivered = self.failed(chat, parcel, failed, sent_something=True)
        if not (there := _ids(sent)):
            return delivered
        if not isinstance(delivered, Later | Unsure):
            await self._delete(chat, list(there))
            return delivered
        _remember(self._begun, parcel.id, sent)
        trace = Mark(there, after=there[-1] if isinstance(failed, NoAnswer) else None)
        return Unsure(delivered.seconds, str(trace), delivered.reason)

    def _place_button(self, chat: int, reply: Reply) -> TelegramMethod[Any]:
        label = self._library().phrases[reply.locale].say("share_place")
        button = KeyboardButton(text=label, request_location=True)
        keyboard = ReplyKeyboardMarkup(keyboard=[[button]], resize_keyboard=True, one_time_keyboard=True)
        return SendMessage(
            chat_id=chat, text=PLACE_LINE, reply_markup=keyboard, disable_notification=True, protect_content=True
        )

    async def _clear(
        self, chat: int, old: list[str], keep: int | None = None
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Delete what is replaced, and what could not be deleted before, and take the button away that shares a place.
        Returns the traces of what is gone, and of what that has left there."""
        old = [*self._stale.pop(chat, []), *old]
        marks = [read(trace) for trace in old]
        keyboard = next((mark.keyboard for mark in marks if mark.keyboard), None)
        removed = await self._remove(chat, keyboard) if keyboard else Mark()
        gone = await self._delete(chat, [*(i for mark in marks for i in mark.all if i != keep), *removed.ids])
        if not gone:
            _remember(self._stale, chat, old[-MOST_STALE:])
        return tuple(old) if gone else (), (str(removed),) if removed.after or (removed.ids and not gone) else ()

    async def _remove(self, chat: int, keyboard: int) -> Mark:
        """Only a new message can take that button away; the mark of it."""
        call = SendMessage(
            chat_id=chat,
            text=REMOVED_LINE,
            reply_markup=ReplyKeyboardRemove(remove_keyboard=True),
            disable_notification=True,
            protect_content=True,
        )
        try:
            return Mark((int((await self._api.call(call))["message_id"]),))
        except NoAnswer:
            return Mark(after=keyboard)
        except Failed:
            return Mark()  # it can be used once, and is only a button

    async def _delete(self, chat: int, ids: list[int]) -> bool:
        if not ids:
            return True
        try:
            await self._api.call(DeleteMessages(chat_id=chat, message_ids=ids))
        except Refused:
            return True  # not there, or too old: nothing more can be done
        except Failed:
            return False
        return True

    def failed(self, chat: int, parcel: Parcel, failed: Failed, *, sent_something: bool) -> Delivery:
        """What a failure means for the parcel. `sent_something`: the call would have left a new message."""
        longest = LONGEST_PAUSE if isinstance(parcel.carries, Reply) else LONGEST_PAUSE_OF_DELETIONS
        pause = min(0.5 * 2.0**parcel.tries, longest)
        match failed:
            case TooMany(seconds=seconds):
                self._pace.stop(chat, seconds)
                return Later(seconds, "told to wait")
            case Closed():
                return Unwanted()
            case NoAnswer() if sent_something:
                return Unsure(pause, doubt(parcel), "no answer")
            case NoAnswer() | NotReached():
                return Later(pause, "no answer")
            case Denied():
                return Later(60.0, "denied")
        return Never("refused")


def doubt(parcel: Parcel) -> str | None:
    """The mark that says: something may have been sent after all we know of."""
    last = newest(parcel.answers, parcel.living)
    return str(Mark(after=last)) if last is not None else None


def _text(chat: int, said: Message, reply: Reply) -> TelegramMethod[Any]:
    markup: dict[str, Any] = {"reply_markup": said.keyboard} if said.keyboard else {}
    return SendMessage.model_construct(
        chat_id=chat,
        text=said.html,
        parse_mode="HTML",
        link_preview_options=NO_PREVIEW,
        disable_notification=True,
        protect_content=not reply.portable,
        **markup,
    )


def _pin(chat: int, pin: Pin) -> TelegramMethod[Any]:
    return SendLocation.model_construct(
        chat_id=chat, latitude=pin.lat, longitude=pin.lon, disable_notification=True, protect_content=True
    )


def _strays(parcel: Parcel, sent: Sequence[int]) -> list[int]:
    """Where a try before may have left a message that nobody was told of: the ids before ours."""
    known = newest(parcel.answers, parcel.living)
    return [i for i in range(known + 1, max(sent)) if i not in sent][-BATCH:] if known is not None else []


def _ids(sent: Sequence[int]) -> tuple[int, ...]:
    return tuple(i for i in sent if i)


def _remember(what: dict[K, V], key: K, value: V) -> None:
    """Keep it, and let the oldest go where there is too much."""
    if len(what) >= MOST_REMEMBERED:
        del what[next(iter(what))]
    what[key] = value


def _can_stay(parcel: Parcel, reply: Reply, living: Mark, messages: list[Message]) -> bool:
    """True where the living message may be edited: after a tap, and where its protection need not change."""
    if parcel.answers or not living.ids or living.portable:
        return False
    return len(messages) == 1 and not reply.portable and not reply.asks_place and reply.pin is None
