"""Door: the little that outlives a session, and only if she asked for it."""

from typing import Literal

from pydantic import Field

from bot.core.record import Record
from bot.core.talk import Locale

Vanishing = Literal[0, 5, 60, 1440]
"""Minutes after her last message until the messages of the chat are deleted; 0: they stay."""
VANISHING: Vanishing = 60
"""What holds until she changes it."""


class Door(Record):
    """What waits behind the cover. One per address, only if she set a word, kept a plan or changed when messages
    vanish; 30 days after the last message (with a plan: 90), at once on forget.

    `word` is a salted scrypt hash of her own word; `plan` her answers, sealed with a key made of a word that is
    stored nowhere. Behind the cover either opens: her word, or where she set none, the plan's.
    """

    locale: Locale
    cover: bool = False
    word: str | None = Field(default=None, repr=False)
    plan: str | None = Field(default=None, repr=False)
    vanishing: Vanishing = VANISHING

    @property
    def days(self) -> int:
        """How many days after the last message it is kept."""
        return 90 if self.plan else 30

    @property
    def empty(self) -> bool:
        """True when nothing is left that she asked to keep."""
        return self.word is None and self.plan is None and self.vanishing == VANISHING

    @property
    def hides(self) -> bool:
        """True when the cover stays on after *leave*: there is something behind it, or she has put it on."""
        return self.cover or self.word is not None or self.plan is not None
