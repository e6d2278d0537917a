"""Understanding: what a message seems to mean, and who says so."""

from typing import Literal

from pydantic import Field

from bot.core.place import NOWHERE, Found
from bot.core.record import Record
from bot.core.session import Answer
from bot.core.talk import Locale

Danger = Literal["now", "self_harm"]
Source = Literal["shortcut", "net", "nlu", "none"]


class Meaning(Record):
    """One guess: an intent of the list of intents, and how sure (0 to 1)."""

    intent: str
    sure: float


class Understanding(Record):
    """What the world said about a message before the turn. The world failing is `NOTHING_HEARD`, not an exception.

    `place` are her words that name a place, `found` what the map makes of them (or of a point she shared). The last
    four come from the vault, only when the step asks for a word:
    `opened` says that the word was right, `plan` is what it opened, `made` is what was made of it (a sealed plan or
    a salted hash), `four_words` is an offer thrown by fresh dice.
    """

    intent: str | None = None
    sure: float = 0.0
    runner_up: Meaning | None = None
    danger: Danger | None = None
    locale: Locale | None = None
    place: str | None = Field(default=None, repr=False)
    found: Found = Field(default=NOWHERE, repr=False)
    source: Source = "none"
    opened: bool = False
    plan: dict[str, Answer] | None = Field(default=None, repr=False)
    made: str | None = Field(default=None, repr=False)
    four_words: str | None = Field(default=None, repr=False)


NOTHING_HEARD = Understanding()

INTENTS = (
    "danger_now", "self_harm", "quick_exit", "cannot_talk", "disclose_violence", "make_safety_plan", "find_centre",
    "contact_hotline", "emotional_support", "help_someone_else", "stop_hurting", "rights_overview", "rights_battery",
    "rights_report", "rights_protective_order", "rights_reconciliation", "rights_threats_stalking",
    "rights_sexual_violence", "rights_child_abuse", "rights_sexual_harassment_minor", "rights_bullying",
    "rights_suicide_incitement", "rights_kidnapping_confinement", "rights_divorce_children", "rights_housing",
    "rights_evidence", "rights_legal_aid", "rights_minors_help", "ask_privacy", "ask_bot", "delete_data",
    "change_language", "greet", "goodbye", "thank", "affirm", "deny", "insult", "out_of_scope",
)  # fmt: skip
"""Everything a message can mean. The NLU house knows the same list; a test compares them."""
