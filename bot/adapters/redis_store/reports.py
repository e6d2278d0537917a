"""What people said of entries of the directory, for the editors: counted, nobody's, and without a time."""

from bot.adapters.redis_store.connection import Connection

REPORTS = "pana:reports"
"""A hash: `entry|what` → how often."""


class RedisReports:
    """Reads and clears what `commit` has counted. Raises StoreGone."""

    def __init__(self, connection: Connection) -> None:
        self._redis = connection

    async def read(self) -> tuple[tuple[str, str, int], ...]:
        """Entry, what was said of it ("silent" or "wrong"), how often; most often said first."""
        raw = await self._redis.call("HGETALL", REPORTS)
        pairs = raw.items() if isinstance(raw, dict) else zip(raw[::2], raw[1::2], strict=True)
        found = [(*key.decode().split("|", 1), int(count)) for key, count in pairs]
        return tuple(sorted(((id_, what, count) for id_, what, count in found), key=lambda one: (-one[2], one[0])))

    async def clear(self, entry: str) -> None:
        """Forget what was said of one entry."""
        await self._redis.call("HDEL", REPORTS, f"{entry}|silent", f"{entry}|wrong")
