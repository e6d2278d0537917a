"""The names of keys, and times as they are stored."""

from datetime import UTC, datetime, timedelta


def keys_of(who: str, *kinds: str) -> list[str]:
    """The keys of one person."""
    return [f"pana:{kind}:{who}" for kind in kinds]


def queue_of(channel: str) -> str:
    """The addresses of a channel that have parcels, by due time."""
    return f"pana:queue:{channel}"


def fading_of(channel: str) -> str:
    """The chats of a channel that have something to delete, by due time."""
    return f"pana:fading:{channel}"


def milliseconds(span: timedelta) -> int:
    """A span as Redis counts it."""
    return int(span.total_seconds() * 1000)


def stamp(time: datetime) -> int:
    """A time as it is stored: milliseconds since 1970."""
    return int(time.timestamp() * 1000)


def time_of(stamp: bytes) -> datetime | None:
    """A stored time; None where there is none."""
    return datetime.fromtimestamp(int(stamp) / 1000, UTC) if stamp else None
