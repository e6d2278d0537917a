"""The real NLU beside the bot: what it hears, that it tells nobody, and that its end changes nothing but free text."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from bot.app import Pana
from bot.core.talk import LOCALES
from bot.core.understanding import INTENTS
from bot.settings import ROOT, Settings
from tests.channels.test_web import Browser
from tests.test_no_whispers import MARK, _files, _shapes
from tests.test_process import environment

pytestmark = pytest.mark.nlu

MESSAGES = {
    "күйеуім есікті сындырып жатыр": ("danger_now", "now"),
    "хочу умереть": ("self_harm", "self_harm"),
    "какая завтра погода в Астане": ("out_of_scope", None),
    "Кентауда қай жерге барсам болады, орталық бар ма": ("find_centre", None),
    "how do I pack a bag so he does not notice": ("make_safety_plan", None),
    "menya v klasse travyat i snimayut na video": ("rights_bullying", None),
    "спасибо большое": ("thank", None),
    "leave": ("quick_exit", None),
    "": (None, None),
    "   ": (None, None),
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("understanding")


def test_one_line_out_for_each_line_in(data: Path) -> None:
    lines = [*MESSAGES, f"{MARK} " * 3000, "🙂" * 2000, "\x00\x01", "漢字", "'; DROP TABLE"]
    understand = [sys.executable, "-m", "bot", "understand"]
    done = subprocess.run(
        understand, cwd=ROOT, env=environment(data), input="\n".join(lines) + "\n", capture_output=True, text=True,
        timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == len(lines)
    for answer in told:
        assert list(answer) == ["intent", "sure", "danger", "locale", "place", "source"]
        assert answer["intent"] in (None, *INTENTS)
        assert 0.0 <= answer["sure"] <= 1.0
        assert answer["danger"] in (None, "now", "self_harm")
        assert answer["locale"] in (None, *LOCALES)
    for (message, (intent, danger)), answer in zip(MESSAGES.items(), told, strict=False):
        assert (answer["intent"], answer["danger"]) == (intent, danger), message
    assert told[3]["place"] == "Кентауда"


async def test_its_end_changes_nothing_but_free_text(data: Path) -> None:
    pana = Pana(Settings(http_port=0, data=data, secret="x"), with_nlu=True)
    async with pana.serving() as port, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        url = f"http://127.0.0.1:{port}"
        async with session.get(url):
            pass
        her = Browser(session, url)
        await her.say(hello={"link": None})  # answered while the NLU is still loading
        await her.read(2)
        assert her.steps == ["menu/hello"]
        async with asyncio.timeout(60):
            while not await pana.ears.ready():
                await asyncio.sleep(0.2)
        await her.say(text=f"{MARK} как мне собрать вещи чтобы он не заметил")
        assert await _last(her) == "safety_plan/intro"
        assert pana._nlu is not None
        os.kill(json.loads((data / "nlu.json").read_text())["pid"], signal.SIGKILL)
        await her.say(tap={"step": "safety_plan/intro", "option": "begin"})
        assert await _last(her) == "safety_plan/living"
        await her.say(text="какая завтра погода в Астане")
        assert await _last(her) in ("not_understood/start", pana.library.doors["out_of_scope"])
        await her.say(text="помощь")
        assert await _last(her) == "hotline/start"
        async with asyncio.timeout(60):  # it is started again
            while not await pana.ears.ready():
                await asyncio.sleep(0.2)
    for file in _files(data):
        for shape in _shapes(MARK):
            assert shape not in file.read_bytes(), file.name


async def _last(her: Browser) -> str:
    """The step of the newest reply."""
    again = Browser(her.session, her.url)
    await again.read(10_000, until_ready=True)
    return again.steps[-1]
