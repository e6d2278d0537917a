"""The only place where things are built and joined."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import redis.asyncio as redis

from bot.adapters.atlas_map import AtlasMap
from bot.adapters.clock import SystemClock
from bot.adapters.embedded_nlu import EmbeddedNlu
from bot.adapters.embedded_redis import EmbeddedRedis, NoRedis
from bot.adapters.files import BadContent, load
from bot.adapters.phrases import Catalogue, read_phrases
from bot.adapters.rasa import RasaEars
from bot.adapters.redis_store import Connection, RedisStore, RedisStreams
from bot.adapters.vault import Vault
from bot.core.library import Library
from bot.core.talk import Locale
from bot.engine.atlas import Atlas
from bot.service.conversation import Conversation
from bot.service.log import note
from bot.service.meter import Meter
from bot.service.ports import Channel
from bot.service.postman import Postman
from bot.service.sweeper import Sweeper
from bot.settings import CONTENT, LOCALES_FOLDER, NLU, BadSetting, Settings

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram

NLU_LOOK, REDIS_LOOK = 5.0, 1.0
"""Seconds between two looks whether they still run."""


class Pana:
    """Everything joined: store, understanding, conversation, postman. Channels are added before `start`."""

    def __init__(self, settings: Settings, *, with_nlu: bool = True, content: Path = CONTENT) -> None:
        self.settings, self._with_nlu, self._content = settings, with_nlu, content
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.clock, self.meter = SystemClock(), Meter()
        self.catalogues: dict[Locale, Catalogue] = read_phrases(LOCALES_FOLDER)
        self.library, self.reminders = self._read_content()
        self.vault = Vault(settings.secret or _own_secret(settings.data))
        self.channels: dict[str, Channel] = {}
        self._messenger: Telegram | None = None
        self._redis: EmbeddedRedis | None = None
        self._nlu = EmbeddedNlu(NLU, settings.data) if with_nlu and not settings.nlu_url else None
        self.ears = RasaEars(self._nlu_url(), self.meter)
        self._tasks: list[asyncio.Task[None]] = []

    @cached_property
    def map(self) -> AtlasMap:
        """The map, made when it is first needed: a command that only looks into the store needs none."""
        return AtlasMap(Atlas(self.library.gazetteer), self.settings.geocoder_url)

    async def start(self) -> None:
        """Reach the store, start the NLU beside us, and let the postman run. Raises NoRedis or StoreGone."""
        if self._nlu is not None:
            self._nlu.start()
        self.connection = Connection(await self._client())
        await self.connection.start()
        self.store = RedisStore(self.connection, self.vault, self.clock)
        self.streams = RedisStreams(self.connection, self.vault)
        self.postman = Postman(self.store, self.channels, self.clock, self.meter)
        self.conversation = Conversation(
            self.store,
            self.ears,
            self.map,
            self.vault,
            self.clock,
            lambda: self.library,
            self.postman.deliver,
            self.meter,
        )
        self.sweeper = Sweeper(self.store, self.channels, self.vault, self.clock, self.postman.deliver)
        self._tasks = [
            asyncio.create_task(self.postman.run()),
            asyncio.create_task(self.streams.run()),
            asyncio.create_task(self.sweeper.run()),
            asyncio.create_task(self._watch_nlu()),
            asyncio.create_task(self._watch_redis()),
        ]

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        """Run everything and serve the pages; yields the port. Raises OSError where the port is taken."""
        from bot.channels.http import application, serving
        from bot.channels.web import WebChannel, on_prepare

        try:
            await self.start()
            secure = (self.settings.public_url or "").startswith("https://")
            page = WebChannel(
                self.conversation, self.store, self.streams, self.clock, lambda: self.library, self.translate, secure
            )
            self.channels["web"] = page
            telegram = self._telegram()
            routes = [*page.routes(), *(telegram.routes() if telegram else ())]
            app = application(routes, on_prepare, self.health, self.meter, self.settings.metrics_token)
            async with serving(app, self.settings.http_host, self.settings.http_port) as port:
                if telegram:
                    telegram.start()
                try:
                    yield port
                finally:
                    page.close()
                    if telegram:
                        await telegram.stop_hearing()
        finally:
            await self.stop()

    def _telegram(self) -> "Telegram | None":
        """The channel, imported only where it is configured: aiogram is large. Raises BadSetting."""
        settings = self.settings
        if not settings.telegram_token:
            return None
        from bot.channels.telegram import BadToken, Telegram

        secret = settings.telegram_webhook_secret or self.vault.derived("telegram webhook")
        webhook = (settings.telegram_webhook_url, secret) if settings.telegram_webhook_url else None
        try:
            telegram = Telegram(
                settings.telegram_token,
                settings.telegram_api_url,
                webhook,
                self.conversation,
                self.store,
                self.clock,
                lambda: self.library,
                settings.public_url,
            )
        except BadToken:
            raise BadSetting("PANA_TELEGRAM_TOKEN is not a bot's token (digits, a colon, letters).") from None
        self.channels["telegram"] = self._messenger = telegram
        return telegram

    async def health(self) -> dict[str, bool]:
        """What works: messages can be answered while Redis and the postman do."""
        redis_, nlu = await asyncio.gather(self.store.ping(), self.ears.ready())
        return {"redis": redis_, "nlu": nlu, "postman": self.postman.alive}

    def named(self) -> bool:
        """True when an organisation stands behind this installation."""
        facts = self.library.facts["en"]
        return facts["who"] != facts.get("who_missing", "")

    def translate(self, locale: Locale, message: str) -> str:
        """A word of the pages."""
        return self.catalogues[locale].page(message)

    async def stop(self) -> None:
        """Deliver what is under way, then let go of everything."""
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if hasattr(self, "connection"):
            await self.postman.rest()
            if self._messenger is not None:
                await self._messenger.close()
            await self.connection.close()
        await self.ears.close()
        if self._nlu is not None:
            self._nlu.stop()
        if self._redis is not None:
            self._redis.stop()

    @asynccontextmanager
    async def store_only(self) -> AsyncIterator[Connection]:
        """The Redis and nothing else, for a command that looks into it. Raises NoRedis or StoreGone."""
        connection = Connection(await self._client())
        try:
            await connection.start()
            yield connection
        finally:
            await connection.close()
            if self._redis is not None:
                self._redis.stop()

    def reload(self) -> bool:
        """Read the content anew and swap it whole; with a mistake in it the old one stays. True when swapped."""
        try:
            self.library, self.reminders = self._read_content()
        except BadContent as e:
            for problem in e.problems:
                note("content_refused", where=f"{problem.file}:{problem.line}")
            return False
        if self.library.gazetteer != self.map.atlas.gazetteer:
            self.map.atlas = Atlas(self.library.gazetteer)
        note("content_reloaded", count=len(self.library.flows))
        return True

    def _read_content(self) -> tuple[Library, int]:
        library, reminders = load(self._content, self.catalogues, self.clock.now().date())
        return library, len(reminders)

    def _nlu_url(self) -> Callable[[], str | None]:
        if self._nlu is not None:
            return self._nlu.url
        url = self.settings.nlu_url if self._with_nlu else None
        return lambda: url

    async def _client(self) -> "redis.Redis":
        if self.settings.redis_url:
            return redis.Redis.from_url(self.settings.redis_url, socket_timeout=10)
        self._redis = EmbeddedRedis(self.settings.data / "redis")
        return await self._redis.start()

    async def _watch_nlu(self) -> None:
        while self._nlu is not None:
            await asyncio.sleep(NLU_LOOK)
            self._nlu.ensure()

    async def _watch_redis(self) -> None:
        """A Redis of our own that ended (it was killed, or belonged to a process that has gone) is started again."""
        while self._redis is not None:
            await asyncio.sleep(REDIS_LOOK)
            if not await self.store.ping():
                note("redis_gone")
                with suppress(NoRedis):
                    await self._redis.ensure()


def _own_secret(data: Path) -> str:
    """The secret made once in the data folder, readable by its owner only."""
    path = data / "secret"
    with suppress(FileExistsError):
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(32), encoding="utf-8")
        try:
            os.link(fresh, path)  # whole or not at all, also where two start at once
        finally:
            fresh.unlink()
    return path.read_text(encoding="utf-8")
