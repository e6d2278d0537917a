"""The stories (tests/conversations/*.yaml) played through Telegram: what she sees is what stands in the chat."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

import pytest
import redis.asyncio as redis

from bot.channels.telegram import codes, pace
from bot.core.door import Door
from bot.core.effect import Turn
from bot.core.folding import fold
from bot.core.library import Library
from bot.core.reply import TELEGRAM, Option, Reply
from bot.core.session import Session
from bot.core.talk import ANYWHERE, LOCALES, Address, Body, Event, Hello, Locale, Other, Spot, Tap, Text
from bot.core.understanding import NOTHING_HEARD, Understanding
from bot.service import conversation
from bot.service.conversation import Handled
from tests.channels.telegram.bot_api import BotApi
from tests.channels.telegram.home import Home, at_home
from tests.test_conversations import FOLDER, FOUR_WORDS, Player, Says, Story, read_story
from tests.visitor import START

STORIES = [
    story
    for story in (read_story(path) for path in sorted(FOLDER.glob("*.yaml")))
    if not any({"late", "taps"} <= set(line.says) for line in story.lines)  # Telegram does not say when she tapped
]
WAYS = dict(zip(LOCALES, ("polling", "webhook", "polling"), strict=True))
AT_ONCE = 40
T = TypeVar("T")
_writes: ContextVar[str] = ContextVar("who writes")


class Stage:
    """pana and its people: who has been answered so far, and what their words are to mean."""

    def __init__(self, home: Home) -> None:
        self.home, self.loop = home, asyncio.get_running_loop()
        self.meanings: dict[str, Understanding] = {}
        self.handled: dict[str, int] = {}
        self._handle = home.pana.conversation.handle
        home.pana.conversation.handle = self.handle  # type: ignore[method-assign]
        home.pana.conversation._ears = self
        home.pana.vault.four_words = lambda words: FOUR_WORDS  # type: ignore[method-assign]

    async def handle(self, event: Event) -> Handled:
        _writes.set(event.address.user)
        handled = await self._handle(event)
        self.handled[event.address.user] = self.handled.get(event.address.user, 0) + 1
        return handled

    async def understand(self, text: str) -> Understanding:
        return self.meanings.get(_writes.get(), NOTHING_HEARD)

    async def ready(self) -> bool:
        return True

    def waits(self, something: Awaitable[T]) -> T:
        """Do it in the loop of the house, from a story's own thread."""

        async def soon() -> T:
            return await asyncio.wait_for(something, 20)

        return asyncio.run_coroutine_threadsafe(soon(), self.loop).result()


class Chatter:
    """Does over Telegram what tests.visitor.Visitor does with the engine."""

    can = TELEGRAM

    def __init__(self, stage: Stage, user: int, library: Library, locale: Locale) -> None:
        self.stage, self.user, self.library, self.locale = stage, user, library, locale
        self.address = Address(channel="telegram", user=str(user))
        self.session: Session | None = None
        self.door: Door | None = None
        self.sees = Reply(step="", text="", locale=locale)
        self.turn = Turn(session=None)
        self.now = START

    @property
    def api(self) -> BotApi:
        return self.stage.home.api

    @property
    def at(self) -> str:
        return (self.session.at or "") if self.session else ""

    @property
    def options(self) -> tuple[str, ...]:
        return tuple(option.id for option in self.sees.options)

    def does(self, body: Body, understood: Understanding = NOTHING_HEARD, minutes_late: float = 0) -> None:
        self.stage.meanings[str(self.user)] = understood
        self.stage.waits(self._does(body, minutes_late))

    async def _does(self, body: Body, minutes_late: float) -> None:
        who, known = str(self.user), {i: m.get("html") for i, m in self.api.chats[self.user].items()}
        before, markups = self.stage.handled.get(who, 0), self._markups()
        self._acts(body, minutes_late)
        while self.stage.handled.get(who, 0) == before or self.address in self.stage.home.pana.postman._rounds:
            await asyncio.sleep(0.005)
        self.session, self.door = await self.stage.home.pana.store.glance(self.address)
        ours = [m for m in self.api.chat(self.user) if m["bot"] and m["html"] != "📍"]
        new = [m for m in ours if known.get(m["message_id"]) != m["html"]] or self._markups() != markups
        self.sees = self._read(ours[-1]) if ours else Reply(step="", text="", locale=self.locale)
        self.turn = Turn(session=self.session, replies=(self.sees,) if new else ())

    def _markups(self) -> list[Any]:
        return [str(m["markup"]) for m in self.api.chat(self.user) if m["bot"]]

    def _acts(self, body: Body, minutes_late: float) -> None:
        late = {"date": int(self.api.now() - 60 * minutes_late)}
        match body:
            case Hello(link=link):
                self.api.sends(self.user, text=f"/start {link or ''}".strip(), lang=self.locale, **late)
            case Text(text=text):
                self.api.sends(self.user, text=text, lang=self.locale, **late)
            case Spot(lat=lat, lon=lon):
                self.api.sends(self.user, location={"latitude": lat, "longitude": lon}, **late)
            case Other(what=what):
                self.api.sends(self.user, lang=self.locale, **{what: {"file_id": "x"}}, **late)
            case Tap(step=step, option=option):
                self.api.taps(self.user, codes.data(step, option), max(self.api.chats[self.user], default=1))

    def _read(self, message: dict[str, Any]) -> Reply:
        """What is said, as it is shown: the language and the step of a screen without options are those she is in."""
        rows = message["markup"].get("inline_keyboard", [])
        found = [
            (codes.tap(b["callback_data"], self.library), b["text"]) for row in rows for b in row if "url" not in b
        ]
        own = [(tap, label) for tap, label in found if tap.step != ANYWHERE]
        return Reply(
            step=next((tap.step for tap, _ in own), self.at),
            text=message["text"],
            locale=self.session.locale if self.session else self.locale,
            options=tuple(Option(id=tap.option, label=label, chosen=label.startswith("✓ ")) for tap, label in own),
            actions=tuple(Option(id=tap.option, label=label) for tap, label in found if tap.step == ANYWHERE),
            cover=bool(self.session and self.session.mode == "cover"),
        )


