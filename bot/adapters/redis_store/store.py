"""RedisStore: session, door, seen ids, traces, cases and outbox. Everything personal in it is sealed."""

import asyncio
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

from bot.adapters.redis_store import lives
from bot.adapters.redis_store.connection import Connection
from bot.adapters.redis_store.keys import fading_of, keys_of, milliseconds, queue_of, stamp, time_of
from bot.adapters.redis_store.reports import REPORTS
from bot.adapters.vault import Unsealable, Vault
from bot.core.case import Case
from bot.core.door import VANISHING, Door
from bot.core.effect import FadingOf, Parcel
from bot.core.record import Record
from bot.core.session import Session
from bot.core.talk import Address, Event
from bot.service.log import note
from bot.service.ports import Claimed, Clock, Due, LostLock, Outcome, StoreGone, Strike, Trace, Traces, Visit

R = TypeVar("R", bound=Record)


class RedisStore:
    """service.ports.Store over one Redis. Keys hold keyed hashes, values are sealed with the vault."""

    def __init__(self, connection: Connection, vault: Vault, clock: Clock) -> None:
        self._redis, self._vault, self._clock = connection, vault, clock

    async def open(self, address: Address, event_id: str) -> Visit:
        """Take the lock on a person and read her."""
        who, token = self._vault.person(address), secrets.token_hex(8)
        keys = [
            *keys_of(who, "lock", "person", "session", "door", "case"),
            self._seen(event_id),
            f"pana:crowd:{who}",
        ]
        asked, pause = 0.0, 0.005
        while True:
            found = await self._redis.script(
                "open", keys, [token, milliseconds(lives.LOCK), milliseconds(lives.CROWD_WINDOW)]
            )
            if found[0]:
                return self._visit(who, token, found)
            if asked > lives.WAIT_FOR_LOCK.total_seconds():
                raise StoreGone
            await asyncio.sleep(pause)
            asked, pause = asked + pause, min(pause * 2, 0.2)

    def _visit(self, who: str, token: str, found: list[Any]) -> Visit:
        _, version, epoch, calmed, sorry, living, seen, crowd, session, door, case = found
        return Visit(
            token=token,
            version=int(version),
            epoch=int(epoch),
            seen=bool(seen),
            crowd=int(crowd),
            session=self._read(Session, who, session),
            door=self._read(Door, who, door),
            case=self._read(Case, who, case),
            calmed=time_of(calmed),
            sorry=time_of(sorry),
            living=self._trace(who, living),
        )

    async def commit(self, event: Event, visit: Visit, outcome: Outcome) -> Claimed | None:
        """Make it true and free the lock."""
        who, now = self._vault.person(event.address), self._clock.now()
        keys = [
            *keys_of(who, "lock", "person", "session", "door", "case"),
            self._seen(event.id),
            *keys_of(who, "trace", "outbox"),
            queue_of(event.address.channel),
            "pana:cases",
            fading_of(event.address.channel),
            *keys_of(who, "dropped"),
            REPORTS,
        ]
        vanishing = outcome.door.vanishing if outcome.door else VANISHING
        args: list[Any] = [
            visit.token,
            visit.version,
            stamp(now),
            stamp(now + lives.LEASE),
            who,
            self._write("session", who, outcome.session),
            int(lives.SESSION_LIFE.total_seconds()),
            self._write("door", who, outcome.door) if outcome.door or visit.door else "",
            int(timedelta(days=outcome.door.days).total_seconds()) if outcome.door else 0,
            "-" if outcome.withdrawn else self._write("case", who, outcome.case) if outcome.case else "",
            int(lives.CASE_LIFE.total_seconds()),
            int(lives.SEEN_LIFE.total_seconds()) if outcome.acted else "",
            self._seal_trace(who, event.trace) if event.trace else "",
            int(lives.TRACE_LIFE.total_seconds()),
            "1" if outcome.erase else "",
            stamp(outcome.calmed) if outcome.calmed else "",
            stamp(outcome.sorry) if outcome.sorry else "",
            self._seal_address(event.address),
            stamp(now + timedelta(minutes=vanishing)) if vanishing else "",
            stamp(now + lives.LIMIT),
            ",".join(f"{told.centre}|{told.what}" for told in outcome.told),
            *(self._pack(parcel) for parcel in outcome.parcels),
        ]
        run = self._redis.durable if outcome.case is not None else self._redis.script
        done = await run("commit", keys, args)
        if not done[0]:
            raise LostLock
        return Claimed(event.address, outcome.parcels, visit.epoch + outcome.erase, visit.living) if done[1] else None

    async def release(self, address: Address, visit: Visit) -> None:
        """Free the lock, nothing else."""
        await self._redis.script("release", keys_of(self._vault.person(address), "lock"), [visit.token])

    async def claim(self, channel: str, now: datetime, most: int) -> Sequence[Claimed]:
        """Parcels that are due on a channel, leased to us for some seconds."""
        args = [stamp(now), stamp(now + lives.LEASE), most, "pana:outbox:", "pana:person:"]
        found = await self._redis.script("claim", [queue_of(channel)], args)
        claimed = []
        for member, packed, lapsed, living in found:
            parcels = self._unpack(packed)
            if parcels:
                living_ = self._trace(member.decode(), living)
                claimed.append(Claimed(parcels[0].to, parcels, living=living_, lapsed=bool(lapsed)))
            else:  # sealed with a secret that is gone: nobody will ever read them
                await self._redis.call("DEL", f"pana:outbox:{member.decode()}")
        return claimed

    async def strike(self, done: Strike) -> Claimed:
        """Take parcels off; returns what is next for the same address, and its epoch."""
        who, now = self._vault.person(done.to), self._clock.now()
        traces = [*done.traces, *([done.notice] if done.notice else [])]
        gone = [self._seal_trace(who, trace) for trace in done.gone]
        living = "" if done.living is None else self._seal_trace(who, done.living) if done.living else "-"
        head: list[Any] = [
            who,
            stamp(now),
            stamp(now + lives.LEASE),
            int(lives.TRACE_LIFE.total_seconds()),
            self._seal_address(done.to) if traces else "",
            living,
            stamp(now + lives.NOTICE_LIFE) if done.notice else "",
            stamp(now + timedelta(minutes=VANISHING)),
            milliseconds(lives.LIMIT),
            "1" if done.wiped else "",
            len(done.ids),
            len(traces),
        ]
        keys = [
            *keys_of(who, "outbox"),
            queue_of(done.to.channel),
            *keys_of(who, "person", "trace"),
            fading_of(done.to.channel),
            *keys_of(who, "dropped"),
        ]
        sealed = [self._seal_trace(who, trace) for trace in traces]
        epoch, found, left = await self._redis.script("strike", keys, [*head, *done.ids, *sealed, *gone])
        return Claimed(done.to, self._unpack(left), int(epoch), self._trace(who, found))

    async def put_off(self, parcel: Parcel, trace: str | None = None) -> bool:
        """Write down a parcel's new due time and number of tries; False where it was taken off meanwhile."""
        who, now = self._vault.person(parcel.to), self._clock.now()
        sealed = self._seal_trace(who, trace) if trace else ""
        ttl = int(lives.TRACE_LIFE.total_seconds())
        args = [who, stamp(parcel.due), parcel.id, self._pack(parcel), sealed, stamp(now), ttl]
        keys = [*keys_of(who, "outbox"), queue_of(parcel.to.channel), *keys_of(who, "person", "trace")]
        return bool(await self._redis.script("put_off", keys, args))

    async def doubt(self, to: Address, trace: str) -> None:
        """Keep where to look for what may have arrived."""
        who, now = self._vault.person(to), self._clock.now()
        await self._redis.call("ZADD", f"pana:trace:{who}", "NX", stamp(now), self._seal_trace(who, trace))
        await self._redis.call("EXPIRE", f"pana:trace:{who}", int(lives.TRACE_LIFE.total_seconds()))

    async def due(self, channel: str, now: datetime, most: int) -> Sequence[Due]:
        """What is to be deleted now, leased to us for some seconds."""
        lease = stamp(now + lives.LEASE)
        found = await self._redis.script("due", [fading_of(channel)], [stamp(now), lease, most, "pana:person:"])
        due = []
        for member, sealed in found:
            who, _, what = member.decode().partition(":")
            try:
                to = Address.model_validate_json(self._vault.open("address", sealed))
                due.append(Due(to, cast(FadingOf, what), f"{who}:{what}@{lease}"))
            except (Unsealable, ValueError):
                await self._redis.call("ZREM", fading_of(channel), member)
        return due

    async def post(self, parcel: Parcel, due: Due | None = None) -> Claimed | None:
        """Put a parcel into the outbox, and take `due` off in the same moment."""
        who, now = self._vault.person(parcel.to), self._clock.now()
        channel = parcel.to.channel
        keys = [*keys_of(who, "outbox"), queue_of(channel), *keys_of(who, "person"), fading_of(channel)]
        token, _, lease = due.token.partition("@") if due else ("", "", "")
        args = [who, stamp(now), stamp(now + lives.LEASE), self._pack(parcel), token, lease]
        claimed, living = await self._redis.script("post", keys, args)
        return Claimed(parcel.to, (parcel,), parcel.epoch, self._trace(who, living)) if claimed else None

    async def bury(self, parcel: Parcel, reason: str) -> None:
        """Move a parcel among the dead letters (the strike takes it off the outbox)."""
        note(
            "dead_letter",
            channel=parcel.to.channel,
            kind=parcel.carries.kind,
            tries=parcel.tries,
            error=reason,
        )
        await self._redis.call("RPUSH", "pana:dead", self._pack(parcel))
        await self._redis.call("EXPIRE", "pana:dead", int(lives.DEAD_LIFE.total_seconds()))

    async def traces(self, address: Address) -> Traces:
        """What is known of a chat's messages; kept until a strike says that they are gone."""
        who = self._vault.person(address)
        found, dropped = await asyncio.gather(
            self._redis.call("ZRANGE", f"pana:trace:{who}", 0, -1, "WITHSCORES"),
            self._redis.call("LRANGE", f"pana:dropped:{who}", 0, -1),
        )
        known = []
        for sealed, score in found:
            if trace := self._trace(who, sealed):
                known.append(Trace(trace, datetime.fromtimestamp(float(score) / 1000, UTC)))
        return Traces(tuple(known), self._unpack(dropped))

    async def glance(self, address: Address) -> tuple[Session | None, Door | None]:
        """Her session and door as they are, without taking the lock."""
        who = self._vault.person(address)
        session, door = await self._redis.call("MGET", *keys_of(who, "session", "door"))
        return self._read(Session, who, session or b""), self._read(Door, who, door or b"")

    async def ping(self) -> bool:
        """True when the store answers."""
        try:
            await self._redis.call("PING")
        except StoreGone:
            return False
        return True

    def _seen(self, event_id: str) -> str:
        return f"pana:seen:{self._vault.event_mark(event_id)}"

    def _write(self, purpose: str, who: str, record: Record | None) -> bytes | str:
        """The record sealed for its owner: it opens under nobody else's key."""
        if record is None:
            return "-"
        return self._vault.seal(f"{purpose} of {who}", record.model_dump_json(exclude_defaults=True).encode())

    def _read(self, kind: type[R], who: str, sealed: bytes) -> R | None:
        """A stored record; one that cannot be opened or read (another secret, another time) counts as none."""
        if not sealed:
            return None
        purpose = kind.__name__.lower()
        try:
            return kind.model_validate_json(self._vault.open(f"{purpose} of {who}", sealed))
        except (Unsealable, ValueError):
            note("unreadable", kind=purpose)
            return None

    def _seal_trace(self, who: str, trace: str) -> bytes:
        return self._vault.seal_alike(f"trace of {who}", trace.encode())

    def _trace(self, who: str, sealed: bytes) -> str | None:
        try:
            return self._vault.open(f"trace of {who}", sealed).decode() if sealed else None
        except Unsealable:
            return None

    def _seal_address(self, address: Address) -> bytes:
        return self._vault.seal("address", address.model_dump_json().encode())

    def _pack(self, parcel: Parcel) -> bytes:
        """The id and kind readable for the scripts, the rest sealed."""
        head = f'{{"id":"{parcel.id}","kind":"{parcel.carries.kind}"}}\n'
        return head.encode() + self._vault.seal("parcel", parcel.model_dump_json().encode())

    def _unpack(self, packed: Sequence[bytes]) -> tuple[Parcel, ...]:
        parcels = []
        for blob in packed:
            try:
                parcels.append(Parcel.model_validate_json(self._vault.open("parcel", blob.split(b"\n", 1)[1])))
            except (Unsealable, ValueError):
                note("unreadable", kind="parcel")
        return tuple(parcels)
