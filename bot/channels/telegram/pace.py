"""Pace: how fast one chat may be written to, and who asked to be left alone."""

import asyncio

BURST = 5.0
A_SECOND = 1.0
MOST_KNOWN = 10_000
"""Chats whose bucket is remembered; full ones are forgotten beyond it."""


class Pace:
    """A bucket per chat. There is no ceiling for all: a reply that waits for strangers helps nobody."""

    def __init__(self) -> None:
        self._buckets: dict[int, tuple[float, float]] = {}
        self._stopped: dict[int | None, float] = {}

    def stop(self, chat: int | None, seconds: float) -> None:
        """Telegram asked not to be called for so long: for one chat, or (None) at all."""
        self._stopped[chat] = _now() + seconds

    def stopped(self, chat: int) -> float:
        """Seconds until this chat may be called again."""
        now = _now()
        left = max(self._stopped.get(chat, 0.0), self._stopped.get(None, 0.0)) - now
        if left <= 0:
            self._stopped.pop(chat, None)
        return max(left, 0.0)

    def take(self, chat: int) -> float:
        """Take one message out of the chat's bucket; returns the seconds to wait before it goes out."""
        now = _now()
        left, at = self._buckets.get(chat, (BURST, now))
        left = min(BURST, left + (now - at) * A_SECOND) - 1.0
        self._buckets[chat] = (left, now)
        if len(self._buckets) > MOST_KNOWN:
            self._forget(now)
        return max(0.0, -left / A_SECOND)

    def _forget(self, now: float) -> None:
        self._buckets = {c: (n, at) for c, (n, at) in self._buckets.items() if n + (now - at) * A_SECOND < BURST}


def _now() -> float:
    return asyncio.get_running_loop().time()
