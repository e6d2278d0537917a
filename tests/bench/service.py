"""The service with a real embedded Redis, and a channel that answers at once."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bot.adapters.embedded_redis import EmbeddedRedis
from bot.adapters.redis_store import Connection
from bot.core.effect import Parcel
from bot.core.library import Library
from bot.core.talk import Address, Event, Hello, Tap
from bot.service.delivery import Delivery, Sent
from tests.service.together import Together, join

PEOPLE, EVENTS = 64, 6000
WAY = ("begin", "together", "yes")
"""Taps that lead on, then Menu and the plan again."""


class AtOnce:
    """A channel that answers at once and keeps nothing."""

    name = "test"

    async def send(self, parcel: Parcel) -> Delivery:
        """It has arrived."""
        return Sent()

    async def unsend(self, to: Address, trace: str) -> bool:
        """Nothing to take back."""
        return True

    def doubt(self, parcel: Parcel) -> str | None:
        """Nothing is in doubt."""
        return None


@asynccontextmanager
async def _house(library: Library, folder: Path) -> Any:
    server = EmbeddedRedis(folder)
    connection = Connection(await server.start())
    await connection.start()
    house = join(connection, library)
    house.postman._channels = {"test": AtOnce()}
    house.clock.now = lambda: __import__("datetime").datetime.now(__import__("datetime").UTC)  # type: ignore[method-assign]
    try:
        yield house
    finally:
        await house.postman.rest()
        await connection.close()
        server.stop()


def _taps() -> Iterator[Any]:
    while True:
        yield Hello(link="plan", locale="ru")
        for step, option in (("intro", "begin"), ("living", "together"), ("children", "yes")):
            yield Tap(step=f"safety_plan/{step}", option=option)
        yield Tap(step="*", option="menu")


async def throughput(library: Library, folder: Path) -> float:
    """Events a second, from event in to committed and handed to the channel: 64 people, each waiting for her turn."""
    async with _house(library, folder) as house:
        began = time.perf_counter()
        await asyncio.gather(*(_person(house, n, EVENTS // PEOPLE) for n in range(PEOPLE)))
        await house.postman.rest()
        return EVENTS // PEOPLE * PEOPLE / (time.perf_counter() - began)


async def _person(house: Together, number: int, events: int) -> None:
    taps = _taps()
    for n in range(events):
        if n % 15 == 0:  # below the flood limit: another person
            address = Address(channel="test", user=f"{number}-{n}")
        event = Event(id=f"{number}-{n}", address=address, at=house.clock.now(), body=next(taps))
        await house.conversation.handle(event)


async def latencies(library: Library, folder: Path, rate: int, seconds: float = 8.0) -> tuple[float, float]:
    """Median and 99th percentile of the time to the commit, at so many events a second (arriving evenly)."""
    async with _house(library, folder) as house:
        times: list[float] = []
        running = []
        began = time.perf_counter()
        for n in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + n / rate - time.perf_counter()))
            running.append(asyncio.create_task(_timed(house, n, times)))
        await asyncio.gather(*running)
        return median(times), quantiles(times, n=100)[98]


async def _timed(house: Together, number: int, times: list[float]) -> None:
    address = Address(channel="test", user=str(number % 400))
    body = Hello(link="plan", locale="ru") if number < 400 else Tap(step="*", option=("kk", "ru", "en")[number % 3])
    began = time.perf_counter()
    await house.conversation.handle(Event(id=f"e{number}", address=address, at=house.clock.now(), body=body))
    times.append(time.perf_counter() - began)
