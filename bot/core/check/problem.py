"""Problem: one thing an editor can get wrong, in a sentence that says how to mend it."""

from bot.core.record import Record


class Problem(Record):
    """Where it stands and what it is. `mild`: a reminder, not a mistake."""

    file: str
    line: int
    told: str
    mild: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.told}"


class Vocabulary(Record):
    """The names that the engine knows: rules, lists, deeds (with what each needs), fillings, reserved options."""

    rules: frozenset[str]
    lists: frozenset[str]
    deeds: dict[str, dict[str, tuple[str, ...]]]
    fillings: frozenset[str]
    reserved: frozenset[str]
