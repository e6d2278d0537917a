"""Pace: how fast one chat may be written to, and who asked to be left alone."""

import asyncio

BURST = 5.0
A_SECOND = 1.0
MOST_KNOWN = 10_000
"""Chats whose bucket is remembered; full ones are forgotten beyond it."""
MANY, TOGETHER = 3, 2.0
"""So many chats told to wait within so many seconds: then it is not they who are meant."""


class Pace:
    """A bucket per chat. There is no ceiling for all: a reply that waits for strangers helps nobody."""

    def __init__(self) -> None:
        self._buckets: dict[int, tuple[float, float]] = {}
        self._stopped: dict[int, float] = {}
        self._all = 0.0
        self._told: dict[int, tuple[float, float]] = {}

    def stop(self, chat: int, seconds: float) -> None:
        """Telegram asked not to be called for so long. It does not say whom it means: the chat, or us, where it says
        so in many chats at once; then all wait for as long as the least of them."""
        now = _now()
        self._stopped[chat] = now + seconds
        self._told = {c: told for c, told in self._told.items() if now - told[0] < TOGETHER} | {chat: (now, seconds)}
        if len(self._told) >= MANY:
            self.stop_all(min(wait for _, wait in self._told.values()))

    def stop_all(self, seconds: float) -> None:
        """It asked not to be called at all."""
        self._all = max(self._all, _now() + seconds)

    def stopped(self, chat: int) -> float:
        """Seconds until this chat may be written to again."""
        now = _now()
        if self._stopped.get(chat, 0.0) <= now:
            self._stopped.pop(chat, None)
        return max(self._stopped.get(chat, 0.0), self._all, now) - now

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
