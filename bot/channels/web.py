"""The web chat: a real channel, and the default of `make run`."""

import asyncio
import hashlib
import json
import re
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web
from pydantic import ValidationError

from bot.channels.http import LARGEST_BODY
from bot.channels.web_html import reply_json, tips
from bot.channels.web_requests import COOKIE, body_of, same_site, user_of, wanted_locale
from bot.channels.web_words import NUMBER_WORDS, PAGE_WORDS
from bot.core.effect import Parcel
from bot.core.library import Library
from bot.core.phrases import PhraseKey
from bot.core.reply import Reply
from bot.core.talk import ANYWHERE, Address, Body, Event, Locale, Tap
from bot.service.conversation import Conversation, Handled
from bot.service.delivery import Delivery, Later, Sent
from bot.service.ports import Clock, Store, StoreGone, Streams

PAGE = Path(__file__).parent / "page"
_STREAM_ID = re.compile(r"\d{1,20}-\d{1,20}")
DAY = 24 * 3600
PING_EVERY = 20.0
HELD_BACK = 12
"""Seconds at most; the flood limit counts ten."""
GONE = json.dumps({"gone": True})
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
Translate = Callable[[Locale, str], str]


class WebChannel:
    """service.ports.Channel over Redis streams and server-sent events; `routes` serve the pages."""

    name = "web"

    def __init__(
        self,
        conversation: Conversation,
        store: Store,
        streams: Streams,
        clock: Clock,
        library: Callable[[], Library],
        translate: Translate,
        secure: bool,
    ) -> None:
        self._conversation, self._store, self._streams, self._clock = conversation, store, streams, clock
        self._library, self._translate, self._secure = library, translate, secure
        self._templates = jinja2.Environment(loader=jinja2.FileSystemLoader(PAGE), autoescape=True)
        self._closing = asyncio.Event()

    async def send(self, parcel: Parcel) -> Delivery:
        """Append a reply to her stream; a deletion drops the stream and tells every open page to go."""
        try:
            if isinstance(parcel.carries, Reply):
                said = reply_json(parcel.carries, self._library(), self._numbers())
                await self._streams.add(parcel.to, said)
            else:
                await self._streams.close(parcel.to, GONE)
        except StoreGone:
            return Later(1.0, "store gone")
        return Sent()

    async def unsend(self, to: Address, trace: str) -> bool:
        """Nothing to do: the deletion that overtook the reply drops the whole stream."""
        return True

    def doubt(self, parcel: Parcel) -> str | None:
        """Nothing is ever in doubt: the stream is ours."""
        return None

    def routes(self) -> list[web.RouteDef]:
        """The pages and the two ways of the chat."""
        return [
            web.get("/", self._chat),
            web.get("/stream", self._stream),
            web.post("/say", self._say),
            web.get("/exit", self._exit),
            web.post("/exit", self._exit),
            web.get("/tips", self._tips),
            web.get("/call", self._call),
            web.get("/static/{name}", _static),
        ]

    def close(self) -> None:
        """Let every open stream end, so that the server can stop."""
        self._closing.set()

    async def _chat(self, request: web.Request) -> web.Response:
        user = user_of(request) or secrets.token_urlsafe(24)
        session, door = await self._glance(user)
        cover = session.mode == "cover" if session else bool(door and door.cover)
        known = session or door
        locale = known.locale if known else wanted_locale(request)
        start = request.query.get("start")
        page = self._page("chat.html", locale, cover=cover, start=start if start in self._library().links else None)
        life = door.days * DAY if door else DAY
        page.set_cookie(COOKIE, user, max_age=life, httponly=True, samesite="Strict", secure=self._secure)
        return page

    async def _glance(self, user: str) -> tuple[Any, Any]:
        try:
            return await self._store.glance(self._address(user))
        except StoreGone:
            return None, None  # the page can be shown; what she says will be answered with "not available"

    async def _say(self, request: web.Request) -> web.Response:
        user = user_of(request)
        locale = wanted_locale(request)
        if user is None or not same_site(request) or request.content_type != "application/json":
            return self._sentence("unavailable", locale, 403 if user else 400)
        try:
            said = await request.json()
            id_, body = body_of(said, locale)
        except web.HTTPRequestEntityTooLarge:
            return self._sentence("too_long", locale, 413, most=LARGEST_BODY, now=request.content_length or 0)
        except (ValueError, ValidationError):
            return self._sentence("unavailable", locale, 400)
        handled = await self._handle(user, id_, body)
        if handled in ("done", "repeated"):
            return web.Response(status=204)
        return self._sentence("slow_down" if handled == "crowded" else "unavailable", locale, 503)

    async def _handle(self, user: str, id_: str, body: Body) -> Handled:
        """Hand it on. What comes too fast is held back here until there is room: nobody's tap is lost."""
        event = Event(id=f"web:{user}:{id_}", address=self._address(user), at=self._clock.now(), body=body)
        for _ in range(HELD_BACK):
            handled = await self._conversation.handle(event)
            if handled != "crowded":
                return handled
            await asyncio.sleep(1.0)
        return "crowded"

    async def _exit(self, request: web.Request) -> web.Response:
        """Wipe and show the neutral page. The cookie stays only where something waits behind the cover for her."""
        gone = web.Response(status=303, headers={"Location": "/tips"})
        user = user_of(request) if same_site(request) else None
        if user is not None:
            await self._handle(user, secrets.token_hex(8), Tap(step=ANYWHERE, option="leave"))
            _, door = await self._glance(user)
            if door is None:
                gone.del_cookie(COOKIE, httponly=True, samesite="Strict", secure=self._secure)
        return gone

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        user = user_of(request)
        if user is None:
            return web.Response(status=204)  # tells the browser not to come back
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        await response.prepare(request)
        asked = request.headers.get("Last-Event-ID", "")
        after = asked if _STREAM_ID.fullmatch(asked) else "0"
        with suppress(ConnectionResetError, StoreGone):
            async for line in self._events(self._address(user), after):
                await response.write(line.encode())
        return response

    async def _events(self, address: Address, after: str) -> AsyncIterator[str]:
        """What goes down the stream: what was said, "ready" after the first look, and a ping now and then."""
        first, fresh = True, after == "0"
        while not self._closing.is_set():
            woken = asyncio.ensure_future(self._streams.wait(address, PING_EVERY))
            try:
                entries = await self._streams.read(address, after)
                for entry in entries:
                    after = entry.id
                    if entry.said == GONE:
                        if not fresh or not first:
                            yield f"id: {entry.id}\nevent: gone\ndata: {{}}\n\n"
                            return
                        continue  # somebody new on this device: nothing to replay
                    yield f"id: {entry.id}\nevent: reply\ndata: {entry.said}\n\n"
                if first:
                    ready = {"empty": after == "0" or _only_gone(entries), "talk": _talk(address)}
                    yield f"event: ready\ndata: {json.dumps(ready)}\n\n"
                elif not entries:
                    yield ": \n\n"
                first = False
                await self._woken(woken)
            finally:
                woken.cancel()

    async def _woken(self, woken: "asyncio.Future[Any]") -> None:
        closing: asyncio.Future[Any] = asyncio.ensure_future(self._closing.wait())
        await asyncio.wait([woken, closing], return_when=asyncio.FIRST_COMPLETED)
        closing.cancel()

    async def _tips(self, request: web.Request) -> web.Response:
        locale = wanted_locale(request)
        library = self._library()
        title = self._translate(locale, PAGE_WORDS["cover_title"])
        return self._page("tips.html", locale, title=title, tips=tips(library, locale))

    async def _call(self, request: web.Request) -> web.Response:
        locale = wanted_locale(request)
        if user := user_of(request):
            session, door = await self._glance(user)
            if (session and session.mode == "cover") or (session is None and door and door.cover):
                return web.Response(status=303, headers={"Location": "/tips"})
            locale = session.locale if session else locale
        facts = self._library().facts[locale]
        numbers = [
            {"label": self._translate(locale, word), "number": facts[fact]} for fact, word in NUMBER_WORDS.items()
        ]
        return self._page("call.html", locale, numbers=numbers)

    def _page(self, template: str, locale: Locale, **values: object) -> web.Response:
        words = {key: self._translate(locale, message) for key, message in PAGE_WORDS.items()}
        html = self._templates.get_template(template).render(locale=locale, words=words, **values)
        return web.Response(text=html, content_type="text/html")

    def _sentence(self, key: PhraseKey, locale: Locale, status: int, **values: object) -> web.Response:
        return web.json_response({"sentence": self._library().phrases[locale].say(key, **values)}, status=status)

    def _numbers(self) -> tuple[str, ...]:
        facts = self._library().facts["en"]
        return tuple(facts[fact] for fact in NUMBER_WORDS)

    def _address(self, user: str) -> Address:
        return Address(channel=self.name, user=user)


def _talk(address: Address) -> str:
    """A name for this conversation, by which a page that was cut off knows that another one has begun."""
    return hashlib.blake2b(address.user.encode(), digest_size=8).hexdigest()


def _only_gone(entries: Any) -> bool:
    return all(entry.said == GONE for entry in entries)


async def _static(request: web.Request) -> web.StreamResponse:
    known = {file.name: file for file in (PAGE / "static").iterdir()}
    file = known.get(request.match_info["name"])
    if file is None:
        raise web.HTTPNotFound
    return web.FileResponse(file)


async def on_prepare(request: web.Request, response: web.StreamResponse) -> None:
    """Set the headers before the first byte, also on streams."""
    response.headers.update(HEADERS)