class Told(Player):
    """A story as it is told over Telegram."""

    def __init__(self, stage: Stage, story: Story, locale: Locale, user: int) -> None:
        super().__init__(stage.home.pana.library, story, locale, "telegram")
        self.chatter = self.visitor = Chatter(stage, user, self.library, locale)  # type: ignore[assignment]

    def meaning(self, key: str) -> Says:
        return HERE.get(key) or super().meaning(key)

    def does(self, body: Body, understood: Understanding = NOTHING_HEARD) -> None:
        self.chatter.does(body, understood, float(self.line.says.get("late", 0)))
        if self.chatter.session is not None and self.chatter.turn.replies:
            self._must_stand_well()

    def types(self, text: str, understood: Understanding = NOTHING_HEARD) -> None:
        self.does(Text(text=text), understood)


def _sees(player: Player, step: str) -> None:
    """The step on the buttons; a screen of nothing but the actions belongs to none."""
    reply = player.visitor.sees
    if step != ANYWHERE:
        assert (reply.step, player.visitor.at) == (step, step), f"`{step}` was expected"
    assert reply.text
    assert step != ANYWHERE or (not reply.options and reply.actions), "only the actions were expected"
    assert reply.locale == player.speaks, f"the language should be {player.speaks}"


def _also_says(player: Player, step: str) -> None:
    """Word for word; the numbers stand on lines of their own here."""
    at = player.library.find(step)
    assert at, f"there is no step `{step}`"
    said = fold(player.library.voice(player.visitor.sees.locale, at).text)
    assert said in fold(player.visitor.sees.text), f"`{step}` is not said"


def _gone(player: Player, _: str) -> None:
    """Nothing is left but the line that says how much was deleted."""
    assert player.visitor.session is None, "the session is still there"
    assert not player.visitor.sees.options, "something can still be tapped"
    assert isinstance(player, Told)
    left = [message["text"] for message in player.chatter.api.chat(player.chatter.user)]
    lines = {fold(words.say("cleared", count=0))[:4] for words in player.library.phrases.values()}
    assert [fold(text)[:4] in lines for text in left] in ([True], []), left


def _engine_only(player: Player, value: Any) -> None:
    """What Telegram does not show: the engine's own stories see to it."""


ENGINE_ONLY = ("effects", "cases", "case", "tells_editors")
HERE: dict[str, Says] = {
    "sees": _sees, "also_says": _also_says, "gone": _gone, **dict.fromkeys(ENGINE_ONLY, _engine_only),
}  # fmt: skip


@asynccontextmanager
async def _stage(client: "redis.Redis", folder: Path, data: Path, way: str) -> AsyncIterator[Stage]:
    async with at_home(client, folder, data, way) as home:
        yield Stage(home)


async def _tell(stage: Stage, stories: list[Story], locale: Locale) -> list[str]:
    """Play them side by side, each for a person of her own; what did not come true."""
    with ThreadPoolExecutor(AT_ONCE) as threads:

        async def one(number: int, story: Story) -> str | None:
            told = Told(stage, story, locale, 1000 + number)
            try:
                await stage.loop.run_in_executor(threads, told.play)
                if told.chatter.api.chat(told.chatter.user):
                    await stage.loop.run_in_executor(threads, told.chatter.does, Tap(step=ANYWHERE, option="leave"))
                await stage.home.api.until(lambda: stage.home.api.chat(told.chatter.user) == [], 20)
            except AssertionError as e:
                return f"{story.name}: {e}"
            return None

        found = await asyncio.gather(*(one(n, story) for n, story in enumerate(stories)))
    return [told for told in found if told]


@pytest.mark.parametrize("locale", LOCALES)
async def test_stories(
    redis_client: "redis.Redis",
    redis_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    short_notice: None,
    locale: Locale,
) -> None:
    """All at once; nobody is too fast, and at the end of each the chat is empty after *leave*."""
    monkeypatch.setattr(pace, "BURST", 1e6)
    monkeypatch.setattr(conversation, "CROWD", 10_000)
    stories = [story for story in STORIES if locale in story.languages and not story.bug]
    async with _stage(redis_client, redis_folder, tmp_path, WAYS[locale]) as stage:
        failed = await _tell(stage, stories, locale)
        assert not failed, "\n\n".join(failed)
        assert stage.home.api.problems == []
