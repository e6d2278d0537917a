"""Lines: one queue per person, first come, first served. A lock alone is not fair."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.core.talk import Address


class Lines:
    """A waiting line for each address that has somebody in it."""

    def __init__(self) -> None:
        self._locks: dict[tuple[str, str], tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def turn(self, address: Address) -> AsyncIterator[None]:
        """Wait for one's turn; asyncio's lock wakes its waiters in order."""
        key = (address.channel, address.user)
        lock, waiting = self._locks.get(key, (asyncio.Lock(), 0))
        self._locks[key] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._locks[key]
            if waiting == 1:
                del self._locks[key]
            else:
                self._locks[key] = (lock, waiting - 1)
