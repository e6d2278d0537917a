"""What time brings: messages that vanish, the limit of 48 hours, the line after a wipe; several processes, one deed."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
import redis.asyncio as redis

from bot.adapters.redis_store import Connection
from bot.core.effect import Deletion, Fading, Parcel
from bot.core.library import Library
from bot.core.reply import Reply
from bot.core.talk import ANYWHERE, Tap
from bot.service.delivery import Delivery, Later, Sent, Unsure, Wiped
from bot.service.sweeper import Sweeper
from tests.service.together import HER, Together, join


def _sweeper(house: Together) -> Sweeper:
    return Sweeper(house.store, {"test": house.mouth}, house.vault, house.clock, house.postman.deliver)


async def _wiping(house: Together, parcel: Parcel) -> tuple[str, ...]:
    return tuple(trace.id for trace in (await house.store.traces(parcel.to)).known)


def _deletes(house: Together) -> list[str]:
    """The mouth deletes what is traced; returns a list that fills with what was asked of it."""
    asked: list[str] = []
    send = house.mouth.send

    async def deleting(parcel: Parcel) -> Delivery:
        if isinstance(parcel.carries, Fading | Deletion):
            asked.append(parcel.carries.what if isinstance(parcel.carries, Fading) else "leave")
            notice = "notice" if isinstance(parcel.carries, Deletion) else None
            return Wiped(await _wiping(house, parcel), notice)
        return await send(parcel)

    house.mouth.send = deleting  # type: ignore[method-assign]
    return asked


async def _looks(house: Together) -> int:
    found = await _sweeper(house).look()
    await house.postman.rest()
    return found


async def test_messages_vanish_an_hour_after_the_last(together: Together) -> None:
    asked = _deletes(together)
    await together.comes("plan")
    together.clock.passes(3000)
    await together.taps("begin")
    together.clock.passes(3000)
    assert await _looks(together) == 0
    together.clock.passes(700)
    assert await _looks(together) == 1
    assert asked == ["vanish"]
    assert (await together.store.traces(HER)).known == ()
    assert await _looks(together) == 0
    session, _ = await together.store.glance(HER)
    assert session is not None  # only the chat is empty


async def test_she_chooses_when(together: Together) -> None:
    asked = _deletes(together)
    await together.comes("plan")
    for option in ("menu", "settings", "vanishing", "five_minutes"):
        await together.taps(option, ANYWHERE if option == "menu" else None)
    _, door = await together.store.glance(HER)
    assert door is not None
    assert door.vanishing == 5
    together.clock.passes(301)
    await _looks(together)
    assert asked == ["vanish"]
    await together.taps("vanishing", "settings/start")
    await together.taps("never")
    together.clock.passes(40 * 3600)
    assert await _looks(together) == 0
    together.clock.passes(7 * 3600)
    await _looks(together)
    assert asked == ["vanish", "limit"]  # nothing can be deleted after 48 hours


async def test_a_vanishing_time_alone_puts_no_cover_on(together: Together) -> None:
    await together.comes("plan")
    for option in ("menu", "settings", "vanishing", "day"):
        await together.taps(option, ANYWHERE if option == "menu" else None)
    await together.does(Tap(step=ANYWHERE, option="leave"))
    _, door = await together.store.glance(HER)
    assert door is not None
    assert not door.cover
    assert door.vanishing == 1440


async def test_the_line_after_a_wipe_goes_after_ten_seconds(together: Together, redis_client: "redis.Redis") -> None:
    asked = _deletes(together)
    await together.comes("plan")
    await together.does(Tap(step=ANYWHERE, option="leave"))
    together.clock.passes(9)
    assert await _looks(together) == 0
    together.clock.passes(2)
    assert await _looks(together) == 1
    assert asked == ["leave", "notice"]
    left = {str(key).split(":")[1] for key in await redis_client.keys("pana:*")}
    assert left <= {"person", "seen", "crowd"}
    who = together.vault.person(HER)
    assert not await redis_client.hexists(f"pana:person:{who}", "to")


async def test_two_processes_delete_once(together: Together, connection: Connection, library: Library) -> None:
    other = join(connection, library)
    asked, also = _deletes(together), _deletes(other)
    await together.comes("plan")
    together.clock.passes(3700)
    other.clock.time = together.clock.time
    assert sorted([await _looks(together), await _looks(other)]) == [0, 1]
    assert asked + also == ["vanish"]


async def test_a_process_that_dies_between_look_and_post_loses_nothing(together: Together) -> None:
    asked = _deletes(together)
    await together.comes("plan")
    together.clock.passes(3700)
    assert len(await together.store.due("test", together.clock.now(), 10)) == 1  # and it dies
    assert await _looks(together) == 0
    together.clock.passes(21)
    assert await _looks(together) == 1
    assert asked == ["vanish"]


async def test_a_message_meanwhile_moves_the_time(together: Together) -> None:
    asked = _deletes(together)
    await together.comes("plan")
    together.clock.passes(3700)
    (due,) = await together.store.due("test", together.clock.now(), 10)
    await together.taps("begin")
    parcel = Parcel(id="late", to=HER, carries=Fading(what="vanish"), due=together.clock.now())
    assert await together.store.post(parcel, due) is None
    assert await _looks(together) == 0
    assert asked == []


async def test_an_unknown_outcome_is_written_down(together: Together) -> None:
    answers: Iterator[Delivery] = iter([Unsure(1, "?7", "no answer"), Sent("9")])
    together.mouth.answer = lambda parcel: next(answers)
    await together.comes("plan")
    together.clock.passes(2)
    await together.postman._look()
    await together.postman.rest()
    assert [trace.id for trace in (await together.store.traces(HER)).known] == ["m1", "?7", "9"]


async def test_what_a_dead_process_had_is_in_doubt(
    together: Together, connection: Connection, library: Library
) -> None:
    dead = join(connection, library)
    dead.clock.time = together.clock.time
    dead.conversation._deliver = lambda claimed: None
    await dead.comes("plan")
    together.clock.passes(21)
    await together.postman._look()
    await together.postman.rest()
    assert any(trace.id.startswith("?") for trace in (await together.store.traces(HER)).known)


async def test_what_leave_took_off_is_kept_for_the_wipe(together: Together) -> None:
    await together.comes("plan")
    together.mouth.answer = lambda parcel: Later(60)
    await together.taps("begin")
    await together.does(Tap(step=ANYWHERE, option="leave"))
    dropped = (await together.store.traces(HER)).dropped
    assert [parcel.carries.kind for parcel in dropped] == ["reply"]
    asked = _deletes(together)
    together.clock.passes(timedelta(minutes=2).total_seconds())
    await together.postman._look()
    await together.postman.rest()
    assert asked == ["leave"]
    assert (await together.store.traces(HER)).dropped == ()


@pytest.mark.parametrize("arrives", [True, False])
async def test_leave_waits_for_no_reply_that_came_to_nothing(together: Together, arrives: bool) -> None:
    """What was on its way is looked for once more, and nothing else is touched."""
    await together.comes("plan")
    together.mouth.gate.clear()
    running = asyncio.create_task(together.taps("begin"))
    await asyncio.sleep(0.1)
    leaving = asyncio.create_task(together.does(Tap(step=ANYWHERE, option="leave")))
    await asyncio.sleep(0.1)
    kinds: list[str] = []
    strays: list[str] = []

    def answer(parcel: Parcel) -> Delivery:
        kinds.append(parcel.carries.kind)
        if isinstance(parcel.carries, Reply):
            return Sent("8", left=("9 ?9",)) if arrives else Unsure(1, "?7", "no answer")
        strays.extend(parcel.carries.traces if isinstance(parcel.carries, Fading) else ())
        return Wiped()

    together.mouth.answer = answer
    together.mouth.gate.set()
    await asyncio.gather(running, leaving)
    assert kinds == ["reply", "deletion", "fading"]
    assert strays == (["9 ?9"] if arrives else ["?7"])


async def test_what_could_not_be_taken_back_is_tried_again(together: Together) -> None:
    await together.comes("plan")
    together.mouth.gate.clear()
    running = asyncio.create_task(together.taps("begin"))
    await asyncio.sleep(0.1)
    leaving = asyncio.create_task(together.does(Tap(step=ANYWHERE, option="leave")))
    await asyncio.sleep(0.1)
    together.mouth.takes_back = False
    together.mouth.gate.set()
    await asyncio.gather(running, leaving)
    (stray,) = [p.carries for p in together.mouth.given if isinstance(p.carries, Fading)]
    assert stray.traces == tuple(together.mouth.taken_back)


async def test_the_second_of_two_waits_as_long_as_it_was_told(together: Together) -> None:
    await together.comes("plan")
    together.mouth.gate.clear()
    first = together.taps("begin", "safety_plan/intro")
    running = asyncio.create_task(first)
    await asyncio.sleep(0.1)
    second = asyncio.create_task(together.taps("together", "safety_plan/living"))
    await asyncio.sleep(0.1)
    answers: Iterator[Delivery] = iter([Sent("2"), Later(5), Sent("3")])
    together.mouth.answer = lambda parcel: next(answers)
    together.mouth.gate.set()
    await asyncio.gather(running, second)
    together.clock.passes(6)
    await together.postman._look()
    await together.postman.rest()
    assert together.mouth.given[-1].tries == 1
