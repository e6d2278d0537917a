"""A pin on the map: silent, before the reply it belongs to, and gone with it."""

import asyncio
from typing import Any

import pytest

from bot.channels.telegram.marks import Mark, read
from bot.core.library import Library
from bot.core.reply import Option, Pin, Reply
from bot.service.delivery import Delivery, Sent, Unsure
from tests.channels.telegram.alone import a_parcel, a_sender
from tests.channels.telegram.bot_api import BotApi
from tests.channels.telegram.home import HER, Home

WHERE = Pin(lat=43.238, lon=76.945)
CENTRE = Reply(step="menu/home", text="Центр.", locale="ru", options=(Option(id="plan", label="x"),), pin=WHERE)
NEXT = CENTRE.but(text="Дальше.", pin=None)


def _sent(delivered: Delivery) -> str:
    assert isinstance(delivered, Sent)
    assert delivered.trace
    return delivered.trace


def _seen(api: BotApi) -> list[Any]:
    return [m.get("pin") or m["text"] for m in api.chat(HER)]


async def test_a_pin_stands_silently_before_its_reply_and_goes_with_it(library: Library) -> None:
    api = BotApi()
    async with a_sender(library, api) as sender:
        first = _sent(await sender.send(a_parcel(CENTRE), CENTRE))
        assert _seen(api) == [(43.238, 76.945), "Центр."]
        assert all(m["silent"] and m["protected"] for m in api.chat(HER))
        assert read(first).all == tuple(m["message_id"] for m in api.chat(HER))
        delivered = await sender.send(a_parcel(NEXT, first), NEXT)
        assert _seen(api) == ["Дальше."]
        assert isinstance(delivered, Sent)
        assert delivered.gone == (first,)
        again = _sent(await sender.send(a_parcel(CENTRE, delivered.trace), CENTRE))  # after a tap, too
        assert _seen(api) == [(43.238, 76.945), "Центр."]
        await sender.send(a_parcel(NEXT, again, answers=str(api.types(HER, "дальше"))), NEXT)
        assert _seen(api) == ["Дальше."]


@pytest.mark.parametrize("fault", ["429", 500, "drop", "lost"])
async def test_a_second_try_does_not_repeat_the_pin(library: Library, fault: Any) -> None:
    api = BotApi()
    api.faults["sendMessage"] = [fault]
    async with a_sender(library, api) as sender:
        delivered = await sender.send(a_parcel(CENTRE), CENTRE)
        assert isinstance(delivered, Unsure)
        (pin,) = api.methods("sendLocation")
        assert pin["disable_notification"]
        there = read(delivered.trace)
        assert there.all == (min(api.chats[HER]),)
        assert (there.after is None) == (fault == "429")  # only then it is known that nothing came of it
        await asyncio.sleep(delivered.seconds)
        delivered = await sender.send(a_parcel(CENTRE), CENTRE)
        assert isinstance(delivered, Sent)
        assert delivered.gone == (str(Mark(there.ids)),)
        assert len(api.methods("sendLocation")) == 1
        assert _seen(api)[0] == (43.238, 76.945)
        assert _seen(api)[-1] == "Центр."


async def test_a_pin_that_is_refused_costs_only_the_pin(library: Library) -> None:
    api = BotApi()
    api.faults["sendLocation"] = [400]
    async with a_sender(library, api) as sender:
        trace = _sent(await sender.send(a_parcel(CENTRE), CENTRE))
        assert _seen(api) == ["Центр."]
        assert read(trace).all == tuple(api.chats[HER])


async def test_leave_deletes_the_pin(home: Home) -> None:
    await home.types("/start plan")
    parcel = a_parcel(CENTRE, living=str(home.screen["message_id"]))
    if claimed := await home.pana.store.post(parcel):
        home.pana.postman.deliver(claimed)
    await home.api.until(lambda: any("pin" in m for m in home.api.chat(HER)))
    await home.pana.postman.rest()
    home.api.taps(HER, "*:leave", home.screen["message_id"])
    await home.api.until(lambda: any("Очищено" in m["text"] for m in home.api.chat(HER)))
    await home.api.until(lambda: home.api.chat(HER) == [], 16)


def test_a_pin_is_never_shown_by_repr() -> None:
    assert "43" not in repr(CENTRE)


@pytest.mark.parametrize("mark", [Mark((1, 2)), Mark((1, 2), after=2), Mark(after=7), Mark((3,), 4, portable=True)])
def test_a_mark_is_read_as_it_was_written(mark: Mark) -> None:
    assert read(str(mark)) == mark
