"""handle(): order, repeats, leave and forget, the flood, bugs, and what is late; over a real Redis."""

import asyncio
import logging

import pytest
import redis.asyncio as redis

from bot.adapters.redis_store import Connection
from bot.core.flow import Choose
from bot.core.library import Library
from bot.core.talk import ANYWHERE, Address, Body, Event, Hello, Tap, Text
from bot.core.understanding import Understanding
from bot.service.delivery import Later, Never, Sent
from bot.service.ports import Outcome
from tests.service.together import HER, Together, join


async def test_a_conversation_goes_on_where_it_was(together: Together) -> None:
    await together.comes("plan")
    await together.taps("begin")
    first = together.mouth.steps[-1]
    await together.taps("together")
    assert together.mouth.steps[-1] not in (first, "menu/home")
    session, _ = await together.store.glance(HER)
    assert session is not None
    assert session.answers["safety_plan/living"] == "together"


async def test_a_repeated_event_is_done_once(together: Together) -> None:
    await together.comes("plan")
    assert await together.does(Tap(step="safety_plan/intro", option="begin"), id_="same") == "done"
    said = len(together.mouth.given)
    assert await together.does(Tap(step="safety_plan/intro", option="begin"), id_="same") == "repeated"
    assert len(together.mouth.given) == said


async def test_events_of_one_person_keep_their_order(together: Together) -> None:
    await together.comes("plan")
    await together.taps("begin")
    step = together.mouth.steps[-1]
    events = [Tap(step=step, option="together"), Tap(step=ANYWHERE, option="back"), Tap(step=step, option="apart")]
    await asyncio.gather(*(together.does(body) for body in events))
    session, _ = await together.store.glance(HER)
    assert session is not None
    assert session.answers["safety_plan/living"] == "apart"


async def test_two_processes_share_a_person(together: Together, connection: Connection, library: Library) -> None:
    other = join(connection, library)
    other.clock.time = together.clock.time
    await together.comes("plan")
    other.count = 100
    await asyncio.gather(
        *(house.does(Tap(step=ANYWHERE, option=action)) for house in (together, other) for action in ("kk", "en", "ru"))
    )
    delivered = together.mouth.given + other.mouth.given
    assert len(delivered) == 7
    session, _ = await together.store.glance(HER)
    assert session is not None
    assert session.at == "safety_plan/intro"


async def test_leave_wipes_and_drops_what_waits(together: Together, redis_client: "redis.Redis") -> None:
    await together.comes("plan")
    together.mouth.answer = lambda parcel: Later(60)
    await together.taps("begin")
    together.mouth.answer = lambda parcel: Sent()
    given = len(together.mouth.given)
    await together.does(Tap(step=ANYWHERE, option="leave"))
    assert await together.store.glance(HER) == (None, None)
    together.clock.passes(120)
    await together.postman._look()
    await together.postman.rest()
    later = together.mouth.given[given:]
    assert [parcel.carries.kind for parcel in later] == ["deletion"]
    assert not await redis_client.keys("pana:outbox:*")


async def test_a_reply_that_leave_overtook_is_taken_back(together: Together) -> None:
    await together.comes("plan")
    together.mouth.gate.clear()
    running = asyncio.create_task(together.taps("begin"))
    while not (await together.store._redis.call("EXISTS", f"pana:outbox:{together.vault.person(HER)}")):
        await asyncio.sleep(0.01)
    leave = Event(id="leave", address=HER, at=together.clock.now(), body=Tap(step=ANYWHERE, option="leave"))
    await together.conversation.handle(leave)
    together.mouth.gate.set()
    await running
    await together.postman.rest()
    overtaken = [p for p in together.mouth.given if p.epoch == 0 and p.carries.kind == "reply"][-1]
    assert together.mouth.taken_back == [overtaken.id]
    assert together.mouth.given[-1].carries.kind == "deletion"


async def test_forget_leaves_nothing_behind(together: Together, redis_client: "redis.Redis") -> None:
    await _keep_a_plan(together)
    _, door = await together.store.glance(HER)
    assert door is not None
    assert door.plan is not None
    together.ears.meanings["удалите всё обо мне"] = Understanding(intent="delete_data", sure=0.99, source="nlu")
    await together.says("удалите всё обо мне")
    forget = together.library.find(together.library.doors["delete_data"])
    assert together.mouth.steps[-1] == forget
    for option in [o.id for o in together.mouth.replies[-1].options]:
        if await _leads_to_forget(together, option):
            await together.taps(option)
            break
    assert await together.store.glance(HER) == (None, None)
    left = {str(key).split(":")[1] for key in await redis_client.keys("pana:*")}
    # hashes and counters, sealed ids of messages to delete, and when
    assert left <= {"person", "seen", "crowd", "trace", "fading"}


async def _leads_to_forget(together: Together, option: str) -> bool:
    at = together.mouth.steps[-1]
    step = together.library.step(at)
    assert isinstance(step, Choose)
    target = together.library.find(step.options[option])
    return target is not None and getattr(together.library.step(target), "deed", "") == "forget"


