"""Telegram as a channel: the mouth, the ears, and what runs in between."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from aiogram.methods import DeleteMessages
from aiogram.utils.token import TokenValidationError
from aiohttp import web

from bot.channels.telegram import profile
from bot.channels.telegram.api import Api, Failed, Refused
from bot.channels.telegram.marks import read
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.receiving import Receiver
from bot.channels.telegram.sending import Sender, doubt
from bot.channels.telegram.updates import CHANNEL
from bot.channels.telegram.webhook import Webhook
from bot.channels.telegram.wiping import Wiper
from bot.core.effect import Parcel
from bot.core.library import Library
from bot.core.reply import Reply
from bot.core.talk import Address
from bot.service.conversation import Conversation
from bot.service.delivery import Delivery
from bot.service.ports import Clock, Store


class BadToken(Exception):
    """What was given cannot be a bot's token."""


class Telegram:
    """service.ports.Channel. With `webhook` (address and secret) updates are brought, else they are fetched."""

    name = CHANNEL

    def __init__(
        self,
        token: str,
        base: str | None,
        webhook: tuple[str, str] | None,
        conversation: Conversation,
        store: Store,
        clock: Clock,
        library: Callable[[], Library],
        public_url: str | None,
    ) -> None:
        try:
            self._api = Api(token, base)
        except TokenValidationError:
            raise BadToken from None
        call = f"{public_url.rstrip('/')}/call" if public_url else None
        self._library = library
        pace = Pace()
        self._sender = Sender(self._api, pace, library, call)
        self._wiper = Wiper(self._api, store, self._sender, clock, library)
        receiver = Receiver(self._api, conversation, clock, library)
        self._webhook = Webhook(self._api, receiver, *webhook) if webhook else None
        self._polling = None if webhook else Polling(self._api, receiver, pace)
        self._tasks: list[asyncio.Task[None]] = []

    def routes(self) -> list[web.RouteDef]:
        """The webhook's path, where there is one."""
        return self._webhook.routes() if self._webhook else []

    def start(self) -> None:
        """Set up the profile, and begin to hear."""
        hear = self._webhook.run() if self._webhook else self._polling.run() if self._polling else None
        self._tasks = [asyncio.create_task(profile.set_up(self._api, self._library()))]
        if hear is not None:
            self._tasks.append(asyncio.create_task(hear))

    async def stop_hearing(self) -> None:
        """Fetch nothing more; what is on its way out may still go."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._api.close()

    async def send(self, parcel: Parcel) -> Delivery:
        """Say a reply, or delete."""
        if isinstance(parcel.carries, Reply):
            return await self._sender.send(parcel, parcel.carries)
        return await self._wiper.wipe(parcel, parcel.carries)

    async def unsend(self, to: Address, trace: str) -> bool:
        """Delete a message that *leave* has overtaken."""
        with suppress(Failed):
            if ids := read(trace).all:
                with suppress(Refused):
                    await self._api.call(DeleteMessages(chat_id=int(to.user), message_ids=list(ids)))
            return True
        return False

    def doubt(self, parcel: Parcel) -> str | None:
        """The mark of what a process that died may have sent."""
        return doubt(parcel)
