"""pana with Telegram, talking to a small Bot API; by polling or webhook."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import redis.asyncio as redis

from bot.adapters.redis_store import lives
from bot.app import Pana
from bot.channels.telegram import Telegram
from tests.channels.telegram.bot_api import BotApi, buttons
from tests.house import settings_for

HER = 5


@dataclass
class Home:
    """The bot, the API, and one person: what she does, and where she stands."""

    pana: Pana
    api: BotApi
    redis: "redis.Redis"

    @property
    def telegram(self) -> Telegram:
        return cast(Telegram, self.pana.channels["telegram"])

    async def types(self, text: str, lang: str = "ru") -> None:
        """She types, and it is answered by a new message."""
        last = max(self.api.chats[HER], default=0)
        await self.forget_the_crowd()
        mine = self.api.types(HER, text, lang)
        await self.api.until(lambda: any(m["bot"] and i > max(last, mine) for i, m in self.api.chats[HER].items()))

    async def taps(self, option: str) -> None:
        """She taps an option of the message she sees (`*:menu`, or only its last part), and the screen changes."""
        await self.forget_the_crowd()
        before = self.screen.get("html"), buttons(self.screen), max(self.api.chats[HER], default=0)
        data = next(b for b in buttons(self.screen) if b == option or b.endswith(f":{option}"))
        self.api.taps(HER, data)
        await self.api.until(
            lambda: (self.screen.get("html"), buttons(self.screen), max(self.api.chats[HER], default=0)) != before
        )

    @property
    def screen(self) -> dict[str, Any]:
        """The living message: the last one with buttons (or the last)."""
        chat = [m for m in self.api.chat(HER) if m["bot"]]
        return next((m for m in reversed(chat) if buttons(m)), chat[-1] if chat else {})

    @property
    def step(self) -> str:
        """Where her screen says that she stands."""
        return next((b.partition(":")[0] for b in buttons(self.screen) if not b.startswith("*")), "")

    async def forget_the_crowd(self) -> None:
        for key in await self.redis.keys("pana:crowd:*"):
            await self.redis.delete(key)


@asynccontextmanager
async def at_home(
    client: "redis.Redis", folder: Path, data: Path, way: str = "polling", api: BotApi | None = None, **more: Any
) -> AsyncIterator[Home]:
    """pana without its NLU, hearing in one way or the other."""
    api = api or BotApi()
    async with api.serving() as url:
        settings = settings_for(folder, data, telegram_token="1:x", telegram_api_url=url, **more)
        pana = Pana(settings, with_nlu=False)
        async with hearing(pana, way):
            if way == "webhook":
                await api.until(lambda: api.webhook)
            yield Home(pana, api, client)


@asynccontextmanager
async def hearing(pana: Pana, way: str) -> AsyncIterator[None]:
    """Serve; a webhook's address is known only once there is a port."""
    if way == "polling":
        async with pana.serving():
            yield
        return
    import dataclasses

    from tests.channels.telegram.ports import free_port

    port = free_port()
    url = f"http://127.0.0.1:{port}/telegram"
    pana.settings = dataclasses.replace(pana.settings, http_port=port, telegram_webhook_url=url)
    async with pana.serving():
        yield


@pytest.fixture
def short_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line after a wipe stands one second, not ten."""
    monkeypatch.setattr(lives, "NOTICE_LIFE", timedelta(seconds=1))


@pytest.fixture(params=["polling", "webhook"])
async def home(
    request: pytest.FixtureRequest, redis_client: "redis.Redis", redis_folder: Path, tmp_path: Path, short_notice: None
) -> AsyncIterator[Home]:
    """At home in both ways of hearing."""
    async with at_home(redis_client, redis_folder, tmp_path, request.param) as found:
        yield found
        assert found.api.problems == []
