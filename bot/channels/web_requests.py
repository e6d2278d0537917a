"""What a request to the web chat says: who, in which language, and what; and whether it may be believed."""

import re
from typing import Any

from aiohttp import web
from pydantic import TypeAdapter

from bot.core.talk import LOCALES, Body, Hello, Locale, Spot, Tap, Text

COOKIE = "s"
_USER = re.compile(r"[A-Za-z0-9_-]{32}")
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_BODIES: dict[str, TypeAdapter[Any]] = {
    "hello": TypeAdapter(Hello),
    "text": TypeAdapter(Text),
    "tap": TypeAdapter(Tap),
    "spot": TypeAdapter(Spot),
}


def user_of(request: web.Request) -> str | None:
    """The user that the cookie names; None where there is none, or nothing of ours."""
    found = request.cookies.get(COOKIE, "")
    return found if _USER.fullmatch(found) else None


def same_site(request: web.Request) -> bool:
    """The cookie is SameSite=Strict; browsers that tell where a request comes from are believed as well."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin == "null" or origin.rpartition("//")[2] == request.host


def wanted_locale(request: web.Request) -> Locale:
    """The first of the browser's languages that we speak."""
    for wanted in request.headers.get("Accept-Language", "").lower().split(","):
        for locale in LOCALES:
            if wanted.strip().startswith(locale):
                return locale
    return "kk"


def body_of(said: Any, locale: Locale) -> tuple[str, Body]:
    """The id and the body of what the page posted; raises ValueError."""
    if not isinstance(said, dict) or not isinstance(said.get("id"), str) or not _ID.fullmatch(said["id"]):
        raise ValueError("no id")
    kinds = [kind for kind in _BODIES if kind in said]
    if len(kinds) != 1:
        raise ValueError("not one thing said")
    (kind,) = kinds
    value = {"text": said["text"]} if kind == "text" else said[kind]
    if kind == "hello":
        value = {"link": value.get("link") if isinstance(value, dict) else None, "locale": locale}
    body: Body = _BODIES[kind].validate_python(value)
    return said["id"], body
