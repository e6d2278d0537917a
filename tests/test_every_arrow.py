"""Every arrow of every flow, in every language, for every channel: no way leads nowhere, and Back always works."""

import random
from collections.abc import Iterator

import pytest

from bot.core.flow import Choose, Question, Tick, Write
from bot.core.library import LANDMARKS, Library
from bot.core.reply import PLAIN, TELEGRAM, WEB, WHATSAPP, Capabilities
from bot.core.session import Session
from bot.core.talk import LOCALES, Locale
from bot.core.understanding import Meaning, Understanding
from tests.visitor import Visitor

CHANNELS = {"telegram": TELEGRAM, "whatsapp": WHATSAPP, "plain": PLAIN, "web": WEB}
WALKS, STEPS_A_WALK = 20, 40
DANGER = ("убивает меня сейчас", "мені қазір өлтіріп жатыр", "he is killing me right now")


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_arrow_leads_to_a_question(library: Library, locale: Locale, channel: str) -> None:
    seen: set[str] = set()
    for visitor in _everywhere(library, locale, CHANNELS[channel]):
        seen.add(visitor.at)
    asked = {f"{f.name}/{n}" for f in library.flows.values() for n, s in f.steps.items() if isinstance(s, Question)}
    unreached = asked - seen - {"not_understood/did_you_mean"}
    assert not unreached


def _everywhere(library: Library, locale: Locale, can: Capabilities) -> Iterator[Visitor]:
    """A visitor in every question that can be reached, having tried every answer and action there."""
    todo, seen = _starts(library, locale, can), set[str]()
    while todo:
        visitor = todo.pop()
        key = visitor.at
        if not key or key in seen:
            continue
        seen.add(key)
        yield visitor
        for follower in _followers(visitor):
            if follower.session is not None:
                assert isinstance(library.step(follower.at), Question), follower.at
                assert follower.sees.text, follower.at
            todo.append(follower)


def _starts(library: Library, locale: Locale, can: Capabilities) -> list[Visitor]:
    starts = []
    for at in [*library.doors.values(), *library.links.values(), *LANDMARKS, *_asides(library)]:
        visitor = Visitor(library, locale, can)
        visitor.comes()
        assert visitor.session is not None
        full = library.find(at)
        assert full is not None
        visitor.session = visitor.session.but(at="menu/home", mode="cover" if at.startswith("cover/") else "plain")
        _walk_to(visitor, full)
        starts.append(visitor)
    return starts


def _asides(library: Library) -> list[str]:
    return [f"{flow.name}/aside" for flow in library.flows.values() if "aside" in flow.steps]


def _walk_to(visitor: Visitor, at: str) -> None:
    """Go there by an understanding, where a door leads there; else stand there as a stored session would."""
    doors = {target: intent for intent, target in visitor.library.doors.items()}
    if at in doors:
        visitor.says("…слова…", Understanding(intent=doors[at], sure=0.99, source="nlu"))
        return
    if isinstance(visitor.library.step(at), Question):
        assert visitor.session is not None
        visitor.session = visitor.session.but(at=at)
        visitor.comes()
        return
    flow, _, _ = at.partition("/")
    link = next((link for link, target in visitor.library.links.items() if target == at), None)
    if link is not None:
        visitor.comes(link)
    elif flow == "i_cannot_write":
        visitor.sends("voice")


def _followers(visitor: Visitor) -> Iterator[Visitor]:
    """After every option, every way to answer, Back and every other action, from one question."""
    step = visitor.library.step(visitor.at)
    for option in visitor.options:
        follower = visitor.copy()
        follower.taps(option)
        yield follower
        if isinstance(step, Tick) and option in step.options:
            follower.taps("done")
            yield follower
    if isinstance(step, Write):
        follower = visitor.copy()
        word = Understanding(made="sealed", plan={"safety_plan/signs": ("weapon",)}) if step.what == "word" else None
        follower.says("двенадцать букв и больше", word)
        yield follower
        follower.taps("done")
        yield follower
    for action in ("back", "menu", "help", "language", "leave", "kk", "ru", "en", "more"):
        follower = visitor.copy()
        follower.acts(action)
        if action in ("leave",):
            assert follower.session is None
        elif visitor.session and visitor.session.mode == "plain":
            assert follower.sees.text
        if action == "back":
            yield follower


