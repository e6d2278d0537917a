"""The understanding over HTTP: what it says is read, and its silence is no error. A real HTTP server answers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from bot.adapters.rasa import RasaEars
from bot.core.understanding import NOTHING_HEARD
from bot.service.meter import Meter

ANSWER: dict[str, Any] = {
    "intent": {"name": "find_centre", "confidence": 0.8},
    "intent_ranking": [{"name": "find_centre", "confidence": 0.8}, {"name": "contact_hotline", "confidence": 0.1}],
    "entities": [{"entity": "place", "value": "Кентауда", "start": 0, "end": 8}],
    "locale": "kk",
    "danger": {"now": 0.1, "self_harm": 0.9, "raised": "self_harm"},
}


@asynccontextmanager
async def _house(answers: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[RasaEars]:
    app = web.Application()
    app.router.add_post("/model/parse", answers)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    ears = RasaEars(lambda: f"http://127.0.0.1:{runner.addresses[0][1]}", Meter())
    try:
        yield ears
    finally:
        await ears.close()
        await runner.cleanup()


async def test_words_that_together_name_a_place_are_read_together() -> None:
    words = ("Түркістан облысы", "Мақтаарал ауданы")

    async def answers(request: web.Request) -> web.StreamResponse:
        return web.json_response({**ANSWER, "entities": [{"entity": "place", "value": word} for word in words]})

    async with _house(answers) as ears:
        assert (await ears.understand("сөз")).place == "Түркістан облысы Мақтаарал ауданы"


async def test_what_it_says_is_read() -> None:
    asked: list[Any] = []

    async def answers(request: web.Request) -> web.Response:
        asked.append(await request.json())
        return web.json_response(ANSWER)

    async with _house(answers) as ears:
        heard = await ears.understand("Кентауда қайда барсам болады " * 200)
    assert (heard.intent, heard.sure, heard.danger, heard.locale, heard.place, heard.source) == (
        "find_centre", 0.8, "self_harm", "kk", "Кентауда", "nlu",
    )  # fmt: skip
    assert heard.runner_up is not None
    assert heard.runner_up.intent == "contact_hotline"
    assert len(asked[0]["text"]) == 2000


@pytest.mark.parametrize(
    "told", [{}, [], {"intent_ranking": "?"}, {"intent_ranking": [{"name": "x"}]}, {"intent_ranking": []}, None]
)
async def test_nonsense_is_nothing_heard(told: Any) -> None:
    async def answers(request: web.Request) -> web.Response:
        return web.json_response(told) if told is not None else web.Response(text="<html>", status=502)

    async with _house(answers) as ears:
        heard = await ears.understand("слова")
    assert (heard.intent, heard.sure, heard.danger) == (None, 0.0, None)


async def test_it_is_not_waited_for_longer_than_she_can_wait() -> None:
    async def answers(request: web.Request) -> web.Response:
        await asyncio.sleep(4)
        return web.Response()

    async with _house(answers) as ears:
        began = asyncio.get_running_loop().time()
        assert await ears.understand("слова") == NOTHING_HEARD
        assert asyncio.get_running_loop().time() - began < 5


async def test_nobody_there_is_nothing_heard() -> None:
    ears = RasaEars(lambda: "http://127.0.0.1:9", Meter())
    assert await ears.understand("слова") == NOTHING_HEARD
    assert not await ears.ready()
    await ears.close()
    assert await RasaEars(lambda: None, Meter()).understand("слова") == NOTHING_HEARD
