"""Update → Event. Updates are read as they come, field by field: a part we do not know costs nobody a message."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from bot.channels.telegram import codes
from bot.core.library import Library
from bot.core.talk import ANYWHERE, LOCALES, Address, Body, Event, Hello, Locale, Other, Spot, Tap, Text

CHANNEL = "telegram"
WANTED = ("message", "edited_message", "callback_query", "my_chat_member", "channel_post")
SENT = (
    "voice", "video_note", "photo", "sticker", "document", "video", "audio", "animation", "contact", "poll", "dice",
    "story", "game", "paid_media", "checklist", "invoice",
)  # fmt: skip
"""What people send besides words; answered kindly, not read, not kept."""
COMMANDS = {"/menu": "menu", "/help": "help", "/language": "language", "/close": "leave", "/leave": "leave"}
LONGEST_LINK = 64


@dataclass(frozen=True, slots=True)
class Heard:
    """Something a person did; `tap` is the id by which Telegram wants a tap acknowledged."""

    event: Event
    tap: str | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """We were put into a group or channel, where nobody can write in private."""

    chat: int
    locale: Locale
    may_speak: bool


def read(update: Any, library: Library, now: datetime) -> Heard | Elsewhere | None:
    """What an update means; None where it is nothing for us (also where it is not an update at all)."""
    try:
        return _read(update, library, now)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, ValidationError):
        return None


def _read(update: Any, library: Library, now: datetime) -> Heard | Elsewhere | None:
    number = _whole(update["update_id"])
    if isinstance(query := update.get("callback_query"), dict):
        return _tapped(number, query, library, now)
    if isinstance(member := update.get("my_chat_member"), dict):
        return _membership(member)
    for kind in ("message", "edited_message", "channel_post"):
        if isinstance(message := update.get(kind), dict):
            return _written(number, message, now, edited=kind == "edited_message")
    return None


def _written(number: int, message: dict[str, Any], now: datetime, edited: bool) -> Heard | Elsewhere | None:
    chat, sender = message["chat"], message.get("from") or {}
    if chat["type"] != "private":
        return Elsewhere(_whole(chat["id"]), _locale(sender) or "ru", "left_chat_member" not in message)
    if sender.get("is_bot"):
        return None
    body = _body(message, edited, _locale(sender))
    if body is None:
        return None
    at = min(datetime.fromtimestamp(_whole(message.get("edit_date") or message["date"]), UTC), now)
    trace = str(_whole(message["message_id"]))
    return Heard(_event(number, chat, at, body, trace=trace))


def _tapped(number: int, query: dict[str, Any], library: Library, now: datetime) -> Heard | Elsewhere | None:
    message = query.get("message") or {}
    chat = message.get("chat") or {"id": query["from"]["id"], "type": "private"}
    if chat["type"] != "private":
        return Elsewhere(_whole(chat["id"]), _locale(query["from"]) or "ru", True)
    written = query.get("data")
    body = codes.tap(written, library) if isinstance(written, str) else codes.STALE
    on = str(_whole(message["message_id"])) if "message_id" in message else None
    id_ = query["id"]
    return Heard(_event(number, chat, now, body, on=on), tap=id_ if isinstance(id_, str) else None)


def _membership(member: dict[str, Any]) -> Elsewhere | None:
    chat, status = member["chat"], member["new_chat_member"]["status"]
    if chat["type"] == "private" or status in ("left", "kicked"):
        return None  # she has blocked or unblocked us: whatever is on its way will notice
    return Elsewhere(_whole(chat["id"]), _locale(member.get("from") or {}) or "ru", status != "restricted")


def _event(number: int, chat: dict[str, Any], at: datetime, body: Body, **more: str | None) -> Event:
    address = Address(channel=CHANNEL, user=str(_whole(chat["id"])))
    return Event(id=f"{CHANNEL}:{number}", address=address, at=at, body=body, **more)


def _body(message: dict[str, Any], edited: bool, locale: Locale | None) -> Body | None:
    """What she sent. Of what she edits only words count: a place that moves along is not a new message."""
    words = message.get("text") or message.get("caption")
    if isinstance(words, str):
        return _said(words, locale)
    if edited:
        return None
    place = message.get("location")
    if isinstance(place, dict):  # a venue comes with its location
        return Spot(lat=place["latitude"], lon=place["longitude"])
    return next((Other(what=kind) for kind in SENT if kind in message), None)


def _said(text: str, locale: Locale | None) -> Body:
    command, _, rest = text.strip().partition(" ")
    command = command.split("@", 1)[0].lower()
    if command == "/start":
        return Hello(link=rest.strip()[:LONGEST_LINK] or None, locale=locale)
    if command in COMMANDS:
        return Tap(step=ANYWHERE, option=COMMANDS[command])
    return Text(text=text)


def _locale(sender: dict[str, Any]) -> Locale | None:
    code = sender.get("language_code")
    wanted = code.lower().partition("-")[0] if isinstance(code, str) else ""
    return next((locale for locale in LOCALES if locale == wanted), None)


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
        raise ValueError("not a whole number")
    return value
