"""Door: the little that outlives a session, and only if she asked for it."""

from pydantic import Field

from bot.core.record import Record
from bot.core.talk import Locale


class Door(Record):
    """What waits behind the cover. One per address, only if she set a word or kept a plan; 30 days after the last
    message (with a plan: 90), at once on forget.

    `word` is a salted scrypt hash of her own word; `plan` her answers, sealed with a key made of a word that is
    stored nowhere. Behind the cover either opens: her word, or where she set none, the plan's.
    """

    locale: Locale
    cover: bool = False
    word: str | None = Field(default=None, repr=False)
    plan: str | None = Field(default=None, repr=False)

    @property
    def days(self) -> int:
        """How many days after the last message it is kept."""
        return 90 if self.plan else 30

    @property
    def empty(self) -> bool:
        """True when nothing is left that she asked to keep."""
        return self.word is None and self.plan is None
