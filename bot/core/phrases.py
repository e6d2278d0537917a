"""Phrases: the few words that belong to the machine, in one language."""

from datetime import date
from typing import Literal, Protocol, runtime_checkable

from bot.core.centre import Precision
from bot.core.talk import Locale

PhraseKey = Literal[
    "back", "menu", "leave", "help", "more", "language", "done",
    "choose_by_number", "tick_by_number", "page_of_list",
    "old_button", "too_long", "written_down", "word_too_short", "another_word",
    "slow_down", "unavailable", "closed", "cleared", "private_only", "share_place", "numbers_page",
    "bot_name", "bot_description", "bot_short",
    "another_place", "place_meant", "card_near", "card_about", "card_far", "card_hours", "card_address", "card_ask",
    "card_hidden",
    "card_verified", "card_published", "card_unverified", "card_none",
    "command_start", "command_menu", "command_help", "command_language", "command_close",
]  # fmt: skip


def N_(message: str) -> str:  # noqa: N802 (gettext's own name for "to be translated later")
    """Mark a message for the catalogues in locales/."""
    return message


@runtime_checkable
class Phrases(Protocol):
    """Machine words of one language; made by adapters.phrases from the gettext catalogues."""

    locale: Locale

    def say(self, key: PhraseKey, **values: object) -> str:
        """The phrase with `{values}` filled in."""

    def date(self, day: date, to: Precision = "day") -> str:
        """A date in words, as exactly as it is known."""

    def distance(self, km: int) -> str:
        """Whole kilometres, with their unit."""
