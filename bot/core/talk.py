"""What comes in: who writes, and what she sent."""

from datetime import datetime
from typing import Literal

from pydantic import Field, field_validator

from bot.core.record import Record

Locale = Literal["kk", "ru", "en"]
LOCALES: tuple[Locale, ...] = ("kk", "ru", "en")

ANYWHERE = "*"
"""The step named by a tap that works in every state (back, menu, leave, help, a language)."""


class Address(Record):
    """Where somebody can be reached: `channel` is "telegram", "whatsapp", "web" or "terminal"."""

    channel: str
    user: str = Field(repr=False)


class Hello(Record):
    """She opened the conversation; `link` is the payload of the link or QR code."""

    kind: Literal["hello"] = "hello"
    link: str | None = None
    locale: Locale | None = None


class Text(Record):
    """She wrote something. Never shown by repr, so that it cannot slip into a log."""

    kind: Literal["text"] = "text"
    text: str = Field(repr=False)

    @field_validator("text")
    @classmethod
    def _can_be_written_down(cls, text: str) -> str:
        """Half characters and null bytes, which no store or terminal can hold, are left out."""
        return text.encode("utf-8", "ignore").decode().replace("\x00", "")


class Tap(Record):
    """She tapped a button; it names its question, so that a stale tap is seen."""

    kind: Literal["tap"] = "tap"
    step: str
    option: str


class Spot(Record):
    """She shared a place, in degrees; rounded to about a kilometre (P19)."""

    kind: Literal["spot"] = "spot"
    lat: float = Field(repr=False, ge=-90, le=90)
    lon: float = Field(repr=False, ge=-180, le=180)


class Other(Record):
    """A voice message, photo, sticker …: answered kindly, never stored."""

    kind: Literal["other"] = "other"
    what: str


Body = Hello | Text | Tap | Spot | Other


class Event(Record):
    """One thing that happened. `id` is the provider's (repeats are seen by it); `trace` is the channel's own id
    of what she sent, so that it can be deleted; `on` is the channel's id of the message of ours that she tapped."""

    id: str
    address: Address
    at: datetime
    body: Body = Field(discriminator="kind")
    trace: str | None = Field(default=None, repr=False)
    on: str | None = Field(default=None, repr=False)