async def _keep_a_plan(together: Together, word: str = "алма қайық терезе тұман") -> None:
    await together.comes("plan")
    await together.taps("begin")
    await together.taps("together")
    session, _ = await together.store.glance(HER)
    assert session is not None
    event = Event(id="jump", address=HER, at=together.clock.now(), body=Text(text="x"))
    visit = await together.store.open(HER, event.id)

    moved = session.but(at="safety_plan/seal", trail=())
    await together.store.commit(event, visit, Outcome(moved, None))
    await together.says(word)


async def test_a_kept_plan_opens_with_its_word_only(together: Together) -> None:
    await _keep_a_plan(together)
    _, door = await together.store.glance(HER)
    assert door is not None
    assert door.plan is not None
    assert "together" not in door.plan
    await together.does(Tap(step=ANYWHERE, option="leave"))
    session, door = await together.store.glance(HER)
    assert session is None
    assert door is not None
    assert door.cover
    await together.comes("plan")  # a help link takes the cover off
    await together.taps("begin")
    await together.taps("open")
    await _to_the_word(together)
    await together.says("бұл дұрыс сөз емес")
    session, _ = await together.store.glance(HER)
    assert session is not None
    assert "safety_plan/living" not in session.answers
    await _to_the_word(together)
    await together.says("Алма, қайық, терезе, тұман")  # case and commas do not matter
    session, _ = await together.store.glance(HER)
    assert session is not None
    assert session.answers["safety_plan/living"] == "together"


async def _to_the_word(together: Together) -> None:
    for _ in range(3):
        if together.mouth.replies[-1].shape != "word":
            await together.taps(together.mouth.replies[-1].options[0].id)
    assert together.mouth.replies[-1].shape == "word"


async def test_the_flood_is_calmed_once_a_minute_but_leave_and_danger_pass(together: Together) -> None:
    await together.comes()
    for _ in range(30):
        await together.taps("kk", ANYWHERE)
    calm = together.library.phrases["kk"].say("slow_down")
    calmed = [r for r in together.mouth.replies if r.text.startswith(calm)]
    assert len(calmed) == 1
    assert calmed[0].step == "menu/hello"  # the question stands below it, with its options
    assert calmed[0].options
    said = len(together.mouth.given)
    assert await together.does(Tap(step=ANYWHERE, option="ru"), id_="in the crowd") == "crowded"
    assert len(together.mouth.given) == said
    await together.store._redis.call("DEL", f"pana:crowd:{together.vault.person(HER)}")
    assert await together.does(Tap(step=ANYWHERE, option="ru"), id_="in the crowd") == "done"
    for _ in range(25):
        await together.taps("ru", ANYWHERE)
    phrase = " ".join(word.rstrip("*") for word in together.library.net.now[0])
    await together.says(phrase)
    assert together.mouth.steps[-1] == together.library.doors["danger_now"]
    await together.does(Tap(step=ANYWHERE, option="leave"))
    assert await together.store.glance(HER) == (None, None)


async def test_a_bug_is_said_once_and_its_event_does_not_come_back(
    together: Together, caplog: pytest.LogCaptureFixture
) -> None:
    await together.comes("plan")
    whole = together.library
    together.library = whole.but(words={})
    logging.getLogger("pana").propagate = True
    with caplog.at_level(logging.DEBUG):
        assert await together.does(Tap(step="safety_plan/intro", option="begin"), id_="poison") == "done"
        assert await together.does(Tap(step="safety_plan/intro", option="begin"), id_="poison") == "repeated"
        await together.says("секретные слова")
    sorry = whole.phrases["ru"].say("unavailable")
    assert [r.text for r in together.mouth.replies].count(sorry) == 1
    assert "bug_in_turn" in caplog.text
    assert "секретные" not in caplog.text
    together.library = whole
    session, _ = await together.store.glance(HER)
    assert session is not None
    assert session.at == "safety_plan/intro"


async def test_what_is_late_is_obeyed_but_not_answered(together: Together) -> None:
    await together.comes("plan")
    said = len(together.mouth.given)
    await together.does(Tap(step="safety_plan/intro", option="begin"), late=700)
    session, _ = await together.store.glance(HER)
    assert session is not None
    assert session.at == "safety_plan/intro"
    assert len(together.mouth.given) == said
    await together.does(Tap(step=ANYWHERE, option="leave"), late=700)
    assert await together.store.glance(HER) == (None, None)


async def test_a_late_alarm_opens_a_case(together: Together) -> None:
    await together.comes("quiet")
    await together.taps("yes")
    await together.taps("yes")
    said = len(together.mouth.given)
    await together.does(Text(text="Кентау"), late=1800)
    visit = await together.store.open(HER, "look")
    await together.store.release(HER, visit)
    assert visit.case is not None
    assert visit.case.place == "Кентау"
    assert visit.case.urgency == "now"
    assert (visit.case.log[1].at - visit.case.log[0].at).total_seconds() == 1800
    assert len(together.mouth.given) == said


