"""Every arrow of every flow, in every language, for every channel: no way leads nowhere, and Back always works."""

import random
from collections.abc import Iterator
from datetime import date

import pytest

from bot.adapters.files.centres_file import placed
from bot.core.centre import Centre
from bot.core.door import Door
from bot.core.flow import Choose, Condition, Decide, Question, Tick, Write
from bot.core.library import Library
from bot.core.place import Found
from bot.core.reply import PLAIN, TELEGRAM, WEB, WHATSAPP
from bot.core.session import Answer, Session
from bot.core.talk import ANYWHERE, LOCALES, Locale, Tap
from bot.core.understanding import Meaning, Understanding
from bot.engine.lists import LISTS
from bot.engine.walk import walk
from tests.visitor import Visitor

CHANNELS = {"telegram": TELEGRAM, "whatsapp": WHATSAPP, "plain": PLAIN, "web": WEB}
WALKS, STEPS_A_WALK = 200, 6
ACTIONS = ("back", "menu", "help", "language", "leave", "kk", "ru", "en", "more")

KEPT = Door(locale="ru", plan="sealed", word="hashed")
OPENED = Understanding(plan={"safety_plan/signs": ("weapon",)}, made="made", four_words="бір екі үш төрт")
MEANT = Understanding(intent="rights_housing", sure=0.4, runner_up=Meaning(intent="ask_bot", sure=0.3), source="nlu")
ZHAMBYL = ("613653100", "613971400", "614447100", "614483200", "614637200", "113649200", "153449100", "314045300")
"""Villages of one name: five of one region, in several districts, and some of others."""
PINNED = "pinned 3"
PROFILES: dict[str, tuple[Door | None, dict[str, Answer], Understanding]] = {
    "nothing": (None, {}, Understanding(four_words="бір екі үш төрт")),
    "kept": (KEPT, {}, OPENED),
    "danger": (None, {"safety_plan/signs": ("strangling",), "safety_plan/living": "together"}, MEANT),
    "teen": (KEPT, {"safety_plan_teen/where": "home"}, OPENED),
    "for_other": (KEPT, {"safety_plan_for_other/who": "friend"}, OPENED),
    "place_known": (None, {"nearest_centre/meant": ("331010000",), "nearest_centre/near": (PINNED,)}, OPENED),
    "two_places": (None, {"nearest_centre/meant": ("331010000", "351010000", "?")}, OPENED),
    "many_regions": (None, {"nearest_centre/meant": (*ZHAMBYL, "?")}, OPENED),
    "many_districts": (None, {"nearest_centre/meant": (*ZHAMBYL[:5], "?")}, OPENED),
    "abroad": (None, {}, Understanding(found=Found(abroad="Омск"))),
}
"""Doors, answers and understandings that make each rule true somewhere and false elsewhere."""


@pytest.fixture(scope="module")
def library(library: Library) -> Library:
    """The content as it is served, with one entry more: the only one whose very place is known."""
    centre = Centre(
        id="pinned", kind="ngo", names=dict.fromkeys(LOCALES, "Үй"), place="331010000", lat=45.0, lon=78.4,
        coordinates_source="a test", status="published", checked_on=date(2026, 11, 1), sources=("a test",),
    )  # fmt: skip
    entry = placed(centre, library.gazetteer)
    return Library(**{name: getattr(library, name) for name in Library.model_fields} | {"directory": (entry,)})


def _stands(library: Library, locale: Locale, channel: str, at: str, profile: str) -> Visitor:
    """Somebody whose stored session stands at a question."""
    door, answers, _ = PROFILES[profile]
    visitor = Visitor(library, locale, CHANNELS[channel], ears=lambda text: PROFILES[profile][2])
    visitor.door = door
    mode = "cover" if at.startswith("cover/") else "plain"
    listed = LISTS[step.list_from] if isinstance(step := library.step(at), Choose) and step.list_from else None
    visitor.session = Session(locale=locale, mode=mode, at=at, answers=answers, trail=())
    if listed is not None:
        scene = visitor.scene(Tap(step=ANYWHERE, option="more"))
        scene.understanding = MEANT
        visitor.session = visitor.session.but(offered=listed.ids(scene)[:6])
    visitor.comes()
    return visitor


def _questions(library: Library) -> list[str]:
    return [f"{f.name}/{n}" for f in library.flows.values() for n, s in f.steps.items() if isinstance(s, Question)]


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_arrow_leads_to_a_question(library: Library, locale: Locale, channel: str) -> None:
    for at in _questions(library):
        for profile in PROFILES if channel == "whatsapp" else ["nothing"]:  # the strictest channel sees all
            visitor = _stands(library, locale, channel, at, profile)
            for follower in _followers(visitor):
                _must_stand_well(follower)


def _must_stand_well(visitor: Visitor) -> None:
    if visitor.session is None:
        assert [effect.kind for effect in visitor.turn.effects].count("erase") == 1
        return
    assert isinstance(visitor.library.step(visitor.at), Question), visitor.at
    assert visitor.sees.text
    cover = visitor.session.mode == "cover"
    assert visitor.at.startswith("cover/") == cover
    assert bool(visitor.sees.actions) != cover


def _followers(visitor: Visitor) -> Iterator[Visitor]:
    """After every option, every way to answer, and every action, from one question; each also goes Back."""
    step = visitor.library.step(visitor.at)
    for option in visitor.options:
        yield from _and_back(visitor, lambda v, option=option: v.taps(option))
        if isinstance(step, Tick) and option in step.options:
            yield from _and_back(visitor, lambda v, option=option: (v.taps(option), v.taps("done")))
    if isinstance(step, Write):
        yield from _and_back(visitor, lambda v: v.says("двенадцать букв и больше"))
        yield from _and_back(visitor, lambda v: (v.says("двенадцать букв и больше"), v.taps("done")))
    for action in ACTIONS:
        yield from _and_back(visitor, lambda v, action=action: v.acts(action), back=action in ("menu", "help"))


