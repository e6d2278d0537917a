"""Whole conversations over Telegram, by polling and by webhook, with everything that goes wrong."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import redis.asyncio as redis

from bot.channels.telegram.webhook import SECRET_HEADER
from bot.core.talk import LOCALES, Address, Locale
from bot.service.ports import StoreGone
from tests.channels.telegram.bot_api import BotApi, buttons
from tests.channels.telegram.home import HER, Home, at_home

GREETING: dict[Locale, str] = {"kk": "сәлем", "ru": "привет", "en": "hello"}


async def test_a_tap_edits_the_living_message_and_words_make_a_new_one(home: Home) -> None:
    await home.types("/start plan")
    await home.api.until(lambda: len(home.api.chat(HER)) == 1)  # hers is gone
    first = home.screen["message_id"]
    assert home.screen["silent"]
    assert home.screen["protected"]
    await home.taps("begin")
    assert home.screen["message_id"] == first
    assert home.step == "safety_plan/living"
    await home.types("меню")
    await home.api.until(lambda: len(home.api.chat(HER)) == 1)
    assert home.screen["message_id"] > first
    await home.api.until(lambda: home.api.methods("answerCallbackQuery"))


async def test_the_last_row_and_the_numbers(home: Home) -> None:
    await home.types("/start help")
    await home.taps("*:help")
    rows = home.screen["markup"]["inline_keyboard"]
    assert [button["text"][0] for button in rows[-1]] == ["◀", "☰", "✕", "☎"]
    lines = home.screen["html"].split("\n")
    for number in ("111", "102", "103", "112"):
        assert f"<code>{number}</code>" in lines


@pytest.mark.parametrize("locale", LOCALES)
async def test_leave_leaves_an_empty_chat(home: Home, locale: Locale) -> None:
    await home.types("/start", locale)
    await home.taps("safe")
    await home.taps("plan")
    home.api.sends(HER, voice={"file_id": "x"})
    await home.api.until(lambda: home.step == "i_cannot_write/start")
    await home.taps("*:leave")
    words = home.pana.library.phrases[locale]
    lines = {words.say("cleared", count=count) for count in (1, 2)}  # hers may be gone already, or not yet
    await home.api.until(lambda: [m["text"] for m in home.api.chat(HER) if m["text"] in lines] != [])
    await home.api.until(lambda: home.api.chat(HER) == [], 14)
    async with asyncio.timeout(10):  # the strike-off follows the deletion
        while await home.redis.exists(f"pana:trace:{home.pana.vault.person(_address())}"):
            await asyncio.sleep(0.05)
    assert home.api.problems == []


def _address() -> Address:
    return Address(channel="telegram", user=str(HER))


async def test_who_comes_back_at_once_keeps_her_screen_when_the_line_goes(home: Home) -> None:
    await home.types("/start plan")
    home.api.types(HER, "закрыть")
    await home.api.until(lambda: any("Очищено" in m["text"] for m in home.api.chat(HER)))
    await home.types("/start plan")
    await home.api.until(lambda: not any("Очищено" in m["text"] for m in home.api.chat(HER)))
    await asyncio.sleep(0.3)
    assert home.step == "safety_plan/intro"


FAULTS: dict[str, dict[str, list[object]]] = {
    "429": {"sendMessage": [429], "editMessageText": [None, 429], "deleteMessages": [429]},
    "500": {"sendMessage": [500, 500], "editMessageText": [502], "deleteMessages": [500]},
    "dropped": {"sendMessage": ["drop"], "editMessageText": ["drop"], "deleteMessages": ["drop"]},
    "lost": {"sendMessage": ["lost", None, "lost"], "editMessageText": ["lost"], "deleteMessages": ["lost"]},
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_faults_cost_time_but_nothing_else(home: Home, fault: str) -> None:
    for method, faults in FAULTS[fault].items():
        home.api.faults[method] = list(faults)
    await home.types("/start plan")
    for option, step in (("begin", "safety_plan/living"), ("together", "safety_plan/children")):
        await home.taps(option)
        await home.api.until(lambda step=step: home.step == step)  # type: ignore[misc]
    await home.types("меню")
    await home.api.until(lambda: home.step == "menu/home")
    home.api.taps(HER, "*:leave")
    await home.api.until(lambda: home.api.chat(HER) and not buttons(home.api.chat(HER)[-1]), 12)
    await home.api.until(lambda: home.api.chat(HER) == [], 16)


async def test_whatever_is_on_its_way_is_gone_after_leave(home: Home) -> None:
    await home.types("/start plan")
    home.api.lag = 0.4
    for _ in range(3):
        home.api.types(HER, "меню")
        home.api.types(HER, "язык")
    home.api.types(HER, "закрыть")
    await asyncio.sleep(1)
    home.api.lag = 0.0
    await home.api.until(lambda: home.api.methods("sendMessage")[-1]["text"].startswith("Очищено"), 15)
    await home.api.until(lambda: home.api.chat(HER) == [], 16)


async def test_blocked_ends_quietly(home: Home, redis_client: "redis.Redis") -> None:
    await home.types("/start plan")
    home.api.faults["editMessageText"] = [403]
    home.api.taps(HER, "safety_plan/intro:begin")
    await home.api.until(lambda: not home.api.faults["editMessageText"])
    await home.pana.postman.rest()
    assert await redis_client.llen("pana:dead") == 0
    assert not await redis_client.keys("pana:outbox:*")
    await home.types("/start plan")  # unblocked


async def test_one_chat_told_to_wait_holds_nobody_else(home: Home) -> None:
    home.api.faults["sendMessage"] = ["429:3"]
    home.api.types(HER, "/start plan")
    await home.api.until(lambda: not home.api.faults["sendMessage"])
    home.api.types(6, "/start plan")
    await home.api.until(lambda: any(m["bot"] for m in home.api.chat(6)), 1.5)
    assert not any(m["bot"] for m in home.api.chat(HER))
    await home.api.until(lambda: any(m["bot"] for m in home.api.chat(HER)), 6)


async def test_groups_are_left_politely(home: Home) -> None:
    group = {"id": -100, "type": "supergroup", "title": "x"}
    us = {"id": 7, "is_bot": True, "first_name": "b"}
    joined = {"old_chat_member": {"user": us, "status": "left"}, "new_chat_member": {"user": us, "status": "member"}}
    home.api.push({"my_chat_member": {"chat": group, "from": {"id": 9, "language_code": "kk"}, "date": 1, **joined}})
    await home.api.until(lambda: home.api.methods("leaveChat") == [{"chat_id": -100}])
    assert len(home.api.chats[-100]) == 1


async def test_a_place_is_shared_by_a_button_that_goes_at_once(home: Home) -> None:
    await home.types("/start quiet")
    await home.taps("yes")
    await home.taps("yes")
    await home.api.until(lambda: any(m.get("markup", {}).get("keyboard") for m in home.api.chat(HER)))
    home.api.sends(HER, location={"latitude": 43.24, "longitude": 76.89})
    await home.api.until(lambda: any("remove_keyboard" in str(call) for call in home.api.methods("sendMessage")))
    await home.api.until(lambda: len(home.api.chat(HER)) == 1)
    assert home.step.startswith("quiet_help/")


async def test_old_buttons_are_seen_as_old(home: Home) -> None:
    await home.types("/start plan")
    await home.taps("begin")
    home.api.taps(HER, "safety_plan/intro:begin", home.screen["message_id"])
    remark = home.pana.library.phrases["ru"].say("old_button")
    await home.api.until(lambda: home.screen["text"].startswith(remark[:20]))
    for data in ("#0123:4567", "nothing", "safety_plan/gone:x", ":", "x:"):
        home.api.taps(HER, data, home.screen["message_id"])
    await asyncio.sleep(0.5)
    assert home.step == "safety_plan/living"


async def test_a_restart_in_the_middle_of_everything(
    redis_client: "redis.Redis", redis_folder: Path, tmp_path: Path
) -> None:
    """A process is gone without striking off what Telegram has taken: nothing of it stays after leave."""
    api = BotApi()
    async with at_home(redis_client, redis_folder, tmp_path, api=api) as home:
        await home.types("/start plan")
        await home.taps("begin")
        home.pana.postman._store.strike = _dies  # type: ignore[method-assign, assignment]
        api.types(HER, "меню")
        await api.until(lambda: home.step == "menu/home")
    orphan = home.screen["message_id"]
    async with at_home(redis_client, redis_folder, tmp_path, api=api) as home:
        api.taps(HER, "*:leave", orphan)
        await api.until(lambda: any("Очищено" in m["text"] for m in api.chat(HER)), 30)
        await api.until(lambda: api.chat(HER) == [], 16)


async def _dies(*args: object) -> Any:
    """What the outbox sees when a process is killed between Telegram's answer and the strike-off."""
    raise StoreGone