@pytest.mark.parametrize("locale", LOCALES)
def test_random_walks(library: Library, locale: Locale) -> None:
    """Two hundred walks a flow and more: taps, words, Back, stale taps, danger in the middle."""
    dice = random.Random(f"pana {locale}")
    channels = list(CHANNELS.values())
    for flow in library.flows.values():
        for n in range(WALKS):
            visitor = Visitor(library, locale, channels[n % len(channels)])
            visitor.comes()
            if flow.name != "cover" and visitor.session:
                visitor.session = visitor.session.but(at="menu/home")
                target = dice.choice(sorted({*flow.opens_on.values(), *flow.links.values(), flow.start}))
                _walk_to(visitor, f"{flow.name}/{target}")
            _wander(visitor, dice)


def _wander(visitor: Visitor, dice: random.Random) -> None:
    for _ in range(STEPS_A_WALK):
        if visitor.session is None:
            visitor.comes()
        chance = dice.random()
        if chance < 0.7 and visitor.options:
            visitor.taps(dice.choice(visitor.options))
        elif chance < 0.78:
            visitor.acts("back")
        elif chance < 0.84:
            visitor.says(dice.choice(["1", "2 3", "да", "жоқ", "меню", "код", "🙂", "", "\u202eabc"]))
        elif chance < 0.88:
            visitor.says(dice.choice(DANGER))
        elif chance < 0.92:
            visitor.taps("gone", "menu/never")
        elif chance < 0.96:
            intent = dice.choice(sorted(visitor.library.doors))
            runner_up = Meaning(intent=dice.choice(sorted(visitor.library.doors)), sure=0.2)
            sure = dice.choice([0.9, 0.4, 0.1])
            visitor.says("слова", Understanding(intent=intent, sure=sure, runner_up=runner_up, source="nlu"))
        else:
            visitor.sends("voice")
        if visitor.session is not None:
            at = visitor.session.at
            assert at is not None
            assert isinstance(visitor.library.step(at), Question)
            assert len(visitor.session.stack) <= 9


def test_lists_of_every_length(library: Library) -> None:
    """A list known only at run time: with nothing, one, a page, and more than a page."""
    for count in (0, 1, 4, 7, 8, 20):
        visitor = Visitor(library)
        visitor.comes("plan")
        answers = _plan_answers(library, count)
        assert visitor.session is not None
        visitor.session = Session(locale="ru", at="safety_plan/summary", answers=answers)
        visitor.taps("change")
        if not _titled(visitor):
            assert visitor.at != "safety_plan/change"
            continue
        assert visitor.at == "safety_plan/change"
        found = set[str]()
        for _ in range(count + 2):
            found |= set(visitor.options) - {"next"}
            if "next" not in visitor.options:
                break
            visitor.taps("next")
        assert found == set(_titled(visitor))


def _plan_answers(library: Library, count: int) -> dict[str, str | tuple[str, ...]]:
    """The first `count` answers of a real walk through the plan."""
    visitor = Visitor(library)
    visitor.comes("plan")
    while visitor.session is not None and visitor.at != "safety_plan/summary":
        if len([a for a in visitor.session.answers if a.startswith("safety_plan/")]) >= count:
            break
        step = library.step(visitor.at)
        if isinstance(step, Choose):
            visitor.taps(visitor.options[0])
        elif isinstance(step, Tick):
            visitor.taps("done")
        else:
            visitor.says("запись")
    return dict(visitor.session.answers) if visitor.session else {}


def _titled(visitor: Visitor) -> list[str]:
    from bot.engine.lists import LISTS

    scene = visitor.scene(__import__("bot.core.talk", fromlist=["Hello"]).Hello())
    scene.session = scene.session.but(at="safety_plan/summary")  # type: ignore[attr-defined]
    return list(LISTS["plan_answers"].ids(scene))  # type: ignore[arg-type]
