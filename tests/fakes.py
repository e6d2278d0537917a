"""Small real classes that stand at the ports where the real thing is not what is tested."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.core.effect import Parcel
from bot.core.place import NOWHERE, Found
from bot.core.reply import Reply
from bot.core.talk import Address
from bot.core.understanding import NOTHING_HEARD, Understanding
from bot.service.delivery import Delivery, Sent


class StillClock:
    """A clock that moves only when told."""

    def __init__(self, now: datetime | None = None) -> None:
        self.time = now or datetime.now(UTC)

    def now(self) -> datetime:
        return self.time

    def passes(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class Listener:
    """Ears that understand what they were told to."""

    def __init__(self) -> None:
        self.meanings: dict[str, Understanding] = {}
        self.heard: list[str] = []

    async def understand(self, text: str) -> Understanding:
        self.heard.append(text)
        return self.meanings.get(text, NOTHING_HEARD)

    async def ready(self) -> bool:
        return True


class Globe:
    """A map that knows the places it was told."""

    def __init__(self) -> None:
        self.places: dict[str, Found] = {}
        self.nearby = NOWHERE

    async def find(self, text: str) -> Found:
        return self.places.get(text, NOWHERE)

    async def around(self, lat: float, lon: float) -> Found:
        return self.nearby


class Mouth:
    """A channel that keeps what it was given. `answer` decides what becomes of a parcel."""

    name = "test"

    def __init__(self) -> None:
        self.given: list[Parcel] = []
        self.taken_back: list[str] = []
        self.takes_back = True
        self.answer: Callable[[Parcel], Delivery] = lambda parcel: Sent(trace=parcel.id)
        self.gate = asyncio.Event()
        self.gate.set()

    async def send(self, parcel: Parcel) -> Delivery:
        await self.gate.wait()
        self.given.append(parcel)
        return self.answer(parcel)

    async def unsend(self, to: Address, trace: str) -> bool:
        self.taken_back.append(trace)
        return self.takes_back

    def doubt(self, parcel: Parcel) -> str | None:
        return f"?{parcel.id}"

    @property
    def replies(self) -> list[Reply]:
        return [parcel.carries for parcel in self.given if isinstance(parcel.carries, Reply)]

    @property
    def steps(self) -> list[str]:
        return [reply.step for reply in self.replies]