async def test_a_kill_in_the_middle_of_a_wipe(redis_client: "redis.Redis", redis_folder: Path, tmp_path: Path) -> None:
    """Everything was deleted and said, but not struck off: the next process says it again, and nothing stays."""
    api = BotApi()
    async with at_home(redis_client, redis_folder, tmp_path, api=api) as home:
        await home.types("/start plan")
        home.pana.postman._store.strike = _dies  # type: ignore[method-assign, assignment]
        api.types(HER, "закрыть")
        await api.until(lambda: any("Очищено" in m["text"] for m in api.chat(HER)))
    async with at_home(redis_client, redis_folder, tmp_path, api=api) as home:
        said = len(api.methods("sendMessage"))
        await api.until(lambda: len(api.methods("sendMessage")) > said, 30)
        await api.until(lambda: api.chat(HER) == [], 16)


async def test_a_wipe_of_three_hundred_messages(home: Home) -> None:
    await home.types("/start plan")
    for _ in range(300):
        id_ = next(home.api.ids)
        home.api.chats[HER][id_] = {"message_id": id_, "bot": False, "text": "x"}
        await home.pana.store.doubt(_address(), str(id_))  # (a trace like any other)
    home.api.types(HER, "закрыть")
    line = home.pana.library.phrases["ru"].say("cleared", count=302)
    await home.api.until(lambda: [m["text"] for m in home.api.chat(HER)] == [line])
    assert max(len(call["message_ids"]) for call in home.api.methods("deleteMessages")) <= 100


async def test_a_forged_secret_is_refused(redis_client: "redis.Redis", redis_folder: Path, tmp_path: Path) -> None:
    async with at_home(redis_client, redis_folder, tmp_path, "webhook") as home, aiohttp.ClientSession() as session:
        assert home.api.webhook is not None
        url, secret = home.api.webhook["url"], home.api.webhook["secret_token"]
        for headers in ({}, {SECRET_HEADER: "forged"}, {SECRET_HEADER: secret + "x"}, {SECRET_HEADER: "ж"}):
            async with session.post(url, json={"update_id": 1}, headers=headers) as answer:
                assert answer.status == 403
        for body, status in ((b"{", 400), (b"[" * 100_000, 400), (b"[]", 200), (b"1", 200), (b'{"update_id": 3}', 200)):
            async with session.post(url, data=body, headers={SECRET_HEADER: secret}) as answer:
                assert answer.status == status
        assert not await redis_client.keys("pana:session:*")
