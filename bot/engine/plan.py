"""The plan: a fold over her answers along the way they lead. An answer off that way vanishes by itself."""

from collections.abc import Iterator

from bot.core.flow import END, AnyStep, Choose, Decide, Do, Say, Tick, Write
from bot.core.session import Answer
from bot.core.words import Voice
from bot.engine.rules import holds
from bot.engine.scene import Scene, flow_of

FUSE = 300
"""More steps than any plan has: a way that goes in circles ends here."""


def onward(scene: Scene, at: str, step: AnyStep) -> str | None:
    """Where `step` leads with what she has answered; None for a question that is still open."""
    match step:
        case Say() | Do():
            return step.then
        case Decide():
            return next(c.then for c in step.cases if holds(scene, c.when, flow_of(at)))
        case _:
            return leads(step, scene.session.answers.get(at))


def leads(step: AnyStep, answer: Answer | None) -> str | None:
    """Where a question leads with `answer`; None when that is no answer to it (any more)."""
    match step:
        case Choose(list_from=None) if isinstance(answer, str):
            return step.options.get(answer)
        case Tick() | Write() if isinstance(answer, str):
            return step.instead.get(answer)
        case Tick() | Write() if answer is not None:
            return step.then
    return None


def answered(scene: Scene, flow: str) -> Iterator[tuple[str, Answer]]:
    """The answered questions of `flow`, and of the flows it visits, in the order of the way: full name, answer."""
    target, stack, seen = f"{flow}/{scene.library.flows[flow].start}", list[str](), set[str]()
    for _ in range(FUSE):
        at = scene.library.find(target)
        if at is None or at in seen:
            return
        seen.add(at)
        step = scene.step(at)
        on = onward(scene, at, step)
        if at in scene.session.answers and on is not None:
            yield at, scene.session.answers[at]
        if on is None:
            return
        if on != END and flow_of(on) != flow_of(at):
            stack.append(step.afterwards or END)
        while on == END and stack:
            on = stack.pop()
        if on == END:
            return
        target = on


def notes(scene: Scene, flow: str) -> tuple[str, ...]:
    """The lines of the plan: the note of each answer that has one."""
    return _lines(scene, flow, "notes")


def errands(scene: Scene, flow: str) -> tuple[str, ...]:
    """The harmless twins of those lines."""
    return _lines(scene, flow, "errands")


def _lines(scene: Scene, flow: str, kind: str) -> tuple[str, ...]:
    lines = [
        line
        for at, answer in answered(scene, flow)
        for line in _line(scene.voice(at), answer, getattr(scene.voice(at), kind))
    ]
    return tuple(dict.fromkeys(lines))


def _line(voice: Voice, answer: Answer, written: dict[str, str]) -> Iterator[str]:
    if isinstance(answer, str):
        if answer in written:
            yield written[answer]
        return
    if "" in written and answer:
        said = "; ".join(voice.labels.get(entry, entry) for entry in answer)
        yield written[""].replace("{answer}", said)
    for entry in answer:
        if entry and entry in written:
            yield written[entry]
