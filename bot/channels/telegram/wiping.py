"""Deletions: everything in batches, also what nobody knows the id of; one neutral line, and silence."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from aiogram.methods import DeleteMessages, SendMessage
from aiogram.types import ReplyKeyboardRemove

from bot.channels.telegram.api import Api, Failed, NoAnswer, Refused
from bot.channels.telegram.marks import Mark, between, newest, read
from bot.channels.telegram.sending import BATCH, Sender
from bot.core.effect import Deletion, Fading, Parcel
from bot.core.library import Library
from bot.service.delivery import Delivery, Unsure, Wiped
from bot.service.ports import Clock, Store, Trace, Traces

SIDE_BY_SIDE = 4
OLD = timedelta(hours=24)
"""At the limit everything goes that is older: so it comes once a day, not once a message."""


class Wiper:
    """Deletes what is traced in a chat."""

    def __init__(self, api: Api, store: Store, sender: Sender, clock: Clock, library: Callable[[], Library]) -> None:
        self._api, self._store, self._sender, self._clock = api, store, sender, clock
        self._library = library

    async def wipe(self, parcel: Parcel, wanted: Deletion | Fading) -> Delivery:
        """Delete; after *leave* also say how many messages that were. May be repeated: what is gone is skipped."""
        chat, traces = int(parcel.to.user), await self._store.traces(parcel.to)
        going = _going(traces, wanted, self._clock.now())
        known = {i for trace in going for i in read(trace.id).all}
        if not _spares(wanted):
            known |= {*read(parcel.living).all, *read(parcel.answers).all}
        stays = {i for trace in traces.known if trace not in going for i in read(trace.id).all}
        try:
            await self.delete(chat, sorted(known - stays))
            await self.delete(chat, between(known | stays, _doubts(going, traces, wanted)))
            notice = await self._notice(chat, wanted, len(known), traces) if isinstance(wanted, Deletion) else None
        except Failed as failed:
            last = max(known, default=newest(*(trace.id for trace in traces.known)) or 0)
            delivered = self._sender.failed(chat, parcel, failed, sent_something=False)
            unknown = isinstance(wanted, Deletion) and isinstance(failed, NoAnswer) and last
            return Unsure(1.0, str(Mark(after=last)), "no answer") if unknown else delivered
        return Wiped(tuple(trace.id for trace in going), notice, all=not _spares(wanted))

    async def delete(self, chat: int, ids: list[int]) -> None:
        """Delete these in batches of a hundred, some side by side."""
        batches = [ids[n : n + BATCH] for n in range(0, len(ids), BATCH)]
        for n in range(0, len(batches), SIDE_BY_SIDE):
            results = await asyncio.gather(
                *(self._batch(chat, batch) for batch in batches[n : n + SIDE_BY_SIDE]), return_exceptions=True
            )
            for result in results:
                if isinstance(result, BaseException):
                    raise result

    async def _batch(self, chat: int, ids: list[int]) -> None:
        """One batch; where Telegram refuses it for one message's sake, its halves."""
        try:
            await self._api.call(DeleteMessages(chat_id=chat, message_ids=ids))
        except Refused:
            if len(ids) > 1:
                await self._batch(chat, ids[: len(ids) // 2])
                await self._batch(chat, ids[len(ids) // 2 :])

    async def _notice(self, chat: int, wanted: Deletion, count: int, traces: Traces) -> str:
        line = self._library().phrases[wanted.locale].say("cleared", count=count)
        call = SendMessage(chat_id=chat, text=line, disable_notification=True, protect_content=True)
        if any(read(trace.id).keyboard for trace in traces.known):
            call.reply_markup = ReplyKeyboardRemove(remove_keyboard=True)
        return str(Mark(ids=(int((await self._api.call(call))["message_id"]),), notice=True))


def _spares(wanted: Deletion | Fading) -> bool:
    return isinstance(wanted, Fading) and wanted.what != "vanish"


def _going(traces: Traces, wanted: Deletion | Fading, now: datetime) -> tuple[Trace, ...]:
    if not _spares(wanted):
        return traces.known
    if isinstance(wanted, Fading) and wanted.what == "limit":
        return tuple(trace for trace in traces.known if now - trace.at > OLD)
    if isinstance(wanted, Fading) and wanted.what == "stray":
        return tuple(trace for trace in traces.known if trace.id in wanted.traces)
    return tuple(trace for trace in traces.known if read(trace.id).notice)


def _doubts(going: Iterable[Trace], traces: Traces, wanted: Deletion | Fading) -> list[int]:
    """The ids after which something may have been sent that nobody knows of."""
    after = [read(trace.id).after for trace in going]
    if not _spares(wanted):
        everything = newest(*(trace.id for trace in traces.known))
        after += [newest(parcel.answers, parcel.living) or everything for parcel in traces.dropped]
    return [start for start in after if start is not None]
