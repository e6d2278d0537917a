"""The sender by itself, without service and store: a parcel, and a sender over a small Bot API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bot.channels.telegram.api import Api
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.sending import Sender
from bot.core.effect import Carried, Parcel
from bot.core.library import Library
from bot.core.talk import Address
from tests.channels.telegram.bot_api import BotApi
from tests.channels.telegram.home import HER


def a_parcel(carries: Carried, living: str | None = None, answers: str | None = None) -> Parcel:
    """A parcel for her."""
    to = Address(channel="telegram", user=str(HER))
    return Parcel(id="p", to=to, carries=carries, due=datetime.now(UTC), living=living, answers=answers)


@asynccontextmanager
async def a_sender(library: Library, api: BotApi) -> AsyncIterator[Sender]:
    """A sender; at the end nothing it did was against the rules."""
    async with api.serving() as url:
        calls = Api("1:x", url)
        try:
            yield Sender(calls, Pace(), lambda: library, None)
        finally:
            await calls.close()
    assert api.problems == []
