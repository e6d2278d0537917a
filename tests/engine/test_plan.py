"""The plan: a fold over answers along the way they lead."""

import pytest

from bot.core.library import Library
from bot.core.session import Answer, Session
from bot.core.talk import Hello
from bot.engine.plan import answered, errands, leads, notes
from bot.engine.scene import Scene
from tests.visitor import Visitor

Answers = dict[str, Answer]
FIRST: Answers = {
    "safety_plan/living": "together",
    "safety_plan/children": "yes",
    "safety_plan/signs": ("strangling",),
    "safety_plan/doctor": "noted",
    "safety_plan/numbers": "go_on",
    "safety_plan/rooms": ("door", "outside"),
    "safety_plan/exits": "skip",
    "safety_plan/people": ("friend",),
    "safety_plan/code_word": ("красный чайник",),
    "safety_plan/bag": ("papers", "money"),
}
TO_PHONE: Answers = {**FIRST, "safety_plan/phone": "look"}


def _scene(library: Library, answers: Answers, at: str = "safety_plan/summary") -> Scene:
    visitor = Visitor(library)
    visitor.session = Session(locale="ru", at=at, answers=answers)
    return visitor.scene(Hello())


def _way(library: Library, answers: Answers, flow: str = "safety_plan") -> list[str]:
    return [at for at, _ in answered(_scene(library, answers), flow)]


def test_answers_stand_in_the_order_of_the_way_not_of_answering(library: Library) -> None:
    assert _way(library, FIRST) == list(FIRST)
    assert _way(library, dict(reversed(FIRST.items()))) == list(FIRST)


def test_nothing_answered_is_an_empty_plan(library: Library) -> None:
    assert _way(library, {}) == []
    assert notes(_scene(library, {}), "safety_plan") == ()


def test_the_fold_ends_at_the_first_open_question(library: Library) -> None:
    answers = {at: answer for at, answer in FIRST.items() if at != "safety_plan/rooms"}
    assert _way(library, answers) == list(FIRST)[:5]


def test_an_answer_off_the_way_vanishes_and_comes_back(library: Library) -> None:
    apart: Answers = {**FIRST, "safety_plan/living": "apart", "safety_plan/locks": ("lock",)}
    assert "safety_plan/rooms" not in _way(library, apart)
    assert "safety_plan/locks" in _way(library, apart)
    rooms = library.voice("ru", "safety_plan/rooms").notes["door"]
    assert rooms not in notes(_scene(library, apart), "safety_plan")
    assert rooms in notes(_scene(library, FIRST), "safety_plan")


def test_a_visited_flow_belongs_to_the_plan(library: Library) -> None:
    visited: Answers = {
        "phone_safety/device": "mine", "phone_safety/shared": ("unlock",), "phone_safety/linked": "skip",
        "phone_safety/location": "skip", "phone_safety/spy": "no", "phone_safety/second": "have",
    }  # fmt: skip
    answers: Answers = {**TO_PHONE, **visited, "safety_plan/bag_place": "skip"}
    way = _way(library, answers)
    assert way == [*TO_PHONE, *visited, "safety_plan/bag_place"]
    assert library.voice("ru", "phone_safety/device").notes["mine"] in notes(_scene(library, answers), "safety_plan")


def test_a_visit_that_is_put_off_does_not_belong_to_it(library: Library) -> None:
    answers: Answers = {**TO_PHONE, "phone_safety/device": "mine", "safety_plan/phone": "later"}
    assert "phone_safety/device" not in _way(library, answers)


def test_an_unfinished_visit_ends_the_fold(library: Library) -> None:
    answers: Answers = {**TO_PHONE, "phone_safety/device": "mine", "safety_plan/bag_place": "skip"}
    assert _way(library, answers) == [*TO_PHONE, "phone_safety/device"]


def test_her_own_words_are_filled_into_the_note(library: Library) -> None:
    lines = notes(_scene(library, FIRST), "safety_plan")
    assert any("красный чайник" in line for line in lines)
    assert not any("{" in line for line in lines)


def test_notes_are_those_of_her_answers_only(library: Library) -> None:
    lines = notes(_scene(library, FIRST), "safety_plan")
    voice = library.voice("ru", "safety_plan/rooms")
    assert voice.notes["door"] in lines
    assert voice.notes["second_way"] not in lines
    assert len(lines) == len(set(lines))


def test_errands_never_tell_what_the_notes_tell(library: Library) -> None:
    scene = _scene(library, FIRST)
    assert errands(scene, "safety_plan")
    assert not set(errands(scene, "safety_plan")) & set(notes(scene, "safety_plan"))
    assert not any("красный чайник" in line for line in errands(scene, "safety_plan"))


def test_the_plan_is_read_back_in_her_language(library: Library) -> None:
    scene = _scene(library, FIRST)
    scene.session = scene.session.but(locale="kk")
    assert library.voice("kk", "safety_plan/rooms").notes["door"] in notes(scene, "safety_plan")


def test_what_is_wiped_is_gone_from_the_session(library: Library) -> None:
    visitor = Visitor(library)
    answers: Answers = {**TO_PHONE, "phone_safety/device": "mine"}
    visitor.session = Session(locale="ru", at="safety_plan/wipe", answers=answers)
    visitor.taps("yes")
    assert visitor.at == "safety_plan/wiped"
    assert visitor.session.answers == {}


@pytest.mark.parametrize(
    ("at", "answer", "target"),
    [
        ("safety_plan/living", "together", "safety_plan/children"),
        ("safety_plan/living", "gone", None),
        ("safety_plan/living", None, None),
        ("safety_plan/living", ("together",), None),
        ("safety_plan/bag", ("papers",), "safety_plan/more_gate"),
        ("safety_plan/bag", (), "safety_plan/more_gate"),
        ("safety_plan/bag", "skip", "safety_plan/more_gate"),
        ("safety_plan/bag", "papers", None),
        ("safety_plan/code_word", ("слово",), "safety_plan/bag"),
        ("safety_plan/code_word", "слово", None),
        ("safety_plan/change", "safety_plan/living", None),
    ],
)
def test_where_an_answer_leads(library: Library, at: str, answer: Answer | None, target: str | None) -> None:
    assert leads(library.step(at), answer) == target
