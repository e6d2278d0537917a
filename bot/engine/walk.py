"""From an answer through silent steps to the next question."""

from bot.core.flow import END, AnyStep, Choose, Do, Question, Say, Tick, Write
from bot.core.library import COVER, HELLO, HOME
from bot.core.session import STACK_DEPTH, TRAIL_LENGTH, Answer, Place
from bot.engine.deeds import DEEDS, FINAL
from bot.engine.plan import FUSE, onward
from bot.engine.say import text_of, turn_page
from bot.engine.scene import Scene, flow_of


class Circle(Exception):
    """A way that never comes to a question. `check` finds these; the message names steps only."""


def walk(scene: Scene, target: str, *, by_arrow: bool = False) -> None:
    """Go to `target` and on until a question is reached, or the conversation is over.

    `by_arrow`: an answer of the question where she stands leads there, and not a word or button of every screen. Only
    then does the `afterwards` of that question say where to go on when another flow ends; else she comes back to it.
    """
    here = scene.session.at
    for _ in range(FUSE):
        at, returned = _enter(scene, here, target, by_arrow)
        step = scene.step(at)
        on = None if returned and isinstance(step, Question) else _pass(scene, at, step)
        if scene.over:
            return
        if on is None:
            if not isinstance(step, Choose) or step.list_from is None or _listed(scene, at, step):
                arrive(scene, at)
                return
            on = step.none or END
        here, target, by_arrow = at, on, True
    raise Circle(target)


def arrive(scene: Scene, at: str) -> None:
    """Stand at the question `at`; where she stood before this turn becomes the way back."""
    before = scene.before
    trail = scene.session.trail
    if at in (HOME, HELLO) or scene.session.mode == "cover" or scene.final:
        trail = ()
    elif before.at is not None and before.at != at and before.mode == scene.session.mode:
        trail = (*trail, Place(at=before.at, stack=before.stack))[-TRAIL_LENGTH:]
    scene.session = scene.session.but(at=at, trail=trail)
    stand(scene, at)


def stand(scene: Scene, at: str) -> None:
    """Make ready to ask `at`: what is ticked or offered there."""
    step, session = scene.step(at), scene.session
    if isinstance(step, Choose) and step.list_from is not None:
        asked_again = session.offered if scene.before.at == at else ()
        scene.session = session.but(at=at, draft=(), offered=asked_again or turn_page(scene, step.list_from, ()))
        return
    draft: tuple[str, ...] = ()
    if scene.before.at == at:
        draft = session.draft
    elif isinstance(step, Tick | Write):
        answer = session.answers.get(draft_of(at), session.answers.get(at, ()))
        draft = answer if isinstance(answer, tuple) else ()
    scene.session = session.but(at=at, draft=draft, offered=())


def draft_of(at: str) -> str:
    """Under which name ticks are remembered that are not yet "Done"."""
    return f"{at}#"


def back(scene: Scene) -> None:
    """Stand again where she stood before, as far as it still exists; else at home."""
    trail = list(scene.session.trail)
    while trail:
        place = trail.pop()
        at = scene.library.find(place.at)
        if at is not None and isinstance(scene.step(at), Question):
            scene.session = scene.session.but(stack=place.stack, trail=tuple(trail), draft=())
            stand(scene, at)
            if isinstance(scene.step(at), Choose) and not _offers(scene, at):
                continue
            return
    walk(scene, HOME)


def _offers(scene: Scene, at: str) -> bool:
    step = scene.step(at)
    return not isinstance(step, Choose) or step.list_from is None or bool(scene.session.offered)


def _listed(scene: Scene, at: str, step: Choose) -> bool:
    scene.session = scene.session.but(at=at)  # lists look at where she is
    return bool(turn_page(scene, step.list_from or "", ()))


def _enter(scene: Scene, here: str | None, target: str, by_arrow: bool) -> tuple[str, bool]:
    """The full name behind `target`, and whether it is a return. Keeps the stack of flows to return to."""
    session = scene.session
    if target == END:
        if not session.stack:
            return _home(scene), False
        scene.session = session.but(stack=session.stack[:-1], answers=_kept(scene, flow_of(here or "")))
        if session.stack[-1] == END:
            return _enter(scene, here, END, by_arrow)
        return scene.library.find(session.stack[-1]) or _home(scene), True
    at = scene.library.find(target)
    if at is None or at in (HOME, HELLO, COVER):
        return _home(scene) if at is None else _empty_stack(scene, at), False
    if here is not None and scene.library.find(here) and flow_of(here) != flow_of(at):
        _leave_for(scene, here, at, by_arrow)
    return at, False


def _home(scene: Scene) -> str:
    return _empty_stack(scene, COVER if scene.session.mode == "cover" else HOME)


def _empty_stack(scene: Scene, at: str) -> str:
    scene.session = scene.session.but(stack=(), answers=_kept(scene))
    return at


def _kept(scene: Scene, flow: str | None = None) -> dict[str, Answer]:
    """The answers without those of flows that ask anew each time (only of `flow`, where one is named)."""
    flows = scene.library.flows
    gone = {name for name, f in flows.items() if not f.keep_hours and flow in (None, name)}
    return {at: answer for at, answer in scene.session.answers.items() if flow_of(at) not in gone}


def _leave_for(scene: Scene, here: str, at: str, by_arrow: bool) -> None:
    """Remember the way back from the flow of `at`; a flow entered again forgets what lay above it."""
    flow, stack = flow_of(at), scene.session.stack
    above = next((n for n, place in enumerate(stack) if flow_of(place) == flow), None)
    if above is not None:
        stack = stack[:above]
    else:
        afterwards = scene.step(scene.library.find(here) or here).afterwards if by_arrow else None
        back_to = afterwards or here
        stack = (*stack, back_to)[-STACK_DEPTH:]
    scene.session = scene.session.but(stack=stack, answers=_kept(scene, flow))


def _pass(scene: Scene, at: str, step: AnyStep) -> str | None:
    """Say or do what a silent step says or does, and return where it leads; None at an open question."""
    match step:
        case Say():
            scene.said.append(text_of(scene, at))
        case Do():
            scene.session = scene.session.but(at=at)  # deeds look at where she is
            DEEDS[step.deed](scene, step.using)
            scene.final = scene.final or step.deed in FINAL
        case Choose() | Tick() | Write() if not _remembered(scene, at, step):
            return None
    return onward(scene, at, step)


def _remembered(scene: Scene, at: str, step: AnyStep) -> bool:
    return scene.flow(at).keep_hours > 0 and not getattr(step, "ask_always", False) and at in scene.session.answers
