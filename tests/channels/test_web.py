"""The web channel over real HTTP: cookies, headers, what is refused, streams that resume, and leaving."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from bot.core.door import Door
from bot.core.talk import Address, Event, Tap
from bot.service.ports import Outcome
from tests.house import House

SIZES = {"text of 100 kB": "слово " * 20_000, "emoji": "🙂" * 3000, "right to left": "\u202eдерево", "null": "a\x00b"}


@dataclass
class Browser:
    """A client with a cookie jar, reading the stream in the background."""

    session: aiohttp.ClientSession
    url: str
    events: list[tuple[str, str, Any]] = field(default_factory=list)
    count: int = 0

    async def say(self, id_: str | None = None, **body: Any) -> int:
        self.count += 1
        said = {"id": id_ or f"00000000-{self.count}", **body}
        async with self.session.post(f"{self.url}/say", json=said) as response:
            return response.status

    async def read(self, until: int, last: str | None = None, until_ready: bool = False) -> None:
        """Read the stream until so many events were seen in all (or until all that was said has been replayed)."""
        headers = {"Last-Event-ID": last} if last else {}
        async with asyncio.timeout(5), self.session.get(f"{self.url}/stream", headers=headers) as response:
            event: dict[str, str] = {}
            async for raw in response.content:
                line = raw.decode().rstrip("\n")
                if line:
                    name, _, value = line.partition(": ")
                    event[name] = value
                elif "event" in event:
                    self.events.append((event["event"], event.get("id", ""), json.loads(event["data"])))
                    event = {}
                    if len(self.events) >= until or (until_ready and self.events[-1][0] == "ready"):
                        return

    @property
    def steps(self) -> list[str]:
        return [data["step"] for name, _, data in self.events if name == "reply"]

    def user(self) -> str:
        return next(cookie.value for cookie in self.session.cookie_jar if cookie.key == "s")


@asynccontextmanager
async def browsing(house: House, **headers: str) -> AsyncIterator[Browser]:
    """Somebody who has opened the page."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, headers=headers) as session:
        async with session.get(house.url) as response:
            assert response.status == 200
        yield Browser(session, house.url)


@pytest.mark.parametrize("path", ["/", "/call", "/tips", "/static/chat.js", "/health", "/nothing"])
async def test_every_page_says_nothing_to_others(house: House, path: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(house.url + path) as response:
        assert response.headers["Cache-Control"] == "no-store"
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "http" not in policy
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "pana" not in " ".join(response.headers.values()).lower()


async def test_the_cookie_is_closed_and_the_title_neutral(house: House) -> None:
    async with aiohttp.ClientSession() as session, session.get(house.url) as response:
        cookie = response.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        title = (await response.text()).partition("<title>")[2].partition("</title>")[0]
        assert title in ("Чат", "Chat")


@pytest.mark.parametrize(("wanted", "locale"), [("ru-RU,ru;q=0.9", "ru"), ("kk", "kk"), ("en-GB", "en"), ("de", "kk")])
async def test_the_language_of_the_browser_is_answered(house: House, wanted: str, locale: str) -> None:
    async with browsing(house, **{"Accept-Language": wanted}) as browser:
        assert await browser.say(hello={"link": None}) == 204
        await browser.read(2)
        assert browser.events[0][2]["locale"] == locale
        assert browser.steps == ["menu/hello"]


async def test_a_plan_over_the_stream_that_breaks_off_and_resumes(house: House) -> None:
    async with browsing(house) as browser:
        await browser.say(hello={"link": "plan"})
        await browser.read(2)
        await browser.say(tap={"step": "safety_plan/intro", "option": "begin"})
        await browser.say(tap={"step": "safety_plan/living", "option": "apart"})
        last = browser.events[0][1]
        await browser.read(5, last)
        assert browser.steps == ["safety_plan/intro", "safety_plan/living", "safety_plan/children"]
        again = Browser(browser.session, browser.url)
        await again.read(4)
        assert again.steps == browser.steps


async def test_what_is_posted_twice_is_done_once(house: House) -> None:
    async with browsing(house) as browser:
        assert await browser.say("same-same-same", hello={"link": None}) == 204
        assert await browser.say("same-same-same", hello={"link": None}) == 204
        await browser.read(2)
        assert [name for name, *_ in browser.events] == ["reply", "ready"]


@pytest.mark.parametrize("name", SIZES)
async def test_strange_texts_are_answered(house: House, name: str) -> None:
    async with browsing(house) as browser:
        await browser.say(hello={"link": None})
        assert await browser.say(text=SIZES[name]) == 204
        await browser.read(3)
        assert browser.steps[-1].startswith("not_understood/")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"no json", b"[]", b'{"id": "1"}', b'{"id": 5, "text": "x"}', b'{"id": "aaaaaaaa"}',
        b'{"id": "aaaaaaaa", "text": 5}', b'{"id": "aaaaaaaa", "tap": {"step": "x"}}',
        b'{"id": "aaaaaaaa", "tap": {"step": "x", "option": "y", "more": 1}}',
        b'{"id": "aaaaaaaa", "spot": {"lat": 991, "lon": 0}}', b'{"id": "aaaaaaaa", "text": "a", "tap": {}}',
        b'{"id": "../../etc", "text": "a"}', b"\xff\xfe", b'{"id": "aaaaaaaa", "hello": {"link": 5}}',
    ],
)  # fmt: skip
async def test_what_is_no_message_is_refused(house: House, body: bytes) -> None:
    async with browsing(house) as browser:
        headers = {"Content-Type": "application/json"}
        async with browser.session.post(f"{house.url}/say", data=body, headers=headers) as response:
            assert response.status == 400
            assert set(await response.json()) == {"sentence"}


