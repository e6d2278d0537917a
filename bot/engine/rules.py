"""The named rules for `if: {rule: …}`: pure questions about the scene, answered yes or no."""

from collections.abc import Callable

from bot.core.flow import Condition
from bot.engine import whereabouts
from bot.engine.scene import Scene, flow_of

PLANS = ("safety_plan", "safety_plan_teen", "safety_plan_for_other")
SIGNS = ("signs", "weapon")
NO_SIGN = frozenset({"no", "none", "skip", "later", "not_sure"})


def high_danger(scene: Scene) -> bool:
    """A danger sign was ticked in a plan. No score: one is enough, and none closes no door (P4)."""
    return any(_is_sign(scene, f"{plan}/{step}") for plan in PLANS for step in SIGNS)


def _is_sign(scene: Scene, at: str) -> bool:
    answer = scene.session.answers.get(at, ())
    ticked = {answer} if isinstance(answer, str) else set(answer)
    return bool(ticked - NO_SIGN)


def plan_begun(scene: Scene) -> bool:
    """Some plan has an answer."""
    return any(flow_of(at) in PLANS for at in scene.session.answers)


def plan_kept(scene: Scene) -> bool:
    """A sealed plan waits behind her word."""
    return scene.door is not None and scene.door.plan is not None


def plan_opened(scene: Scene) -> bool:
    """The word just written opened the sealed plan."""
    return scene.understanding.plan is not None


def _opened_as(plan: str) -> Callable[[Scene], bool]:
    return lambda scene: any(flow_of(at) == plan for at in scene.session.answers)


def word_set(scene: Scene) -> bool:
    """She has a word of her own for the cover."""
    return scene.door is not None and scene.door.word is not None


RULES: dict[str, Callable[[Scene], bool]] = {
    "high_danger": high_danger,
    "plan_begun": plan_begun,
    "plan_kept": plan_kept,
    "plan_opened": plan_opened,
    "plan_is_teen": _opened_as("safety_plan_teen"),
    "plan_is_for_other": _opened_as("safety_plan_for_other"),
    "word_set": word_set,
    **whereabouts.RULES,
}


def holds(scene: Scene, when: Condition | None, flow: str) -> bool:
    """True when a case of `decide` fits; conditions on answers look at answers of `flow`."""
    if when is None:
        return True
    if when.rule is not None:
        return RULES[when.rule](scene)
    answer = scene.session.answers.get(f"{flow}/{when.step}", ())
    return when.option == answer or (isinstance(answer, tuple) and when.option in answer)
