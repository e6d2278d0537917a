"""Record: the one kind of value that is passed around: immutable, closed, becomes JSON."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """An immutable value. Unknown fields are refused; errors never repeat what was put in."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, arbitrary_types_allowed=True)

    def but(self, **changes: Any) -> Self:
        """Return the same record with some fields changed (not validated again: our own values only)."""
        return self.model_copy(update=changes)