async def test_too_large_a_body_is_refused_kindly(house: House) -> None:
    async with browsing(house) as browser:
        body = json.dumps({"id": "aaaaaaaa", "text": "x" * 1_200_000})
        headers = {"Content-Type": "application/json"}
        async with browser.session.post(
            f"{house.url}/say", data=io.BytesIO(body.encode()), headers=headers
        ) as response:
            assert response.status == 413


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
async def test_other_sites_cannot_speak_for_her(house: House, headers: dict[str, str]) -> None:
    async with browsing(house) as browser:
        await browser.say(hello={"link": None})
        async with browser.session.post(
            f"{house.url}/say", json={"id": "aaaaaaaa", "text": "x"}, headers=headers
        ) as response:
            assert response.status == 403
        async with browser.session.get(f"{house.url}/exit", headers=headers, allow_redirects=False) as response:
            assert response.status == 303
        assert (await house.pana.store.glance(Address(channel="web", user=browser.user())))[0] is not None


async def test_forged_and_stale_taps_lead_back_to_the_question(house: House) -> None:
    async with browsing(house) as browser:
        await browser.say(hello={"link": "plan"})
        for tap in ({"step": "danger/start", "option": "safe"}, {"step": "../x", "option": "y" * 5000}):
            assert await browser.say(tap=tap) == 204
        await browser.read(4)
        assert browser.steps == ["safety_plan/intro"] * 3


async def test_without_a_cookie_nothing_is_said_and_the_stream_ends(house: House) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{house.url}/say", json={"id": "aaaaaaaa", "text": "x"}) as response:
            assert response.status == 400
        async with session.get(f"{house.url}/stream") as response:
            assert response.status == 204


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_exit_wipes_and_leads_to_the_tips(house: House, method: str) -> None:
    async with browsing(house) as browser:
        await browser.say(hello={"link": "plan"})
        user = browser.user()
        reading = asyncio.create_task(browser.read(3))
        await asyncio.sleep(0.2)
        async with browser.session.request(method, f"{house.url}/exit", allow_redirects=False) as response:
            assert response.status == 303
            assert response.headers["Location"] == "/tips"
            assert "Max-Age=0" in response.headers["Set-Cookie"]
        await reading
        assert browser.events[-1][0] == "gone"
        assert await house.pana.store.glance(Address(channel="web", user=user)) == (None, None)


async def test_behind_the_cover_every_page_is_household_tips(house: House) -> None:
    async with browsing(house) as browser:
        her = Address(channel="web", user=browser.user())
        visit = await house.pana.store.open(her, "x")
        event = Event(id="x", address=her, at=house.pana.clock.now(), body=Tap(step="*", option="menu"))
        door = Door(locale="ru", cover=True, word=house.pana.vault.hash_word("каштан"))
        await house.pana.store.commit(event, visit, Outcome(None, door))
        async with browser.session.get(house.url) as response:
            page = await response.text()
            assert "/call" not in page
            assert "112" not in page
            assert "7776000" not in response.headers["Set-Cookie"]
            assert str(30 * 24 * 3600) in response.headers["Set-Cookie"]
        async with browser.session.get(f"{house.url}/call", allow_redirects=False) as response:
            assert response.headers["Location"] == "/tips"
        await browser.say(hello={"link": None})
        await browser.say(text="каштан")
        await browser.read(3)
        assert browser.steps == ["cover/home", "menu/home"]
        assert browser.events[0][2]["actions"] == []
        async with browser.session.get(f"{house.url}/exit", allow_redirects=False) as response:
            assert "Set-Cookie" not in response.headers
        assert (await house.pana.store.glance(her))[1] == door


async def test_redis_gone_is_one_fixed_sentence(house: House) -> None:
    async with browsing(house, **{"Accept-Language": "ru"}) as browser:
        await browser.say(hello={"link": None})
        real, house.pana.connection._client = house.pana.connection._client, _Nowhere()  # type: ignore[assignment]
        try:
            async with browser.session.post(f"{house.url}/say", json={"id": "aaaaaaaa", "text": "x"}) as response:
                assert response.status == 503
                assert (await response.json())["sentence"] == house.pana.library.phrases["ru"].say("unavailable")
            async with browser.session.get(f"{house.url}/health") as response:
                assert response.status == 503
                assert (await response.json())["redis"] is False
            async with browser.session.get(house.url) as response:
                assert response.status == 200
        finally:
            house.pana.connection._client = real


class _Nowhere:
    """A Redis that is gone."""

    def pipeline(self, transaction: bool) -> "_Nowhere":
        return self

    def execute_command(self, *command: Any) -> None:
        """Nothing."""

    async def execute(self, raise_on_error: bool) -> None:
        raise ConnectionError


async def test_health_and_metrics(house: House) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{house.url}/health") as response:
            assert response.status == 200
            assert await response.json() == {"redis": True, "nlu": False, "postman": True}
        async with session.get(f"{house.url}/metrics") as response:
            assert "pana_turn_seconds_count" in await response.text()
        async with session.get(f"{house.url}/metrics", headers={"X-Forwarded-For": "1.2.3.4"}) as response:
            assert response.status == 403


async def test_what_comes_too_fast_is_held_back_and_not_lost(house: House) -> None:
    async with browsing(house) as browser:
        await browser.say(hello={"link": "plan"})
        await browser.say(tap={"step": "safety_plan/intro", "option": "begin"})
        for _ in range(20):
            assert await browser.say(tap={"step": "*", "option": "en"}) == 204
        assert await browser.say(tap={"step": "safety_plan/living", "option": "apart"}) == 204
        session, _ = await house.pana.store.glance(Address(channel="web", user=browser.user()))
        assert session is not None
        assert session.answers["safety_plan/living"] == "apart"
