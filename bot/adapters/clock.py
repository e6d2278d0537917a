"""The real clock."""

from datetime import UTC, datetime


class SystemClock:
    """service.ports.Clock: what time it is, in UTC."""

    def now(self) -> datetime:
        """Now, with its time zone."""
        return datetime.now(UTC)  # noqa: TID251 (this is the one clock)
