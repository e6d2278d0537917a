"""Session: where she stands, what she answered, and the way back."""

from typing import Literal

from pydantic import Field

from bot.core.record import Record
from bot.core.talk import Locale

Answer = str | tuple[str, ...]
Mode = Literal["plain", "cover"]

STACK_DEPTH = 8
TRAIL_LENGTH = 24


class Place(Record):
    """One place on the way back: the question that was asked, and the flows to return to at that time."""

    at: str
    stack: tuple[str, ...] = ()


class Session(Record):
    """One conversation. Lives 24 hours after the last message, sealed; goes at once on leave and forget."""

    locale: Locale
    chose_locale: bool = False
    mode: Mode = "plain"
    at: str | None = None
    stack: tuple[str, ...] = ()
    trail: tuple[Place, ...] = ()
    answers: dict[str, Answer] = Field(default_factory=dict, repr=False)
    offered: tuple[str, ...] = ()
    draft: tuple[str, ...] = Field(default=(), repr=False)
    case: str | None = None