async def test_one_open_case_a_person_and_leave_hushes_it(together: Together) -> None:
    for _ in range(2):
        await together.comes("quiet")
        await together.taps("no")
        await together.taps("yes")
        await together.taps("skip")
    visit = await together.store.open(HER, "look")
    await together.store.release(HER, visit)
    assert visit.case is not None
    assert [entry.what for entry in visit.case.log] == ["written", "opened", "alarm_again"]
    assert visit.case.may_write
    await together.does(Tap(step=ANYWHERE, option="leave"))
    visit = await together.store.open(HER, "look again")
    await together.store.release(HER, visit)
    assert visit.case is not None
    assert not visit.case.may_write
    assert visit.case.log[-1].what == "left"


async def test_retry_keeps_the_order_and_never_buries(together: Together, redis_client: "redis.Redis") -> None:
    await together.comes("plan")
    together.mouth.given.clear()
    together.mouth.answer = lambda parcel: Later(5)
    await together.taps("begin", "safety_plan/intro")
    together.mouth.answer = lambda parcel: Sent()
    await together.taps("together", "safety_plan/living")
    assert len(together.mouth.given) == 1  # the second waits behind the first
    together.clock.passes(6)
    await together.postman._look()
    await together.postman.rest()
    assert together.mouth.steps == ["safety_plan/living", "safety_plan/living", "safety_plan/children"]
    assert together.mouth.given[1].tries == 1
    together.mouth.answer = lambda parcel: Never("blocked")
    await together.taps("yes")
    assert await redis_client.llen("pana:dead") == 1


async def test_a_reply_expires_after_ten_minutes(together: Together) -> None:
    await together.comes("plan")
    together.mouth.answer = lambda parcel: Later(5)
    await together.taps("begin", "safety_plan/intro")
    together.mouth.given.clear()
    together.clock.passes(601)
    await together.postman._look()
    await together.postman.rest()
    assert together.mouth.given == []


async def test_parcels_of_a_process_that_died_are_delivered_by_another(
    together: Together, connection: Connection, library: Library
) -> None:
    dead = join(connection, library)
    dead.clock.time = together.clock.time
    dead.conversation._deliver = lambda claimed: None  # it dies between commit and delivery
    await dead.comes("plan")
    together.clock.passes(21)  # the lease has run out
    await together.postman._look()
    await together.postman.rest()
    assert together.mouth.steps == ["safety_plan/intro"]


async def test_another_secret_starts_anew(together: Together, connection: Connection, library: Library) -> None:
    await together.comes("plan")
    rotated = join(connection, library, "another secret")
    assert await rotated.says("привет") == "done"
    assert len(rotated.mouth.given) == 1


async def test_an_unreadable_session_counts_as_none(together: Together, redis_client: "redis.Redis") -> None:
    await together.comes("plan")
    await redis_client.set(f"pana:session:{together.vault.person(HER)}", b"not sealed by anybody")
    await together.taps("begin", "safety_plan/intro")
    assert together.mouth.steps[-1] == "menu/home"


async def test_redis_gone_is_told_and_nothing_is_lost(library: Library) -> None:
    nowhere = Connection(redis.Redis(unix_socket_path="/nonexistent/redis.sock"))
    nowhere._shas = dict.fromkeys(("open", "commit", "release", "claim", "strike", "put_off"), "0")
    house = join(nowhere, library)
    assert await house.comes() == "unavailable"
    assert house.mouth.given == []


async def test_a_stored_session_is_small(together: Together, redis_client: "redis.Redis") -> None:
    await together.comes("plan")
    for _ in range(60):
        reply = together.mouth.replies[-1]
        if reply.step == "safety_plan/summary":
            break
        if reply.shape == "tick":
            await together.taps(reply.options[0].id)
            await together.taps("done")
        elif reply.shape == "write":
            await together.taps(reply.options[0].id)
        else:
            await together.taps(reply.options[0].id)
        together.clock.passes(2)
        await redis_client.delete(f"pana:crowd:{together.vault.person(HER)}")
    assert together.mouth.steps[-1] == "safety_plan/summary"
    assert await redis_client.strlen(f"pana:session:{together.vault.person(HER)}") <= 2048


async def test_the_words_of_a_word_step_reach_no_ears(together: Together) -> None:
    await _keep_a_plan(together)
    assert together.ears.heard == []


def test_addresses_do_not_show_their_user() -> None:
    assert "her" not in repr(Address(channel="test", user="her"))


@pytest.mark.parametrize(
    "body", [Text(text="сәлем"), Tap(step="vanished/step", option="x"), Tap(step="*", option="back")]
)
async def test_a_stored_step_that_no_longer_exists_leads_home(together: Together, body: Body) -> None:
    await together.comes("plan")
    session, _ = await together.store.glance(HER)
    assert session is not None
    event = Event(id="jump", address=HER, at=together.clock.now(), body=Hello())
    visit = await together.store.open(HER, event.id)
    moved = session.but(at="vanished/step", offered=("x",), stack=("vanished/other",), draft=("x",))
    await together.store.commit(event, visit, Outcome(moved, None))
    assert await together.does(body) == "done"
    assert together.mouth.steps[-1] in ("menu/home", "menu/hello")
    assert together.mouth.replies[-1].options
