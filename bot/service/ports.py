"""What the service needs of the world: Store, Ears, Vault, Channel, Clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.core.case import Case
from bot.core.door import Door
from bot.core.effect import FadingOf, Parcel, TellEditors
from bot.core.place import Found
from bot.core.session import Answer, Session
from bot.core.talk import Address, Event
from bot.core.understanding import Understanding
from bot.service.delivery import Delivery


class StoreGone(Exception):
    """The store cannot be reached. Nothing was committed, or nobody knows whether it was."""


class LostLock(Exception):
    """Somebody else took this person's turn meanwhile; nothing was committed."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One person as she is at the start of a turn, with the lock on her held.

    `living` is the trace of our last message, which a channel may change in place.

    `crowd` counts her events in the running ten seconds; `calmed` and `sorry` are when the flood sentence and the
    sentence after a bug were last said.
    """

    token: str
    version: int
    epoch: int
    seen: bool
    crowd: int
    session: Session | None = None
    door: Door | None = None
    case: Case | None = None
    calmed: datetime | None = None
    sorry: datetime | None = None
    living: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one commit makes true. What is None, or not set, stays as it is.

    `acted` is False where the event was not looked at (too much at once): it does not count as seen.
    """

    session: Session | None
    door: Door | None
    case: Case | None = None
    withdrawn: bool = False
    erase: bool = False
    told: tuple[TellEditors, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    calmed: datetime | None = None
    sorry: datetime | None = None
    acted: bool = True


@dataclass(frozen=True, slots=True)
class Claimed:
    """The parcels of one address, oldest first, that this process may deliver now. `lapsed`: another process had
    them, and nobody knows how far it came."""

    to: Address
    parcels: tuple[Parcel, ...]
    epoch: int = 0
    living: str | None = None
    lapsed: bool = False


@dataclass(slots=True)
class Strike:
    """Parcels of one address that are done with: their ids, the traces they left, those that are gone, and that of
    a line that is to go soon (`notice`). `living` is the trace of what may now be changed in place ("": nothing);
    `wiped` says that what *leave* took off has been looked after."""

    to: Address
    ids: list[str] = field(default_factory=list)
    traces: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    living: str | None = None
    notice: str | None = None
    wiped: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """A message that can still be deleted: the channel's id of it, and since when we know of it."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Traces:
    """What is known of a chat, oldest first; `dropped` are parcels that *leave* has taken off, of which one or the
    other may have been on its way."""

    known: tuple[Trace, ...] = ()
    dropped: tuple[Parcel, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """Something of a chat that is to be deleted now; `token` names it to the store."""

    to: Address
    what: FadingOf
    token: str


class Store(Protocol):
    """The only place where anything lasts. Every method raises StoreGone where it cannot be reached."""

    async def open(self, address: Address, event_id: str) -> Visit:
        """Take the lock on a person and read her; waits where somebody else holds it."""

    async def commit(self, event: Event, visit: Visit, outcome: Outcome) -> Claimed | None:
        """Make it true and free the lock. Returns what may be delivered at once; raises LostLock."""

    async def release(self, address: Address, visit: Visit) -> None:
        """Free the lock, nothing else."""

    async def claim(self, channel: str, now: datetime, most: int) -> Sequence[Claimed]:
        """Parcels that are due on a channel, of at most so many addresses."""

    async def strike(self, done: Strike) -> Claimed:
        """Take parcels off; returns what is next for the same address, and its epoch."""

    async def put_off(self, parcel: Parcel, trace: str | None = None) -> bool:
        """Write down a parcel's new due time and number of tries, and where to look for what may have arrived. False
        where *leave* has taken it off meanwhile."""

    async def doubt(self, to: Address, trace: str) -> None:
        """Keep where to look for what may have arrived."""

    async def due(self, channel: str, now: datetime, most: int) -> Sequence[Due]:
        """What is to be deleted now, of at most so many chats; leased to the caller for some seconds."""

    async def post(self, parcel: Parcel, due: Due | None = None) -> Claimed | None:
        """Put a parcel into the outbox, and take `due` off in the same moment; returns what may go out at once."""

    async def bury(self, parcel: Parcel, reason: str) -> None:
        """Move a parcel among the dead letters."""

    async def traces(self, address: Address) -> Traces:
        """What is known of a chat's messages; kept until a strike says that they are gone."""

    async def glance(self, address: Address) -> tuple[Session | None, Door | None]:
        """Her session and door as they are, without taking the lock."""

    async def ping(self) -> bool:
        """True when the store answers."""


class Ears(Protocol):
    """The understanding. Never raises: silence is NOTHING_HEARD."""

    async def understand(self, text: str) -> Understanding:
        """What `text` seems to mean."""

    async def ready(self) -> bool:
        """True when it can hear."""


class Map(Protocol):
    """The map of Kazakhstan. Never raises: what nobody knows is NOWHERE."""

    async def find(self, text: str) -> Found:
        """What the words for a place mean."""

    async def around(self, lat: float, lon: float) -> Found:
        """The settlement nearest to a point in degrees."""


class Vault(Protocol):
    """Her words and what is sealed with them. Slow by intent: never called on the event loop."""

    def seal_plan(self, word: str, answers: dict[str, Answer]) -> str:
        """Seal answers with a key made of `word`."""

    def open_plan(self, word: str, sealed: str) -> dict[str, Answer] | None:
        """The answers, where `word` is the right one."""

    def hash_word(self, word: str) -> str:
        """A salted hash of her word."""

    def is_word(self, word: str, hashed: str) -> bool:
        """True when `word` is the one that was hashed."""

    def four_words(self, words: Sequence[str]) -> str:
        """Four words thrown by fair dice."""

    def case_id(self, event_id: str) -> str:
        """The speakable id of a case; the same for the same event."""

    def parcel_id(self, event_id: str, number: int) -> str:
        """The id of the n-th parcel that an event made; the same for the same event."""


class Channel(Protocol):
    """A mouth. It turns updates into events and parcels into messages; it has no logic of its own."""

    name: str

    async def send(self, parcel: Parcel) -> Delivery:
        """Deliver one parcel."""

    async def unsend(self, to: Address, trace: str) -> bool:
        """Take back a message that was overtaken by *leave*; False where that failed."""

    def doubt(self, parcel: Parcel) -> str | None:
        """Where to look for what a process that died may have sent of this parcel."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a stream: its id, by which a reader goes on where she broke off, and what it says."""

    id: str
    said: str


class Streams(Protocol):
    """What was sent to an address and may be read again for 24 hours, sealed. Raises StoreGone."""

    async def add(self, address: Address, said: str) -> None:
        """Write one entry and wake the readers."""

    async def close(self, address: Address, last: str) -> None:
        """Drop everything; readers that are there now find `last` as the only entry."""

    async def read(self, address: Address, after: str) -> Sequence[Entry]:
        """The entries after that id ("0": all of them)."""

    async def wait(self, address: Address, seconds: float) -> None:
        """Return when there may be something new, at the latest after so many seconds."""


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """Now, with its time zone."""
