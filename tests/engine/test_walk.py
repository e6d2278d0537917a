"""walk(): returning from flows, `afterwards`, the stack and its limit, the way back."""

from pathlib import Path

import pytest

from bot.core.library import Library
from bot.core.session import STACK_DEPTH, TRAIL_LENGTH, Answer, Place, Session
from bot.core.understanding import Meaning, Understanding
from tests.small import Small
from tests.visitor import Visitor

HALF_SURE = Understanding(
    intent="rights_housing", sure=0.4, runner_up=Meaning(intent="find_centre", sure=0.3), source="nlu"
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The small content, with a chain of flows that can be entered one from another."""
    return _chained(tmp_path_factory.mktemp("walk"), 12)


def _chained(folder: Path, count: int) -> Library:
    content = Small(folder)
    for n in range(count):
        leads = {"ok": "end", "deeper": f"chain_{n + 1}" if n + 1 < count else "end", "tail": "hotline"}
        arrows = ", ".join(f"{option}: {target}" for option, target in leads.items())
        links = f"links: [chain_{n}]"
        content.put(
            f"chain_{n}/flow.yaml",
            f"flow: chain_{n}\nabout: One of a chain.\n{links}\nstart: start\nsteps:\n"
            f"  start:\n    ask: always\n    choose: {{{arrows}, passing: passing, last: last}}\n"
            "  passing:\n    then: hotline\n    afterwards: after\n"
            "  after:\n    ask: always\n    choose: {ok: end}\n"
            "  last:\n    then: hotline\n    afterwards: end\n",
        )
        labels = "".join(f"- {option}: {option}\n" for option in (*leads, "passing", "last"))
        for locale in ("kk", "ru", "en"):
            content.put(
                f"chain_{n}/{locale}.md",
                f"---\ntitle: Chain\nreviewed: 2026-11-01\nreviewer: x\nsources: []\n---\n\n## start\n\nText.\n\n"
                f"{labels}\n## passing\n\nPassing.\n\n## after\n\nAfter.\n\n- ok: Ok\n\n## last\n\nLast.\n",
            )
    return content.load()[0]


def _at(library: Library, at: str, answers: dict[str, Answer] | None = None) -> Visitor:
    visitor = Visitor(library)
    visitor.comes()
    visitor.session = Session(locale="ru", at=at, answers=answers or {})
    visitor.comes()
    return visitor


def test_a_flow_returns_to_the_question_it_was_entered_from(small: Library) -> None:
    visitor = _at(small, "chain_0/start")
    visitor.taps("tail")
    assert visitor.at == "hotline/start"
    visitor.taps("ok")
    assert visitor.at == "chain_0/start"
    assert visitor.session is not None
    assert visitor.session.stack == ()


def test_a_flow_with_an_empty_stack_ends_at_home(small: Library) -> None:
    visitor = _at(small, "hotline/start")
    visitor.taps("ok")
    assert visitor.at == "menu/home"


def test_flows_return_one_after_another(small: Library) -> None:
    visitor = _at(small, "chain_0/start")
    for _ in range(4):
        visitor.taps("deeper")
    assert visitor.at == "chain_4/start"
    for n in (3, 2, 1, 0):
        visitor.taps("ok")
        assert visitor.at == f"chain_{n}/start"
    visitor.taps("ok")
    assert visitor.at == "menu/home"


def test_afterwards_goes_on_there_and_what_passed_is_said(small: Library) -> None:
    visitor = _at(small, "chain_0/start")
    visitor.taps("passing")
    assert visitor.at == "hotline/start"
    assert visitor.sees.text == "Passing.\n\nСпокойное слово."
    visitor.taps("ok")
    assert visitor.at == "chain_0/after"
    visitor.taps("ok")
    assert visitor.at == "menu/home"


def test_a_tail_call_returns_to_the_caller_of_the_caller(small: Library) -> None:
    """`afterwards: end`: what was entered last comes back to where the flow itself was entered from."""
    visitor = _at(small, "chain_0/start")
    visitor.taps("deeper")
    visitor.taps("last")
    assert visitor.at == "hotline/start"
    visitor.taps("ok")
    assert visitor.at == "chain_0/start"


def test_a_tail_call_with_nowhere_to_return_ends_at_home(small: Library) -> None:
    visitor = _at(small, "chain_0/start")
    visitor.taps("last")
    visitor.taps("ok")
    assert visitor.at == "menu/home"


def test_the_stack_has_a_limit_and_drops_the_oldest(small: Library) -> None:
    visitor = _at(small, "chain_0/start")
    for _ in range(11):
        visitor.taps("deeper")
    assert visitor.session is not None
    assert visitor.at == "chain_11/start"
    assert visitor.session.stack == tuple(f"chain_{n}/start" for n in range(3, 11))
    assert len(visitor.session.stack) == STACK_DEPTH
    for n in range(10, 2, -1):
        visitor.taps("ok")
        assert visitor.at == f"chain_{n}/start"
    visitor.taps("ok")
    assert visitor.at == "menu/home"


def test_a_flow_entered_again_forgets_what_lay_above_it(small: Library) -> None:
    visitor = _at(small, "chain_0/start")
    visitor.taps("deeper")
    visitor.taps("deeper")
    visitor.comes("chain_1")
    assert visitor.session is not None
    assert (visitor.at, visitor.session.stack) == ("chain_1/start", ("chain_0/start",))


def test_home_empties_the_stack(small: Library) -> None:
    visitor = _at(small, "chain_0/start")
    visitor.taps("deeper")
    visitor.acts("menu")
    assert visitor.session is not None
    assert (visitor.at, visitor.session.stack) == ("menu/home", ())


@pytest.mark.parametrize("at", ["safety_plan/phone", "safety_plan/intro", "safety_plan/going", "feelings/how"])
def test_help_in_between_comes_back_to_the_question(library: Library, at: str) -> None:
    """`afterwards` speaks of the arrows of a step; who only looked up a number has not answered it."""
    visitor = _at(library, at)
    visitor.acts("help")
    assert visitor.at == "hotline/start"
    visitor.taps("return")
    assert visitor.at == at


@pytest.mark.parametrize("at", ["safety_plan/phone", "safety_plan/intro", "safety_plan/signs", "rights/start"])
def test_danger_in_between_comes_back_to_the_question(library: Library, at: str) -> None:
    visitor = _at(library, at)
    visitor.says("он меня убивает", Understanding(danger="now"))
    assert visitor.at == "danger/start"
    visitor.taps("misunderstood")
    assert visitor.at == at


def test_back_walks_the_trail_one_question_at_a_time(library: Library) -> None:
    visitor = Visitor(library)
    visitor.comes("plan")
    way = ["begin", "together", "yes"]
    seen = [visitor.at]
    for option in way:
        visitor.taps(option)
        seen.append(visitor.at)
    assert seen[-1] == "safety_plan/signs"
    for at in reversed(seen[:-1]):
        visitor.acts("back")
        assert visitor.at == at
    assert "back" not in [action.id for action in visitor.sees.actions]
    visitor.acts("back")
    assert visitor.at == "menu/home"


def test_back_into_a_flow_that_ended_returns_there_again(small: Library) -> None:
    """The way back remembers where each flow would have returned to."""
    visitor = _at(small, "chain_0/start")
    visitor.taps("deeper")
    visitor.taps("tail")
    visitor.taps("ok")
    visitor.taps("ok")
    assert visitor.at == "chain_0/start"
    visitor.acts("back")
    visitor.acts("back")
    assert visitor.at == "hotline/start"
    visitor.taps("ok")
    assert visitor.at == "chain_1/start"
    visitor.taps("ok")
    assert visitor.at == "chain_0/start"


def test_back_over_an_answered_question_stands_there_with_its_answer_kept(library: Library) -> None:
    visitor = Visitor(library)
    visitor.comes("plan")
    visitor.taps("begin")
    visitor.taps("together")
    visitor.acts("back")
    assert visitor.at == "safety_plan/living"
    visitor.taps("apart")
    assert visitor.session is not None
    assert visitor.session.answers["safety_plan/living"] == "apart"


def test_ticks_are_shown_again_on_the_way_back(library: Library) -> None:
    visitor = _at(library, "safety_plan/bag")
    for option in ("papers", "money", "done"):
        visitor.taps(option)
    visitor.acts("back")
    assert visitor.at == "safety_plan/bag"
    assert [o.id for o in visitor.sees.options if o.chosen] == ["papers", "money"]


def test_the_trail_has_a_limit(small: Library) -> None:
    visitor = _at(small, "chain_0/start")
    for _ in range(40):
        visitor.taps("tail")
        visitor.taps("ok")
    assert visitor.session is not None
    assert len(visitor.session.trail) == TRAIL_LENGTH


def test_back_over_steps_that_no_longer_exist_goes_home(library: Library) -> None:
    visitor = _at(library, "safety_plan/bag")
    assert visitor.session is not None
    visitor.session = visitor.session.but(trail=(Place(at="gone/step"), Place(at="safety_plan/gone")))
    visitor.acts("back")
    assert visitor.at == "menu/home"


def test_a_saved_session_at_a_renamed_step_stands_at_its_new_name(small: Library) -> None:
    visitor = Visitor(small)
    visitor.session = Session(locale="ru", at="extra/the_last")
    visitor.taps("finish", "extra/final")
    assert visitor.at == "menu/home"


def test_a_saved_session_at_a_lost_step_goes_home(small: Library) -> None:
    visitor = Visitor(small)
    visitor.session = Session(locale="ru", at="extra/never", draft=("x",), offered=("y",))
    visitor.comes()
    assert visitor.at in ("menu/home", "menu/hello")


def test_a_list_with_nothing_in_it_is_passed_by(library: Library) -> None:
    visitor = _at(library, "safety_plan/summary")
    visitor.taps("change")
    assert visitor.at == "safety_plan/living"
    visitor = _at(library, "menu/home")
    visitor.says("слова", Understanding(intent="greeting_unknown", sure=0.4, source="nlu"))
    assert visitor.at == "not_understood/start"


def test_answered_questions_are_not_asked_again(library: Library) -> None:
    answers: dict[str, Answer] = {"safety_plan/living": "together", "safety_plan/children": "no"}
    visitor = _at(library, "menu/home", answers)
    visitor.taps("plan")
    assert visitor.at == "safety_plan/signs"


def test_answers_of_a_flow_that_keeps_nothing_are_forgotten_when_it_ends(library: Library) -> None:
    visitor = _at(library, "menu/home")
    visitor.says("x", Understanding(intent="cannot_talk", sure=0.9))
    visitor.taps("no")
    assert visitor.session is not None
    assert visitor.session.answers == {"quiet_help/is_it_now": "no"}
    visitor.taps("no")
    visitor.taps("skip")
    visitor.taps("enough")
    assert visitor.at == "menu/home"
    assert visitor.session.answers == {}


def _offers(visitor: Visitor) -> tuple[str, ...]:
    return tuple(option.id for option in visitor.sees.options)


@pytest.mark.parametrize("again", ["language", "hello", "stale_tap", "numbers_and_back"])
def test_a_question_asked_again_still_has_its_options(library: Library, again: str) -> None:
    """The doors she probably meant were thought of one turn ago; what is on offer stays in the session."""
    visitor = _at(library, "menu/home")
    visitor.says("слова", HALF_SURE)
    assert visitor.at == "not_understood/did_you_mean"
    assert _offers(visitor) == ("rights_housing", "find_centre")
    match again:
        case "language":
            visitor.acts("kk")
        case "hello":
            visitor.comes()
        case "stale_tap":
            visitor.taps("gone", "menu/never")
        case _:
            visitor.acts("help")
            visitor.taps("return")
    assert _offers(visitor), "a question without an answer"
