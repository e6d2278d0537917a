"""After a quiet deed the screen, the options and the way back equal those of the other answer (P11)."""

import re

import pytest

from bot.core.effect import OpenCase
from bot.core.flow import Do, Tick, Write, targets
from bot.core.library import Library
from bot.core.reply import PLAIN, TELEGRAM, WEB, WHATSAPP, Reply, fit
from bot.core.session import Session
from bot.core.talk import LOCALES, Locale
from tests.small import Small
from tests.visitor import Visitor

CHANNELS = {"telegram": TELEGRAM, "whatsapp": WHATSAPP, "plain": PLAIN, "web": WEB}
PLACE = "Семей, улица Тихая"
CASE_NUMBER = re.compile(r"\bK-?[0-9A-Z]{4,}\b", re.I)
Screens = tuple[Reply, ...]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A flow in which one answer does a quiet deed and the other does nothing."""
    return Small(tmp_path_factory.mktemp("silence")).load()[0]


def _quiet_deeds(library: Library) -> list[tuple[str, str]]:
    """Flow and step of every quiet deed."""
    return [
        (flow.name, name)
        for flow in library.flows.values()
        for name, step in flow.steps.items()
        if isinstance(step, Do) and step.quiet
    ]


def _visitor(library: Library, flow: str, locale: Locale, channel: str) -> Visitor:
    visitor = Visitor(library, locale, CHANNELS[channel])
    visitor.comes()
    visitor.session = Session(locale=locale, chose_locale=True, at="menu/home")
    visitor.comes(next(iter(library.flows[flow].links)))
    return visitor


def _ways(visitor: Visitor, flow: str) -> list[tuple[Visitor, str, str]]:
    """Every turn on every way through a flow: who took it, from which question, and what she answered."""
    turns, todo, seen = [], [visitor], set[str]()
    while todo:
        here = todo.pop()
        if here.session is None or not here.at.startswith(f"{flow}/") or here.session.model_dump_json() in seen:
            continue
        seen.add(here.session.model_dump_json())
        for answer in (*here.options, *([PLACE] if isinstance(here.library.step(here.at), Write) else [])):
            after = here.copy()
            after.says(PLACE) if answer == PLACE else after.taps(answer)
            turns.append((after, here.at, answer))
            if not isinstance(here.library.step(here.at), Tick) or answer not in ("", here.options[0]):
                todo.append(after)
    return turns


def _screens(visitor: Visitor) -> Screens:
    """What she sees, in pieces as her channel carries it, and then on every step of the way back."""
    pieces = list(fit(visitor.sees, visitor.can, visitor.library.phrases[visitor.locale]))
    back = visitor.copy()
    for _ in range(4):
        back.acts("back")
        pieces.append(back.sees.but(options=tuple(option.but(chosen=False) for option in back.sees.options)))
    forward = visitor.copy()
    forward.acts("more")
    return (visitor.sees, *pieces, forward.sees)


def _alarmed(visitor: Visitor) -> bool:
    return any(isinstance(effect, OpenCase) for effect in visitor.turn.effects)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("locale", LOCALES)
def test_a_quiet_deed_looks_like_the_other_answer(library: Library, locale: Locale, channel: str) -> None:
    for flow in dict(_quiet_deeds(library)):
        turns = [turn for turn in _ways(_visitor(library, flow, locale, channel), flow) if _alarmed(turn[0])]
        by_question: dict[str, set[str]] = {}
        for visitor, asked, _ in turns:
            shown = "\n".join(screen.model_dump_json() for screen in _screens(visitor))
            by_question.setdefault(asked, set()).add(shown)
        assert by_question, flow
        assert all(len(shown) == 1 for shown in by_question.values()), {a: len(s) for a, s in by_question.items()}


@pytest.mark.parametrize("locale", LOCALES)
def test_both_urgencies_and_every_answer_were_compared(library: Library, locale: Locale) -> None:
    """The test above would be worth nothing if it had met one alarm only."""
    turns = _ways(_visitor(library, "quiet_help", locale, "telegram"), "quiet_help")
    alarms = {effect for visitor, _, _ in turns for effect in visitor.turn.effects if isinstance(effect, OpenCase)}
    met = {(alarm.urgency, alarm.may_write, alarm.place) for alarm in alarms}
    assert met == {(u, m, p) for u in ("now", "soon") for m in (True, False) for p in (PLACE, None)}


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_in_the_reply_tells_of_a_case(library: Library, locale: Locale) -> None:
    for flow, name in _quiet_deeds(library):
        for visitor, _, _ in _ways(_visitor(library, flow, locale, "telegram"), flow):
            if not _alarmed(visitor):
                continue
            for screen in _screens(visitor):
                said = screen.model_dump_json()
                assert name not in said
                assert PLACE not in said
                assert CASE_NUMBER.search(screen.text) is None
                assert screen.kind == "reply"


@pytest.mark.parametrize("locale", LOCALES)
def test_her_answers_are_not_kept_in_the_session_after_the_alarm(library: Library, locale: Locale) -> None:
    """A place goes into the case and is forgotten here (P19)."""
    for visitor, _, answer in _ways(_visitor(library, "quiet_help", locale, "telegram"), "quiet_help"):
        if _alarmed(visitor) and answer == PLACE:
            assert visitor.session is not None
            assert PLACE not in visitor.session.model_dump_json()


def test_no_step_with_words_stands_behind_one_urgency_only(library: Library) -> None:
    for flow, name in _quiet_deeds(library):
        steps = library.flows[flow].steps
        (after,) = {t for s in steps.values() if isinstance(s, Do) and s.quiet for t in targets(s).values()}
        assert targets(steps[name])[""] == after


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("locale", LOCALES)
def test_where_the_other_answer_does_nothing_both_look_the_same(small: Library, locale: Locale, channel: str) -> None:
    told = Visitor(small, locale, CHANNELS[channel])
    told.session = Session(locale=locale, at="extra/silent")
    told.comes()
    not_told = told.copy()
    told.taps("tell")
    not_told.taps("not_now")
    assert _alarmed(told)
    assert not _alarmed(not_told)
    assert _screens(told) == _screens(not_told)
