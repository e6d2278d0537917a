"""Words, Voice: what one flow says in one language."""

from datetime import date

from pydantic import Field

from bot.core.record import Record


class Voice(Record):
    """What one step says. `notes` go into the plan, `errands` are their harmless twins, both by option ("": any)."""

    line: int
    text: str
    labels: dict[str, str] = Field(default_factory=dict)
    title: str | None = None
    notes: dict[str, str] = Field(default_factory=dict)
    errands: dict[str, str] = Field(default_factory=dict)


class Words(Record):
    """One page: a flow in one language, with the state of its review."""

    file: str
    title: str
    reviewed: date | None = None
    reviewer: str | None = None
    sources: tuple[str, ...] = ()
    voices: dict[str, Voice]
