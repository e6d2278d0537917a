"""The postman: outbox → channels, with retry, back-off and dead letters. Order holds per person."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.core.effect import Fading, Parcel
from bot.core.reply import Reply
from bot.core.talk import Address
from bot.service.delivery import Delivery, Later, Never, Sent, Unsure, Wiped
from bot.service.log import bug, note
from bot.service.meter import Meter
from bot.service.ports import Channel, Claimed, Clock, Store, StoreGone, Strike

MOST_AT_ONCE = 50
LOOK_EVERY = 0.5
"""Seconds between two looks at what has become due (retries, and what another process left behind)."""
LONGEST_WAIT = 300.0
SLOW = 0.3
"""Seconds after which a round looks again at what is left to be delivered."""
MOST_TRIES = 600
"""After that many tries (two days, with back-off) a reply has long expired, and what a deletion was to take away cannot
be deleted any more."""


class Postman:
    """Delivers what was committed. `deliver` takes what the commit handed over; `run` finds the rest."""

    def __init__(self, store: Store, channels: Mapping[str, Channel], clock: Clock, meter: Meter) -> None:
        self._store, self._channels, self._clock, self._meter = store, channels, clock, meter
        self._rounds: dict[Address, asyncio.Task[None]] = {}
        self._waiting: dict[Address, Claimed] = {}
        self.alive = False

    def deliver(self, claimed: Claimed) -> None:
        """Deliver these in the background, one round at a time for each address."""
        if claimed.to.channel not in self._channels:
            return
        if claimed.to in self._rounds:
            self._waiting[claimed.to] = claimed  # the round under way takes them up
        else:
            self._rounds[claimed.to] = asyncio.get_running_loop().create_task(self._round(claimed))

    async def run(self) -> None:
        """Look for due parcels until cancelled."""
        self.alive = True
        try:
            while True:
                try:
                    found = await self._look()
                except StoreGone:
                    found = 0
                if not found:
                    await asyncio.sleep(LOOK_EVERY)
        finally:
            self.alive = False

    async def rest(self) -> None:
        """Wait until everything that is being delivered is done."""
        while self._rounds:
            await asyncio.gather(*self._rounds.values(), return_exceptions=True)

    async def _look(self) -> int:
        found = 0
        for channel in self._channels:
            for claimed in await self._store.claim(channel, self._clock.now(), MOST_AT_ONCE):
                found += 1
                self.deliver(claimed)
        return found

    async def _round(self, claimed: Claimed) -> None:
        """Deliver parcel after parcel of one address, until none is left or one must wait."""
        done = set[str]()
        try:
            claimed = await self._doubt(claimed)
            while claimed.parcels:
                claimed, waits = await self._batch(claimed, done)
                if (waits or not claimed.parcels) and claimed.to in self._waiting:
                    handed = self._waiting.pop(claimed.to)
                    left = tuple(p for p in handed.parcels if p.id not in done)
                    claimed = replace(handed if waits else claimed, parcels=left)
                elif waits:
                    return
        except StoreGone:
            note("store_gone", channel=claimed.to.channel)  # the lease runs out, and somebody tries again
        except Exception as e:
            bug("bug_in_round", e, channel=claimed.to.channel)
        finally:
            self._waiting.pop(claimed.to, None)
            del self._rounds[claimed.to]

    async def _doubt(self, claimed: Claimed) -> Claimed:
        """Another process had these and died: what it may have sent must be found when everything is deleted, and the
        first counts as tried."""
        if not claimed.lapsed or not claimed.parcels:
            return claimed
        first, *others = claimed.parcels
        if trace := self._channels[claimed.to.channel].doubt(first.but(living=claimed.living or first.living)):
            await self._store.doubt(claimed.to, trace)
        return replace(claimed, parcels=(first.but(tries=first.tries + 1), *others))

    async def _batch(self, claimed: Claimed, done: set[str]) -> tuple[Claimed, bool]:
        """Deliver these and strike them off; returns what is next, and whether it must wait."""
        strike, sent = Strike(claimed.to), list[tuple[Parcel, Sent]]()
        put_off: tuple[Parcel, Later | Unsure] | None = None
        living, began = claimed.living, asyncio.get_running_loop().time()
        for parcel in claimed.parcels:
            if strike.ids and not isinstance(parcel.carries, Reply):
                break  # a deletion must know what was sent before it
            delivered = await self._one(parcel.but(living=living or parcel.living))
            if isinstance(delivered, Later | Unsure):
                put_off = (parcel, delivered)
                break
            strike.ids.append(parcel.id)
            if isinstance(delivered, Sent):
                sent.append((parcel, delivered))
                living = strike.living = delivered.trace or living
            _note_traces(strike, delivered)
            if isinstance(delivered, Wiped) and (delivered.all or living in delivered.gone):
                living, strike.living = None, ""
            if asyncio.get_running_loop().time() - began > SLOW:
                break  # meanwhile *leave* may have dropped what is next
        if strike.ids:
            done.update(strike.ids)
            claimed = await self._store.strike(strike)
            await self._take_back(sent, claimed)
        if put_off is not None:  # only now it is the first of those that are left
            await self._put_off(*put_off)
        return claimed, put_off is not None

    async def _one(self, parcel: Parcel) -> Delivery:
        channel = self._channels[parcel.to.channel]
        if parcel.expires is not None and parcel.expires < self._clock.now():
            self._meter.count("parcels", "expired")
            return Never("expired")
        try:
            delivered = await channel.send(parcel)
        except StoreGone:
            raise
        except Exception as e:
            bug("bug_in_channel", e, channel=channel.name, tries=parcel.tries)
            delivered = Later(_pause(parcel.tries), type(e).__name__)
        self._meter.count("parcels", type(delivered).__name__.lower())
        if isinstance(delivered, Later | Unsure) and parcel.tries + 1 >= MOST_TRIES:
            delivered = Never(delivered.reason or "too many tries")
        if isinstance(delivered, Never):
            await self._store.bury(parcel, delivered.reason)
        return delivered

    async def _put_off(self, parcel: Parcel, later: Later | Unsure) -> None:
        due = self._clock.now() + timedelta(seconds=max(later.seconds, 0.0))
        trace = later.trace if isinstance(later, Unsure) else None
        kept = await self._store.put_off(parcel.but(tries=parcel.tries + 1, due=due), trace)
        if not kept and trace:  # *leave* has taken it off, and may have deleted all it knew of before this
            await self._fade(parcel, trace)

    async def _fade(self, parcel: Parcel, *traces: str) -> None:
        """What was on its way when she left is still to be deleted."""
        stray = Fading(what="stray", traces=traces)
        fading = Parcel(id=f"{parcel.id}!", to=parcel.to, carries=stray, due=self._clock.now(), epoch=parcel.epoch + 1)
        if claimed := await self._store.post(fading):
            self.deliver(claimed)

    async def _take_back(self, sent: list[tuple[Parcel, Sent]], now: Claimed) -> None:
        """A reply that *leave* overtook while it was on its way is deleted as soon as its id is known."""
        for parcel, delivered in sent:
            if isinstance(parcel.carries, Reply) and parcel.epoch < now.epoch:
                trace = delivered.trace or ""
                taken = await self._channels[parcel.to.channel].unsend(parcel.to, trace)
                if trace and taken:
                    await self._store.strike(Strike(parcel.to, gone=[trace]))
                if stray := [*delivered.left, *([trace] if trace and not taken else [])]:
                    await self._fade(parcel, *stray)


def _note_traces(strike: Strike, delivered: Delivery) -> None:
    """What a delivery has left in the chat, and what it has taken away."""
    match delivered:
        case Sent(trace=trace, gone=gone, left=left):
            strike.traces += [*([trace] if trace else []), *left]
            strike.gone += gone
        case Wiped(gone=gone, notice=notice, all=everything):
            strike.gone += gone
            strike.notice, strike.wiped = notice, everything


def _pause(tries: int) -> float:
    """Seconds to wait after the n-th failure: 1, 2, 4 … up to five minutes."""
    return min(2.0**tries, LONGEST_WAIT)
