"""Nothing personal in any log, metric, error, key or value in Redis, or file: played with marked words, cruelly."""

import base64
import json
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import redis.asyncio as redis

from bot.app import Pana
from bot.commands.serve import start_logging
from bot.core.library import Library
from tests.channels.test_web import Browser
from tests.house import settings_for

MARK = "Мәулен7зебра"
SPOT = {"lat": 43.2389, "lon": 76.8897}


def _shapes(mark: str) -> set[bytes]:
    """The mark as it might slip out: UTF-8, escaped, percent-encoded, base64 at each offset, other cases, folded."""
    shapes = set[bytes]()
    for form in {mark, mark.lower(), mark.upper(), mark.casefold()}:
        raw = form.encode()
        shapes |= {raw, form.encode("unicode_escape"), json.dumps(form)[1:-1].encode(), form.encode("utf-16-le")}
        shapes |= {urllib.parse.quote(form).encode(), urllib.parse.quote(form).lower().encode(), raw.hex().encode()}
        for shift in range(3):
            inner = base64.b64encode(b"x" * shift + raw)[4 * (shift > 0) :].rstrip(b"=")[:-2]
            shapes |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return shapes


async def test_marked_words_stay_nowhere(
    redis_client: "redis.Redis", redis_folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    start_logging("DEBUG")
    pana = Pana(settings_for(redis_folder, tmp_path, log_level="DEBUG"), with_nlu=False)
    async with pana.serving() as port:
        url = f"http://127.0.0.1:{port}"
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar, headers={"User-Agent": MARK.encode().hex()}) as session:
            async with session.get(f"{url}/?start={MARK}"):
                pass
            browser = Browser(session, url)
            for body in _story(pana.library):
                assert await browser.say(**body) == 204
                await _forget_the_crowd(redis_client)
            whole, pana.library = pana.library, pana.library.but(words={})
            await browser.say(text=f"{MARK} бұл қате")  # a bug in the turn
            pana.library = whole
            await browser.say(text=f"{MARK} " * 3000)
            async with session.post(f"{url}/say", data=MARK.encode(), headers={"Content-Type": "application/json"}):
                pass
            async with session.get(f"{url}/{MARK}"):
                pass
            async with session.get(f"{url}/metrics") as response:
                told = await response.text()
            user = browser.user()
            kept = [blob async for blob in _all_of(redis_client)]
    logs = "".join(capfd.readouterr())
    assert "bug_in_turn" in logs  # the logs were looked at while there was something to see
    for name, place in (("logs", logs.encode()), ("metrics", told.encode()), ("redis", b"\n".join(kept))):
        for shape in _shapes(MARK):
            assert shape not in place, f"the mark stands in {name}"
        for secret in (user, "43.2", "76.8", MARK.encode().hex()):
            assert secret.encode() not in place, f"who or where she is stands in {name}"
    for file in _files(tmp_path, redis_folder):
        for shape in _shapes(MARK) | {user.encode()}:
            assert shape not in file.read_bytes(), f"the mark stands in {file.name}"
            assert shape not in str(file).encode()


def _story(library: Library) -> Iterator[dict[str, Any]]:
    """Everything she can put in: free text, a plan, a place, a word, a case, an unknown link."""
    yield {"hello": {"link": MARK}}
    yield {"text": f"{MARK} помогите мне"}
    yield {"hello": {"link": "plan"}}
    yield {"tap": {"step": MARK, "option": MARK}}
    yield {"tap": {"step": "safety_plan/intro", "option": "begin"}}
    yield {"tap": {"step": "safety_plan/living", "option": "together"}}
    yield {"text": MARK}
    yield {"spot": SPOT}
    yield {"hello": {"link": "quiet"}}
    yield {"tap": {"step": "quiet_help/is_it_now", "option": "yes"}}
    yield {"tap": {"step": "quiet_help/may_write", "option": "yes"}}
    yield {"text": f"{MARK} ауылы"}
    yield {"hello": {"link": "quiet"}}
    yield {"tap": {"step": "quiet_help/is_it_now", "option": "no"}}
    yield {"tap": {"step": "quiet_help/may_write", "option": "yes"}}
    yield {"spot": SPOT}
    phrase = " ".join(word.rstrip("*") for word in library.net.now[0])
    yield {"text": f"{MARK} {phrase} {MARK}"}
    yield {"text": "\ud800" + MARK}


async def _forget_the_crowd(client: "redis.Redis") -> None:
    for key in await client.keys("pana:crowd:*"):
        await client.delete(key)


async def _all_of(client: Any) -> Any:
    """Every key and every value of every kind."""
    for key in await client.keys("*"):
        yield key
        yield await client.dump(key) or b""
        kind = await client.type(key)
        if kind == b"string":
            yield await client.get(key) or b""
        elif kind == b"list":
            for item in await client.lrange(key, 0, -1):
                yield item
        elif kind == b"zset":
            for item in await client.zrange(key, 0, -1):
                yield item
        elif kind == b"hash":
            for name, value in (await client.hgetall(key)).items():
                yield name + value
        elif kind == b"stream":
            for _, entry in await client.xrange(key):
                for name, value in entry.items():
                    yield name + value


def _files(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from (file for file in folder.rglob("*") if file.is_file())