def _and_back(visitor: Visitor, does: object, back: bool = True) -> Iterator[Visitor]:
    follower = visitor.copy()
    does(follower)  # type: ignore[operator]
    yield follower
    if back and follower.session is not None and follower.session.mode == "plain":
        follower = follower.copy()
        follower.acts("back")
        yield follower


@pytest.mark.parametrize("locale", LOCALES)
def test_every_outcome_of_decide(library: Library, locale: Locale) -> None:
    """Each case of each `decide`, made true by answers or by a profile, leads on to a question."""
    for flow in library.flows.values():
        for name, step in flow.steps.items():
            if not isinstance(step, Decide):
                continue
            for number, case in enumerate(step.cases):
                assert _taken(library, locale, f"{flow.name}/{name}", step, number), (flow.name, name, case.when)


def _taken(library: Library, locale: Locale, at: str, step: Decide, number: int) -> bool:
    flow = at.partition("/")[0]
    for profile, (door, answers, understanding) in PROFILES.items():
        when = step.cases[number].when
        told = {**answers, **_answer_to(library, flow, when)} if when else _without(answers, step, flow)
        visitor = Visitor(library, locale)
        visitor.door, visitor.session = door, Session(locale=locale, at="menu/home", answers=told)
        scene = visitor.scene(Tap(step=ANYWHERE, option="menu"))
        scene.understanding = understanding
        from bot.engine.rules import holds

        first = next(n for n, case in enumerate(step.cases) if holds(scene, case.when, flow))
        if first != number:
            continue
        walk(scene, at)
        assert scene.over or isinstance(library.step(scene.session.at or ""), Question), (at, profile)
        return True
    return False


def _answer_to(library: Library, flow: str, when: Condition) -> dict[str, Answer]:
    if when.step is None or when.option is None:
        return {}
    asked = library.flows[flow].steps[when.step]
    ticked = isinstance(asked, Tick) and when.option in asked.options
    return {f"{flow}/{when.step}": (when.option,) if ticked else when.option}


def _without(answers: dict[str, Answer], step: Decide, flow: str) -> dict[str, Answer]:
    asked = {f"{flow}/{case.when.step}" for case in step.cases if case.when and case.when.step}
    return {at: answer for at, answer in answers.items() if at not in asked}


@pytest.mark.parametrize("locale", LOCALES)
def test_random_walks(library: Library, locale: Locale) -> None:
    """Two hundred walks a flow: taps, words, Back, stale taps, voice messages, danger in the middle."""
    dice = random.Random(f"pana {locale}")
    channels, questions = list(CHANNELS), _questions(library)
    for flow in library.flows.values():
        starts = [at for at in questions if at.startswith(f"{flow.name}/")] or ["menu/home"]
        for n in range(WALKS):
            visitor = _stands(library, locale, channels[n % 4], dice.choice(starts), dice.choice(list(PROFILES)))
            for _ in range(STEPS_A_WALK):
                _wander(visitor, dice)


def _wander(visitor: Visitor, dice: random.Random) -> None:
    if visitor.session is None:
        visitor.door = None
        visitor.comes()
    chance = dice.random()
    if chance < 0.7 and visitor.options:
        visitor.taps(dice.choice(visitor.options))
    elif chance < 0.78:
        visitor.acts("back")
    elif chance < 0.88:
        visitor.says(dice.choice(["1", "2 3", "да", "жоқ", "меню", "код", "🙂", "", "\u202eabc", "он убивает меня"]))
    elif chance < 0.92:
        visitor.taps("gone", "menu/never")
    elif chance < 0.96:
        intent, other = dice.sample(sorted(visitor.library.doors), 2)
        heard = Understanding(
            intent=intent, sure=dice.choice([0.9, 0.4, 0.1]), runner_up=Meaning(intent=other, sure=0.2), source="nlu"
        )
        visitor.says("слова", heard)
    else:
        visitor.sends("voice")
    _must_stand_well(visitor)
    if visitor.session is not None:
        assert len(visitor.session.stack) <= 9


@pytest.mark.parametrize("count", [0, 1, 4, 7, 8, 20])
def test_lists_of_every_length(library: Library, count: int) -> None:
    """A list known only at run time: with nothing, one, a page, and more than a page."""
    visitor = Visitor(library, "ru", WHATSAPP)
    visitor.session = Session(locale="ru", at="safety_plan/summary", answers=_answers(library, count))
    visitor.taps("change")
    titled = LISTS["plan_answers"].ids(visitor.scene(Tap(step=ANYWHERE, option="more")))
    if not titled:
        assert visitor.at != "safety_plan/change"
        return
    assert visitor.at == "safety_plan/change"
    found = set[str]()
    for _ in range(count + 1):
        assert len(visitor.options) <= 7
        found |= set(visitor.options) - {"next"}
        if "next" in visitor.options:
            visitor.taps("next")
    assert found == set(titled)


def _answers(library: Library, count: int) -> dict[str, Answer]:
    """The first `count` answers of a real walk through the plan."""
    visitor = Visitor(library)
    visitor.comes("plan")
    visitor.taps("begin")
    while visitor.session and visitor.at != "safety_plan/summary" and len(visitor.session.answers) <= count:
        step = library.step(visitor.at)
        if isinstance(step, Tick):
            visitor.taps(visitor.options[0])
            visitor.taps("done")
        else:
            visitor.taps(visitor.options[0])
    return dict(visitor.session.answers) if visitor.session and count else {}
