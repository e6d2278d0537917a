"""What becomes of an update: an event to its commit, or a group left politely."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiogram.methods import LeaveChat, SendMessage

from bot.channels.telegram.api import Api, Failed
from bot.channels.telegram.updates import Elsewhere, Heard, read
from bot.core.library import Library
from bot.service.conversation import Conversation
from bot.service.log import bug
from bot.service.ports import Clock


@dataclass(frozen=True, slots=True)
class Taken:
    """`handled`: it need not come again. `tap`: the id of a tap that waits to be acknowledged."""

    handled: bool
    tap: str | None = None


class Receiver:
    """Takes updates, in whatever way they come."""

    def __init__(self, api: Api, conversation: Conversation, clock: Clock, library: Callable[[], Library]) -> None:
        self._api, self._conversation, self._clock, self._library = api, conversation, clock, library

    def read(self, update: Any) -> Heard | Elsewhere | None:
        """What the update means, without doing anything."""
        try:
            return read(update, self._library(), self._clock.now())
        except Exception as e:  # whatever is wrong with one update, the others must go on
            bug("bug_in_update", e)
            return None

    async def take(self, found: Heard | Elsewhere | None) -> Taken:
        """Do what it asks for; returns after the commit."""
        match found:
            case Heard(event=event, tap=tap):
                return Taken(await self._conversation.handle(event) != "unavailable", tap)
            case Elsewhere():
                await self._leave(found)
        return Taken(True)

    async def _leave(self, found: Elsewhere) -> None:
        with suppress(Failed):
            if found.may_speak:
                line = self._library().phrases[found.locale].say("private_only")
                await self._api.call(SendMessage(chat_id=found.chat, text=line, disable_notification=True))
        with suppress(Failed):
            await self._api.call(LeaveChat(chat_id=found.chat))
