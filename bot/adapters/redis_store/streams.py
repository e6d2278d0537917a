"""RedisStreams: what the web channel has sent, in a Redis stream per address, and waking who reads it."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from redis.exceptions import RedisError

from bot.adapters.redis_store.connection import Connection
from bot.adapters.vault import Unsealable, Vault
from bot.core.talk import Address
from bot.service.ports import Entry, StoreGone

LIFE = 24 * 3600
LIFE_OF_LAST = 60
"""Seconds that the entry "it is over" waits for a reader who is just reconnecting."""
LONGEST = 500
CHANNEL = "pana:woken"


class RedisStreams:
    """service.ports.Streams. One subscription a process wakes all its readers."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._redis, self._vault = connection, vault
        self._readers: dict[str, set[asyncio.Event]] = {}

    async def add(self, address: Address, said: str) -> None:
        """Write one entry and wake the readers, here and in other processes."""
        key = self._key(address)
        await asyncio.gather(
            self._redis.call("XADD", key, "MAXLEN", "~", LONGEST, "*", "e", self._vault.seal("stream", said.encode())),
            self._redis.call("EXPIRE", key, LIFE),
            self._redis.call("PUBLISH", CHANNEL, key),
        )

    async def close(self, address: Address, last: str) -> None:
        """Drop everything; only `last` is left for a minute."""
        key = self._key(address)
        await asyncio.gather(
            self._redis.call("DEL", key),
            self._redis.call("XADD", key, "*", "e", self._vault.seal("stream", last.encode())),
            self._redis.call("EXPIRE", key, LIFE_OF_LAST),
            self._redis.call("PUBLISH", CHANNEL, key),
        )

    async def read(self, address: Address, after: str) -> Sequence[Entry]:
        """The entries after that id ("0": all of them)."""
        found = await self._redis.call("XRANGE", self._key(address), f"({after}" if after != "0" else "-", "+")
        entries = []
        for id_, fields in found or ():
            with suppress(Unsealable):
                entries.append(Entry(id_.decode(), self._vault.open("stream", fields[b"e"]).decode()))
        return entries

    async def wait(self, address: Address, seconds: float) -> None:
        """Return when there may be something new, at the latest after so many seconds."""
        key, woken = self._key(address), asyncio.Event()
        self._readers.setdefault(key, set()).add(woken)
        try:
            async with asyncio.timeout(seconds):
                await woken.wait()
        except TimeoutError:
            pass
        finally:
            self._readers[key].discard(woken)
            if not self._readers[key]:
                del self._readers[key]

    async def run(self) -> None:
        """Listen and wake, until cancelled; after a break everybody is woken, for something may have been missed."""
        while True:
            with suppress(StoreGone, RedisError, OSError):
                heard = await self._redis.listen(CHANNEL)
                self._wake(None)
                try:
                    while True:
                        message = await heard.get_message(timeout=None)
                        if message is not None:
                            self._wake(message["data"].decode())
                finally:
                    await heard.aclose()  # type: ignore[no-untyped-call]
            await asyncio.sleep(0.5)

    def _wake(self, key: str | None) -> None:
        readers = list(self._readers.values()) if key is None else [self._readers.get(key, set())]
        for group in readers:
            for woken in group:
                woken.set()

    def _key(self, address: Address) -> str:
        return f"pana:stream:{self._vault.person(address)}"
