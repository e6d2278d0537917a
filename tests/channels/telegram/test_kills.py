"""The whole process killed at the worst moments, and started again: nothing is lost, nothing stays after *leave*."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.settings import ROOT
from tests.channels.telegram.bot_api import BotApi, buttons
from tests.channels.telegram.home import HER
from tests.channels.telegram.ports import free_port
from tests.test_process import SERVE, environment

Moment = Callable[[str, dict[str, Any]], bool]
PATIENCE = 90.0
"""Seconds at most until a lease of the dead has run out, everything is deleted, and the line about it is gone."""


class Life:
    """A person, a Bot API, and a process that hears her in one way or the other; it is killed and started again."""

    def __init__(self, data: Path, way: str) -> None:
        self.data, self.way, self.port, self.api = data, way, free_port(), BotApi()
        self.process: Process | None = None
        self.url = ""

    async def begins(self) -> None:
        more = {"PANA_TELEGRAM_TOKEN": "1:x", "PANA_TELEGRAM_API_URL": self.url, "PANA_HTTP_PORT": str(self.port)}
        if self.way == "webhook":
            more["PANA_TELEGRAM_WEBHOOK_URL"] = f"http://127.0.0.1:{self.port}/telegram"
        self.process = await asyncio.create_subprocess_exec(
            *SERVE, cwd=ROOT, env=environment(self.data, **more), stdout=PIPE, stderr=PIPE
        )
        assert self.process.stdout is not None
        first = await self.process.stdout.readline()
        assert first.startswith(b"pana answers at "), first
        if self.way == "webhook":
            await self.api.until(lambda: self.api.webhook, 20)

    async def ends(self) -> None:
        assert self.process is not None
        if self.process.returncode is None:
            self.process.terminate()
            await self.process.wait()

    def dies(self, moment: Moment) -> None:
        """Kill it as soon as Telegram has done that, before it is told so."""

        def done(method: str, params: dict[str, Any]) -> None:
            if moment(method, params):
                assert self.process is not None
                self.process.kill()
                self.api.done = lambda method, params: None

        self.api.done = done

    async def rises(self) -> None:
        """It has died; start it again."""
        assert self.process is not None
        await asyncio.wait_for(self.process.wait(), 20)
        await self.begins()

    async def stands(self, step: str) -> None:
        """The last message with buttons asks that."""
        await self.api.until(lambda: self.step == step, PATIENCE)

    @property
    def step(self) -> str:
        shown = [buttons(m) for m in self.api.chat(HER) if m["bot"] and buttons(m)]
        return next((b.partition(":")[0] for b in (shown[-1] if shown else []) if not b.startswith("*")), "")

    def said(self) -> bool:
        """True where it was said that everything is deleted."""
        return any(call["text"].startswith("Очищено") for call in self.api.methods("sendMessage"))

    async def empty(self) -> None:
        """It was said (after a kill perhaps twice), and nothing is left, not even that; nor does anything follow."""
        for _ in range(2):
            await self.api.until(lambda: self.said() and not self.api.chat(HER), PATIENCE)
            await asyncio.sleep(2)
        assert self.api.chat(HER) == []


async def _in_a_new_message(life: Life) -> None:
    life.dies(lambda method, params: method == "sendMessage")
    life.api.types(HER, "меню")
    await life.rises()
    sent = len(life.api.methods("sendMessage"))
    await life.api.until(lambda: len(life.api.methods("sendMessage")) > sent, PATIENCE)
    await life.api.until(lambda: len(life.api.chat(HER)) == 1)  # she sees it once
    assert life.step == "menu/home"
    life.api.types(HER, "закрыть")
    await life.empty()


async def _in_a_new_message_and_she_leaves_at_once(life: Life) -> None:
    life.dies(lambda method, params: method == "sendMessage")
    life.api.types(HER, "меню")
    await asyncio.sleep(0.5)
    life.api.types(HER, "закрыть")
    await life.rises()
    await life.empty()


async def _in_an_edit(life: Life) -> None:
    life.dies(lambda method, params: method == "editMessageText")
    life.api.taps(HER, "safety_plan/living:together")
    await life.rises()
    await life.stands("safety_plan/children")
    life.api.taps(HER, "safety_plan/children:yes")
    await life.stands("safety_plan/signs")
    life.api.taps(HER, "*:leave")
    await life.empty()


async def _with_words_on_their_way(life: Life) -> None:
    """Killed at no chosen moment, with much on its way in both directions."""
    life.api.lag = 0.2
    for word in ("меню", "язык", "меню"):
        life.api.types(HER, word)
    await asyncio.sleep(0.3)
    assert life.process is not None
    life.process.kill()
    life.api.lag = 0.0
    await life.rises()
    await life.stands("menu/home")
    life.api.types(HER, "закрыть")
    await life.empty()


async def _in_a_wipe(life: Life) -> None:
    """After the first of two batches."""
    for _ in range(120):
        life.api.types(HER, "привет")
    life.dies(lambda method, params: method == "deleteMessages" and len(params["message_ids"]) > 50)
    life.api.types(HER, "закрыть")
    await life.rises()
    await life.empty()


async def _after_a_wipe(life: Life) -> None:
    """Everything is deleted and said, and nobody has written down that it was."""
    life.dies(lambda method, params: params.get("text", "").startswith("Очищено"))
    life.api.taps(HER, "*:leave")
    await life.rises()
    await life.empty()


LIVES = (
    ("polling", _in_a_new_message), ("webhook", _in_a_new_message_and_she_leaves_at_once), ("webhook", _in_an_edit),
    ("polling", _with_words_on_their_way), ("webhook", _in_a_wipe), ("polling", _after_a_wipe),
)  # fmt: skip


async def test_killed_at_the_worst_moments(tmp_path: Path) -> None:
    """Side by side, since each waits for a lease to run out."""

    async def one(number: int) -> None:
        way, lived = LIVES[number]
        life = Life(tmp_path / str(number), way)
        async with life.api.serving() as life.url:
            try:
                await life.begins()
                life.api.types(HER, "/start plan")
                await life.stands("safety_plan/intro")
                life.api.taps(HER, "safety_plan/intro:begin")
                await life.stands("safety_plan/living")
                await lived(life)
                assert life.api.problems == []
            finally:
                await life.ends()

    found = await asyncio.gather(*(one(number) for number in range(len(LIVES))), return_exceptions=True)
    failed = {lived.__name__: error for (_, lived), error in zip(LIVES, found, strict=True) if error}
    assert not failed, failed
