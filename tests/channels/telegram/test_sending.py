"""The sender and the wiper by themselves: what they leave in a chat, and what they say of it."""

import asyncio
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from bot.adapters.clock import SystemClock
from bot.channels.telegram.marks import Mark, read
from bot.channels.telegram.pace import MANY, Pace
from bot.channels.telegram.wiping import OLD, Wiper
from bot.core.effect import Fading
from bot.core.library import Library
from bot.core.reply import Option, Reply
from bot.core.talk import Address
from bot.service.delivery import Delivery, Sent, Unsure, Wiped
from bot.service.ports import Store, Trace, Traces
from tests.channels.telegram.alone import a_parcel, a_sender
from tests.channels.telegram.bot_api import BotApi
from tests.channels.telegram.home import HER, Home

WHERE_ARE_YOU = Reply(step="quiet_help/where", text="Где вы?", locale="ru", asks_place=True)
NEXT = Reply(step="menu/home", text="Дальше.", locale="ru", options=(Option(id="plan", label="x"),))


def _everything(*said: Delivery) -> set[int]:
    """The ids that whoever deletes would find by these deliveries."""
    traces = [t for d in said if isinstance(d, Sent) for t in (d.trace, *d.left) if t]
    traces += [d.trace for d in said if isinstance(d, Unsure) and d.trace]
    marks = [read(trace) for trace in traces]
    return {i for m in marks for i in m.all} | {m.after + n for m in marks if m.after is not None for n in range(1, 9)}


@pytest.mark.parametrize("method", ["sendMessage", "deleteMessages"])
@pytest.mark.parametrize("fault", [429, 500, "drop", "lost"])
@pytest.mark.parametrize("at", [0, 1, 2])
async def test_everything_that_may_stand_there_is_found(library: Library, method: str, fault: Any, at: int) -> None:
    """A place is asked for with a button; the next screen takes the button away. One call fails."""
    api = BotApi()
    api.faults[method] = [*[None] * at, fault]
    async with a_sender(library, api) as sender:
        said: list[Delivery] = []
        living, hers = None, str(api.types(HER, "x"))
        for reply, answers in ((WHERE_ARE_YOU, hers), (NEXT, None)):
            while not isinstance(delivered := await sender.send(a_parcel(reply, living, answers), reply), Sent):
                said.append(delivered)
                await asyncio.sleep(getattr(delivered, "seconds", 0))
            said.append(delivered)
            living = delivered.trace
        assert set(api.chats[HER]) - {int(hers)} <= _everything(*said)
        assert "Дальше." in [m["text"] for m in api.chat(HER)]


class _Known:
    """A store that knows these traces."""

    def __init__(self, *known: Trace) -> None:
        self.known = known

    async def traces(self, address: Address) -> Traces:
        return Traces(self.known)


@pytest.mark.parametrize("wanted", [Fading(what="limit"), Fading(what="stray", traces=("?1",)), Fading(what="notice")])
async def test_who_searches_for_the_old_spares_what_is_new(library: Library, wanted: Fading) -> None:
    api = BotApi()
    async with a_sender(library, api) as sender:
        ids = [api.types(HER, "x") for _ in range(3)]
        now = datetime.now(UTC)
        new = (Trace(str(ids[0]), now), Trace(str(ids[2]), now))
        store = cast(Store, _Known(Trace("?1", now - 2 * OLD), *new))
        wiper = Wiper(sender._api, store, sender, SystemClock(), lambda: library)
        delivered = await wiper.wipe(a_parcel(wanted, living=str(ids[2])), wanted)
        assert isinstance(delivered, Wiped)
        assert {ids[0], ids[2]} <= set(api.chats[HER])
        assert (ids[1] in api.chats[HER]) == (wanted.what == "notice")
        assert not delivered.all


async def test_many_chats_told_to_wait_means_all() -> None:
    pace = Pace()
    for chat in range(1, MANY):
        pace.stop(chat, 30)
        assert pace.stopped(99) == 0
    pace.stop(MANY, 5)
    assert 4 < pace.stopped(99) <= 5
    assert pace.stopped(1) > 20
    pace = Pace()
    for _ in range(MANY * 2):
        pace.stop(1, 30)
    assert pace.stopped(99) == 0


async def test_no_updates_for_now_means_all(home: Home) -> None:
    if not home.telegram._polling:
        return
    await home.types("/start plan")
    home.api.faults["getUpdates"] = ["429:2"]
    await home.api.until(lambda: not home.api.faults["getUpdates"])
    await home.api.until(lambda: home.telegram._sender._pace.stopped(99) > 0)
    await home.types("меню")


def test_a_mark_of_all_kinds_is_read_as_written() -> None:
    mark = Mark((1, 2), keyboard=3, portable=True, after=9)
    assert read(str(mark)) == mark


async def test_what_could_not_be_deleted_goes_with_the_next_screen(library: Library) -> None:
    api = BotApi()
    api.faults["deleteMessages"] = [500]
    async with a_sender(library, api) as sender:
        hers = str(api.types(HER, "x"))
        first = await sender.send(a_parcel(NEXT, answers=hers), NEXT)
        assert isinstance(first, Sent)
        assert (first.gone, len(api.chats[HER])) == ((), 2)
        second = await sender.send(a_parcel(NEXT, first.trace), NEXT.but(text="Ещё дальше."))
        assert isinstance(second, Sent)
        assert (second.gone, [m["text"] for m in api.chat(HER)]) == ((hers,), ["Ещё дальше."])


@pytest.mark.parametrize("faults", [["lost"], ["lost", "lost"], [None, "lost"]])
async def test_a_second_try_removes_what_the_first_has_left(library: Library, faults: list[Any]) -> None:
    """Where the answer is lost, she sees it twice only until it is sent again."""
    api = BotApi()
    api.faults["sendMessage"] = list(faults)
    async with a_sender(library, api) as sender:
        parcel = a_parcel(WHERE_ARE_YOU, answers=str(api.types(HER, "x")))
        while not isinstance(delivered := await sender.send(parcel, WHERE_ARE_YOU), Sent):
            parcel = parcel.but(tries=parcel.tries + 1)
        assert read(delivered.trace).all == tuple(api.chats[HER])
        assert [m["text"] for m in api.chat(HER)] == ["Где вы?", "📍"]
