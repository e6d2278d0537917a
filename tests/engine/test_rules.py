"""The named rules: each true where its sentence says so, and nowhere else."""

import pytest

from bot.core.door import Door
from bot.core.flow import Condition
from bot.core.library import Library
from bot.core.session import Answer, Session
from bot.core.talk import Hello
from bot.core.understanding import Understanding
from bot.engine.rules import RULES, holds
from bot.engine.scene import Scene
from tests.visitor import Visitor


def _scene(
    library: Library,
    answers: dict[str, Answer] | None = None,
    door: Door | None = None,
    heard: Understanding | None = None,
) -> Scene:
    visitor = Visitor(library)
    visitor.door, visitor.session = door, Session(locale="ru", at="menu/home", answers=answers or {})
    scene = visitor.scene(Hello())
    scene.understanding = heard or Understanding()
    return scene


def _true(scene: Scene) -> set[str]:
    return {name for name, rule in RULES.items() if rule(scene)}


@pytest.mark.parametrize("plan", ["safety_plan", "safety_plan_teen", "safety_plan_for_other"])
@pytest.mark.parametrize(
    ("answer", "danger"),
    [(("strangling",), True), (("weapon", "worse"), True), ((), False), ("skip", False), ("later", False)],
)
def test_one_ticked_sign_of_any_plan_is_high_danger(library: Library, plan: str, answer: Answer, danger: bool) -> None:
    assert ("high_danger" in _true(_scene(library, {f"{plan}/signs": answer}))) == danger


def test_what_is_no_sign_is_no_danger(library: Library) -> None:
    answers: dict[str, Answer] = {"safety_plan/bag": ("papers",), "feelings/how": ("heavy",), "other/signs": ("x",)}
    assert "high_danger" not in _true(_scene(library, answers))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, set[str]()),
        ({"feelings/how": ("fear",)}, set[str]()),
        ({"safety_plan/living": "apart"}, {"plan_begun"}),
        ({"safety_plan_teen/x": "y"}, {"plan_begun", "plan_is_teen"}),
        ({"safety_plan_for_other/x": "y"}, {"plan_begun", "plan_is_for_other"}),
    ],
)
def test_rules_about_answers(library: Library, answers: dict[str, Answer], expected: set[str]) -> None:
    assert _true(_scene(library, answers)) == expected


@pytest.mark.parametrize(
    ("door", "expected"),
    [
        (Door(locale="ru", cover=True), set[str]()),
        (Door(locale="ru", plan="sealed"), {"plan_kept"}),
        (Door(locale="ru", word="hashed"), {"word_set"}),
    ],
)
def test_rules_about_the_door(library: Library, door: Door, expected: set[str]) -> None:
    assert _true(_scene(library, door=door)) == expected


def test_rules_about_what_was_heard(library: Library) -> None:
    assert _true(_scene(library, heard=Understanding(plan={}))) == {"plan_opened"}
    assert _true(_scene(library, heard=Understanding(intent="greet"))) == set()


def test_holds_looks_at_answers_of_the_same_flow(library: Library) -> None:
    answers: dict[str, Answer] = {"a/one": "yes", "a/many": ("x", "y"), "b/one": "no"}
    scene = _scene(library, answers)
    assert holds(scene, None, "a")
    assert holds(scene, Condition(step="one", option="yes"), "a")
    assert not holds(scene, Condition(step="one", option="yes"), "b")
    assert not holds(scene, Condition(step="one", option="ye"), "a")
    assert holds(scene, Condition(step="many", option="y"), "a")
    assert not holds(scene, Condition(step="many", option="z"), "a")
    assert not holds(scene, Condition(step="never_asked", option="yes"), "a")
    assert not holds(scene, Condition(rule="plan_kept"), "a")
    assert not holds(scene, Condition(rule="word_set"), "a")
