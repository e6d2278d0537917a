"""Long polling: our own loop. The offset follows the longest prefix of updates that are committed."""

import asyncio
from typing import Any

from aiogram.methods import AnswerCallbackQuery, DeleteWebhook, GetUpdates

from bot.channels.telegram.api import Api, Failed, TooMany
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.receiving import Receiver
from bot.channels.telegram.updates import WANTED, Heard
from bot.core.talk import Address
from bot.service.lines import Lines
from bot.service.log import note

HOLD = 25
"""Seconds a request for updates waits at Telegram's."""
GLANCE = 0.2
"""Seconds until a look at what is new, while something old is still being worked on."""
LONGEST_PAUSE = 5.0
NOBODY = Address(channel="telegram", user="")


class Polling:
    """Fetches updates until cancelled: one person's in order, different persons' side by side."""

    def __init__(self, api: Api, receiver: Receiver, pace: Pace) -> None:
        self._api, self._receiver, self._pace = api, receiver, pace
        self._lines = Lines()
        self._taking: dict[int, asyncio.Task[None]] = {}
        self._answers = set[asyncio.Task[None]]()
        self._offset: int | None = None

    async def run(self) -> None:
        """Poll. What was fetched and not committed comes again to whoever polls next."""
        try:
            await self._without_webhook()
            failures = 0
            while True:
                try:
                    await self._round()
                    failures = 0
                except Failed as failed:
                    failures += 1
                    note("no_updates", error=type(failed).__name__, tries=failures)
                    if isinstance(failed, TooMany):  # no chat is meant, so everything is
                        self._pace.stop_all(failed.seconds)
                    await asyncio.sleep(failed.seconds if isinstance(failed, TooMany) else _pause(failures))
        finally:
            for task in (*self._taking.values(), *self._answers):
                task.cancel()

    async def _without_webhook(self) -> None:
        for tries in range(10_000):
            try:
                await self._api.call(DeleteWebhook(drop_pending_updates=False))
                return
            except Failed as failed:
                await asyncio.sleep(failed.seconds if isinstance(failed, TooMany) else _pause(tries + 1))

    async def _round(self) -> None:
        hold = 0 if self._taking else HOLD
        call = GetUpdates(timeout=hold, allowed_updates=list(WANTED))
        if self._offset is not None:
            call.offset = self._offset
        found = await self._api.call(call, timeout=hold + 10)
        for update in found if isinstance(found, list) else ():
            number = update.get("update_id") if isinstance(update, dict) else None
            if isinstance(number, int) and number not in self._taking and number >= (self._offset or number):
                self._taking[number] = asyncio.create_task(self._take(update))
        if self._taking:
            await asyncio.wait(self._taking.values(), timeout=GLANCE)
        self._advance()

    def _advance(self) -> None:
        """Move the offset behind the longest prefix that is done."""
        for number in sorted(self._taking):
            if not self._taking[number].done():
                return
            del self._taking[number]
            self._offset = number + 1

    async def _take(self, update: dict[str, Any]) -> None:
        """One update to its commit, however long that takes; those of the same person wait behind it."""
        found = self._receiver.read(update)
        address = found.event.address if isinstance(found, Heard) else NOBODY
        async with self._lines.turn(address):
            tries = 0
            while not (taken := await self._receiver.take(found)).handled:
                tries += 1
                await asyncio.sleep(_pause(tries))
        if taken.tap is not None:
            task = asyncio.create_task(self._answer(taken.tap))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)

    async def _answer(self, tap: str) -> None:
        """Take the little clock off the button; too late is no harm."""
        try:
            await self._api.call(AnswerCallbackQuery(callback_query_id=tap))
        except Failed as failed:
            note("tap_not_acknowledged", error=type(failed).__name__)


def _pause(tries: int) -> float:
    return min(0.1 * 2.0**tries, LONGEST_PAUSE)
