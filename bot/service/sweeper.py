"""The sweeper: what time brings. Messages that vanish, and those that will soon be too old to be deleted."""

import asyncio
from collections.abc import Callable, Mapping

from bot.core.effect import Fading, Parcel
from bot.service.ports import Channel, Claimed, Clock, Store, StoreGone, Vault

LOOK_EVERY = 1.0
"""Seconds between two looks at what has become due."""
MOST_AT_ONCE = 100


class Sweeper:
    """Makes parcels of what has become due. The due times are in the store: any process may find them, one does."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        vault: Vault,
        clock: Clock,
        deliver: Callable[[Claimed], None],
    ) -> None:
        self._store, self._channels, self._vault, self._clock = store, channels, vault, clock
        self._deliver = deliver

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                found = await self.look()
            except StoreGone:
                found = 0
            if found < MOST_AT_ONCE:
                await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> int:
        """Put what is due now on its way; returns how many chats that were."""
        found = 0
        for channel in tuple(self._channels):
            for due in await self._store.due(channel, self._clock.now(), MOST_AT_ONCE):
                found += 1
                parcel = Parcel(
                    id=self._vault.parcel_id(due.token, 0),
                    to=due.to,
                    carries=Fading(what=due.what),
                    due=self._clock.now(),
                )
                if claimed := await self._store.post(parcel, due):
                    self._deliver(claimed)
        return found
