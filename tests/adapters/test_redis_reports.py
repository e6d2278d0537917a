"""What people said of entries: counted in the commit of their turn, and nobody's."""

import redis.asyncio as redis

from bot.adapters.redis_store import Connection, RedisReports
from bot.core.place import Found, Place
from bot.core.talk import LOCALES
from tests.service.together import HER, Together, join

KENTAU = Place(
    id="612010000", kind="city", names=dict.fromkeys(LOCALES, "Кентау"), region="61", lat=43.51672, lon=68.50463
)


async def _tells(house: Together, what: str) -> None:
    """From the question where she is to a report about the first entry."""
    house.globe.places["Кентау"] = Found(place=KENTAU)
    await house.comes("centre")
    await house.says("Кентау")
    await house.taps("any")
    await house.taps("tell")
    await house.taps(house.mouth.replies[-1].options[0].id)
    await house.taps(what)


async def test_a_report_is_counted(together: Together, connection: Connection) -> None:
    reports = RedisReports(connection)
    assert await reports.read() == ()
    await _tells(together, "silent")
    ((entry, what, count),) = await reports.read()
    assert (what, count) == ("silent", 1)
    assert entry in together.library.entries
    await _tells(together, "wrong")
    assert {(what, count) for _, what, count in await reports.read()} == {("silent", 1), ("wrong", 1)}


async def test_a_report_that_was_looked_into_is_forgotten(together: Together, connection: Connection) -> None:
    reports = RedisReports(connection)
    await _tells(together, "wrong")
    ((entry, _, _),) = await reports.read()
    await reports.clear(entry)
    assert await reports.read() == ()


async def test_nothing_says_who_told_so_or_where_she_is(
    together: Together, connection: Connection, redis_client: "redis.Redis"
) -> None:
    await _tells(together, "silent")
    assert set(await redis_client.hkeys("pana:reports")) == {
        f"{entry}|{what}".encode() for entry, what, _ in await RedisReports(connection).read()
    }
    async for key in redis_client.scan_iter("*"):
        assert b"612010000" not in (await redis_client.dump(key) or b"")


async def test_all_that_a_session_keeps_after_the_answer_is_what_stands_on_the_screen(
    together: Together, connection: Connection
) -> None:
    await _tells(together, "nothing")
    other = join(connection, together.library)
    visit = await other.store.open(HER, "another event")
    assert visit.session is not None
    kept = {at for at in visit.session.answers if at.startswith("nearest_centre/")}
    assert not kept & {"nearest_centre/meant", "nearest_centre/spot", "nearest_centre/ask"}
    assert "nearest_centre/near" in kept
