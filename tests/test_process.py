"""The process as it is started by hand: restarts, kills, a second start, bad content, bad settings."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.adapters.phrases import read_phrases
from bot.app import Pana
from bot.commands.serve import refuse_unnamed
from bot.settings import CONTENT, LOCALES_FOLDER, ROOT, BadSetting, Settings, read_settings
from tests.channels.test_web import Browser

SERVE = [sys.executable, "-m", "bot", "serve", "--without-nlu"]


def environment(data: Path, **more: str) -> dict[str, str]:
    """That of a process of its own, with nothing of ours but the folder and what is given."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PANA_")}
    return {**kept, "PANA_DATA": str(data), "PANA_HTTP_PORT": "0", **more}


@contextmanager
def _running(data: Path, **more: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A pana of its own process, and its address."""
    child = subprocess.Popen(
        SERVE, cwd=ROOT, env=environment(data, **more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stderr is not None
    try:
        first = child.stdout.readline()
        assert first.startswith("pana answers at "), child.stderr.read()
        yield child, first.split()[-1].rstrip("/")
    finally:
        child.terminate()
        child.wait(20)
        child.stdout.close()
        child.stderr.close()


@asynccontextmanager
async def _talking(jar: aiohttp.CookieJar, url: str) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        async with session.get(url):
            pass
        yield Browser(session, url)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_a_restart_in_the_middle_of_a_plan_loses_nothing(tmp_path: Path, how: signal.Signals) -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    with _running(tmp_path) as (child, url):
        async with _talking(jar, url) as her:
            await her.say(hello={"link": "plan"})
            await her.say(tap={"step": "safety_plan/intro", "option": "begin"})
            await her.say(tap={"step": "safety_plan/living", "option": "together"})
        await asyncio.sleep(1.2)  # a power cut costs the last second; the end of a process costs nothing
        os.kill(child.pid, how)
        child.wait(20)
    with _running(tmp_path) as (_, url):
        async with _talking(jar, url) as her:
            await her.say(id_="after-restart", tap={"step": "safety_plan/children", "option": "yes"})
            await her.read(5)
        assert her.steps == ["safety_plan/intro", "safety_plan/living", "safety_plan/children", "safety_plan/signs"]


async def test_kills_at_any_moment_lose_no_answered_message(tmp_path: Path) -> None:
    """Whatever was answered with 204 is there after a kill; nothing is said twice to the same id."""
    jar, confirmed = aiohttp.CookieJar(unsafe=True), 0
    for round_ in range(3):
        with _running(tmp_path) as (child, url):
            async with _talking(jar, url) as her:
                killer = asyncio.get_running_loop().call_later(0.25 + 0.1 * round_, os.kill, child.pid, signal.SIGKILL)
                for n in range(200):
                    try:
                        action = ("kk", "ru", "en")[n % 3]
                        confirmed += await her.say(f"round-{round_}-{n}", tap={"step": "*", "option": action}) == 204
                    except aiohttp.ClientError:
                        break
                    await asyncio.sleep(0.03)  # below the flood limit only now and then: both ways are tried
                killer.cancel()
            child.wait(20)
    with _running(tmp_path) as (_, url):
        async with _talking(jar, url) as her:
            assert await her.say(id_="round-0-0", tap={"step": "*", "option": "kk"}) == 204
            assert await her.say(id_="at-the-end", tap={"step": "*", "option": "menu"}) == 204
    assert confirmed > 3


def test_a_second_start_is_one_clear_sentence(tmp_path: Path) -> None:
    with _running(tmp_path) as (_, url):
        port = url.rpartition(":")[2]
        second = subprocess.run(
            SERVE, cwd=ROOT, env=environment(tmp_path, PANA_HTTP_PORT=port), capture_output=True, text=True, timeout=60
        )
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert f"Port {port}" in second.stderr
    assert "Traceback" not in second.stderr


def test_bad_content_is_refused_with_every_mistake(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content)
    flow = content / "menu" / "flow.yaml"
    flow.write_text(flow.read_text().replace("plan: safety_plan", "plan: safty_plan"))
    (content / "danger" / "kk.md").unlink()
    code = (
        "from pathlib import Path; import bot.app, bot.commands, sys;"
        f"bot.app.Pana.__init__.__kwdefaults__['content'] = Path({str(content)!r});"
        "sys.exit(bot.commands.main(['serve', '--without-nlu']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "content/menu/flow.yaml:" in done.stderr
    assert "Did you mean `safety_plan`?" in done.stderr
    assert "content/danger/kk.md:1: This language is missing." in done.stderr
    assert "Traceback" not in done.stderr


async def test_a_reload_with_mistakes_keeps_the_old_library(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content)
    pana = Pana(Settings(data=tmp_path / "data"), with_nlu=False, content=content)
    before = pana.library
    words = content / "menu" / "ru.md"
    good = words.read_text()
    words.write_text(good.replace("## home", "## hme"))
    assert not pana.reload()
    assert pana.library is before
    words.write_text(good.replace("title: ", "title: О", 1))
    assert pana.reload()
    assert pana.library is not before


def test_it_serves_no_public_without_a_name(tmp_path: Path) -> None:
    pana = Pana(Settings(data=tmp_path), with_nlu=False)
    refuse_unnamed(Settings(), pana)
    for public in (Settings(http_host="0.0.0.0"), Settings(public_url="https://example.org")):
        with pytest.raises(BadSetting, match="who:"):
            refuse_unnamed(public, pana)


def test_settings_are_read_from_the_environment_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# a comment\nexport PANA_HTTP_PORT=9000\nPANA_SECRET='from the file'\nPANA_LOG_LEVEL=\n")
    found = read_settings({"PANA_HTTP_PORT": "9001"}, file)
    assert (found.http_port, found.secret, found.log_level) == (9001, "from the file", "INFO")
    assert "from the file" not in repr(found)
    for wrong in ({"PANA_HTTP_PORT": "eighty"}, {"PANA_HTTP_PORT": "99999"}, {"PANA_LOG_LEVEL": "LOUD"}):
        with pytest.raises(BadSetting):
            read_settings(wrong, file)


def test_the_secret_is_made_once(tmp_path: Path) -> None:
    first = Pana(Settings(data=tmp_path), with_nlu=False)
    second = Pana(Settings(data=tmp_path), with_nlu=False)
    assert first.vault.event_mark("x") == second.vault.event_mark("x")
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0


def test_a_conversation_in_the_terminal(tmp_path: Path) -> None:
    words = "2\n1\nжоспар\n☎\nкету\n"
    talk = [sys.executable, "-m", "bot", "talk", "--lang", "kk", "--without-nlu"]
    done = subprocess.run(
        talk, cwd=ROOT, env=environment(tmp_path), input=words, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    phrases = read_phrases(LOCALES_FOLDER)["kk"]
    assert phrases.say("choose_by_number") in done.stdout
    assert phrases.say("menu") in done.stdout
    assert "111" in done.stdout


def test_drawing_a_flow(capsys: pytest.CaptureFixture[str]) -> None:
    from bot.commands import main

    assert main(["draw", "safety_plan"]) == 0
    drawn = capsys.readouterr().out
    assert drawn.startswith("flowchart TD")
    assert "-->|together|" in drawn
    assert main(["draw", "nothing"]) == 1


async def test_a_killed_redis_is_started_again_and_nothing_is_lost(tmp_path: Path) -> None:
    pana = Pana(Settings(http_port=0, data=tmp_path, secret="x"), with_nlu=False)
    async with pana.serving() as port, _talking(aiohttp.CookieJar(unsafe=True), f"http://127.0.0.1:{port}") as her:
        await her.say(hello={"link": "plan"})
        await asyncio.sleep(1.2)
        assert pana._redis is not None
        assert pana._redis._child is not None
        pana._redis._child.kill()
        async with asyncio.timeout(15):
            while await her.say("tried-again", tap={"step": "safety_plan/intro", "option": "begin"}) == 503:
                await asyncio.sleep(0.2)
        await her.read(3)
        assert her.steps == ["safety_plan/intro", "safety_plan/living"]


async def test_who_joined_goes_on_when_the_owner_of_the_redis_ends(tmp_path: Path) -> None:
    owner = Pana(Settings(data=tmp_path, secret="x"), with_nlu=False)
    await owner.start()
    joined = Pana(Settings(http_port=0, data=tmp_path, secret="x"), with_nlu=False)
    async with joined.serving() as port, _talking(aiohttp.CookieJar(unsafe=True), f"http://127.0.0.1:{port}") as her:
        await her.say(hello={"link": "plan"})
        await asyncio.sleep(1.2)
        await owner.stop()
        async with asyncio.timeout(15):
            while await her.say("tried-again", tap={"step": "safety_plan/intro", "option": "begin"}) == 503:
                await asyncio.sleep(0.2)
        await her.read(3)
        assert her.steps == ["safety_plan/intro", "safety_plan/living"]
