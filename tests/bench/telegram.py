"""Telegram by webhook beside a bare aiogram echo bot, both against the same fast stub; a wipe of 300 messages."""

import asyncio
import itertools
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from typing import Any

import aiohttp
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from bot.app import Pana
from bot.channels.telegram.webhook import SECRET_HEADER
from bot.core.talk import Address
from bot.settings import Settings
from tests.channels.telegram.ports import free_port

PEOPLE, EVENTS = 64, 3000
SECRET = "bench"
STUB = "stub"


async def _stub(port: int) -> None:
    """A Bot API that says yes, in a process of its own."""
    ids = itertools.count(1)

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        message = f'{{"message_id":{next(ids)},"date":1,"chat":{{"id":1,"type":"private"}}}}'
        result = message if "end" in request.match_info["method"] or "dit" in request.match_info["method"] else "true"
        return web.Response(text=f'{{"ok":true,"result":{result}}}', content_type="application/json")

    app = web.Application()
    app.router.add_post("/bot{token}/{method}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


@asynccontextmanager
async def _api() -> AsyncIterator[str]:
    port = free_port()
    child = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.bench.telegram", STUB, str(port))
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.post(f"http://127.0.0.1:{port}/bot1:x/getMe"):
                    break
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        await child.wait()


def _update(number: int, person: int, data: str | None) -> dict[str, Any]:
    chat, sender = {"id": person, "type": "private"}, {"id": person, "is_bot": False, "first_name": "x"}
    message = {"message_id": number + 1, "date": int(time.time()), "chat": chat, "from": sender, "text": "/start plan"}
    if data is None:
        return {"update_id": number, "message": message}
    query = {"id": str(number), "from": sender, "chat_instance": "1", "data": data, "message": message}
    return {"update_id": number, "callback_query": query}


def _updates(person: int, count: int) -> list[dict[str, Any]]:
    """Begin, then taps; another person before the flood limit is reached, or the chat's pace."""
    way = (None, "safety_plan/intro:begin", "safety_plan/living:together", "safety_plan/children:yes", "*:menu")
    return [_update(person * 100_000 + n, person * 100_000 + n // 5 + 1, way[n % 5]) for n in range(count)]


async def _nothing() -> None:
    """The echo bot has answered before the 200."""


Post = Callable[[dict[str, Any]], Awaitable[None]]


async def _throughput(post: Post, settled: Callable[[], Awaitable[None]]) -> float:
    updates = [_updates(n + 1, EVENTS // PEOPLE) for n in range(PEOPLE)]

    async def person(number: int, taps: bool) -> int:
        mine = [update for update in updates[number] if ("callback_query" in update) == taps]
        for update in mine:
            await post(update)
        return len(mine)

    await asyncio.gather(*(person(n, False) for n in range(PEOPLE)))
    await settled()
    began = time.perf_counter()
    counts = await asyncio.gather(*(person(n, True) for n in range(PEOPLE)))
    await settled()
    return sum(counts) / (time.perf_counter() - began)


async def _latency(post: Post, rate: float, seconds: float = 6.0) -> float:
    times: list[float] = []

    async def one(update: dict[str, Any]) -> None:
        began = time.perf_counter()
        await post(update)
        times.append(time.perf_counter() - began)

    began = time.perf_counter()
    running = []
    for n in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + n / rate - time.perf_counter()))
        running.append(asyncio.create_task(one(_update(90_000_000 + n, 50_000_000 + n // 5, None))))
    await asyncio.gather(*running)
    return quantiles(times, n=100)[98]


def _poster(session: aiohttp.ClientSession, url: str) -> Post:
    async def post(update: dict[str, Any]) -> None:
        async with session.post(url, json=update, headers={SECRET_HEADER: SECRET}) as answer:
            await answer.read()
            assert answer.status == 200, answer.status

    return post


async def _echo(api: str, session: aiohttp.ClientSession) -> float:
    """A bare aiogram bot: every update is answered by one message, before the 200."""
    bot = Bot("1:x", session=AiohttpSession(api=TelegramAPIServer.from_base(api)))
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def message(said: Message) -> None:
        await said.answer(said.text or "")

    @dispatcher.callback_query()
    async def tap(query: Any) -> None:
        await query.message.edit_text(query.data)

    app = web.Application()
    handler = SimpleRequestHandler(dispatcher, bot, secret_token=SECRET, handle_in_background=False)
    handler.register(app, path="/telegram")
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        return await _throughput(_poster(session, f"http://127.0.0.1:{port}/telegram"), _nothing)
    finally:
        await runner.cleanup()
        await bot.session.close()


async def telegram(folder: Path) -> dict[str, float]:
    """Updates a second of both bots, p99 at a quarter of ours, seconds for a wipe."""
    async with _api() as api, aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        echo = await _echo(api, session)
        port = free_port()
        url = f"http://127.0.0.1:{port}/telegram"
        settings = replace(
            Settings(data=folder, http_port=port),
            telegram_token="1:x",
            telegram_api_url=api,
            telegram_webhook_url=url,
            telegram_webhook_secret=SECRET,
        )
        pana = Pana(settings, with_nlu=False)
        async with pana.serving():
            post = _poster(session, url)
            ours = await _throughput(post, pana.postman.rest)
            slowest = await _latency(post, ours / 4)
            return {"echo": echo, "ours": ours, "p99": slowest, "wipe": await _wipe(pana, post)}


async def _wipe(pana: Pana, post: Post) -> float:
    """From *leave* to the line that says how much was deleted."""
    her = Address(channel="telegram", user="77")
    await post(_update(99_000_000, 77, None))
    for number in range(300):
        await pana.store.doubt(her, str(99_000_100 + number))
    await pana.postman.rest()
    began = time.perf_counter()
    await post(_update(99_000_001, 77, "*:leave"))
    await pana.postman.rest()
    return time.perf_counter() - began


CONFIGURED = {"PANA_TELEGRAM_TOKEN": "1:x", "PANA_TELEGRAM_API_URL": "http://127.0.0.1:9"}
"""Settings of a process that serves all channels there are."""


if __name__ == "__main__" and sys.argv[1:2] == [STUB]:
    asyncio.run(_stub(int(sys.argv[2])))
