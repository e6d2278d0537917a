"""What can be wrong with a skeleton: where its arrows lead, what it names."""

import difflib
from collections.abc import Iterator

from bot.core.check.problem import Problem, Vocabulary
from bot.core.flow import (
    END,
    HOME,
    AnyStep,
    Choose,
    Decide,
    Do,
    Flow,
    Question,
    Tick,
    Write,
    options,
    targets,
)  # fmt: skip
from bot.core.library import ASIDE, LANDMARKS, Library

MOST_OPTIONS, MOST_TICKS = 7, 10
"""WhatsApp's list has ten rows; three are the actions'."""


def arrow_problems(library: Library, known: Vocabulary) -> Iterator[Problem]:
    """Every problem of every flow's skeleton."""
    reached = _reached(library)
    for flow in library.flows.values():
        if flow.start not in flow.steps:
            yield Problem(file=flow.file, line=1, told=f"`start: {flow.start}`: there is no such step.")
        for name, step in flow.steps.items():
            for told in (
                *_bad_targets(library, flow, step),
                *_unknown_names(flow, step, known),
                *_bad_options(name, step, known),
                *_way_back(library, flow, name, step),
                *_told_apart(library, flow, name, step),
            ):
                yield Problem(file=flow.file, line=step.line, told=told)
            if f"{flow.name}/{name}" not in reached:
                told = f"Nothing leads to the step `{name}`; lead to it or take it out."
                yield Problem(file=flow.file, line=step.line, told=told)
    yield from _circles(library)


def _reached(library: Library) -> set[str]:
    """Every step that some way leads to, from the doors, links and landmarks."""
    todo = [*library.doors.values(), *library.links.values(), *LANDMARKS]
    todo += [f"{flow.name}/{ASIDE}" for flow in library.flows.values()]
    seen: set[str] = set()
    while todo:
        at = library.find(todo.pop())
        if at is None or at in seen:
            continue
        seen.add(at)
        step = library.step(at)
        todo += [*targets(step).values(), *([step.afterwards] if step.afterwards else [])]
    return seen


def _bad_targets(library: Library, flow: Flow, step: AnyStep) -> Iterator[str]:
    arrows = list(targets(step).values())
    for target in [*arrows, *([step.afterwards] if step.afterwards else [])]:
        if target == END or library.find(target) is not None:
            continue
        names = [*flow.steps, *library.flows]
        near = difflib.get_close_matches(target.rpartition("/")[2], names, n=1)
        hint = f" Did you mean `{near[0]}`?" if near else ""
        yield f"It leads to `{target}`, which does not exist.{hint}"


def _unknown_names(flow: Flow, step: AnyStep, known: Vocabulary) -> Iterator[str]:
    match step:
        case Choose(list_from=str() as name) if name not in known.lists:
            yield f"`from: {name}` is no known list; there are {', '.join(sorted(known.lists))}."
        case Do(deed=deed) if deed not in known.deeds:
            yield f"`do: {deed}` is no known deed; there are {', '.join(sorted(known.deeds))}."
        case Do(deed=deed, using=using):
            yield from _bad_using(deed, using, known.deeds[deed])
        case Decide(cases=cases):
            for when in (case.when for case in cases if case.when is not None):
                if when.rule is not None and when.rule not in known.rules:
                    yield f"`rule: {when.rule}` is no known rule; there are {', '.join(sorted(known.rules))}."
                if when.step is not None:
                    yield from _bad_condition(flow, when.step, when.option or "")


def _bad_using(deed: str, using: dict[str, str], needs: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for key, values in needs.items():
        if using.get(key) not in values:
            yield f"`do: {deed}` needs `with: {{{key}: …}}`, one of {', '.join(values)}."
    for key in set(using) - set(needs):
        yield f"`do: {deed}` takes no `{key}`."


def _bad_condition(flow: Flow, step: str, option: str) -> Iterator[str]:
    asked = flow.steps.get(step)
    if asked is None:
        yield f"`if: {{{step}: …}}`: this flow has no step `{step}`."
    elif option not in options(asked):
        yield f"`if: {{{step}: {option}}}`: `{step}` has no option `{option}`."


def _bad_options(name: str, step: AnyStep, known: Vocabulary) -> Iterator[str]:
    offered = options(step)
    for option in offered:
        if option in known.reserved and not isinstance(step, Choose):
            yield f"`{option}` is the engine's own name; call the option of `{name}` something else."
    if len(set(offered)) < len(offered):
        yield f"`{name}` has the same option twice."
    if isinstance(step, Choose) and len(offered) > MOST_OPTIONS:
        yield f"`{name}` has {len(offered)} options; a list on WhatsApp holds {MOST_OPTIONS}."
    if isinstance(step, Tick) and len(step.options) > MOST_TICKS:
        yield f"`{name}` has {len(step.options)} ticks; {MOST_TICKS} at most."
    if isinstance(step, Choose) and not step.list_from and not offered:
        yield f"`{name}` offers nothing to choose."
    if isinstance(step, Write) and not step.instead:
        yield f"`{name}` can only be answered by writing; give another way: `or: {{skip: …}}`."


def _way_back(library: Library, flow: Flow, name: str, step: AnyStep) -> Iterator[str]:
    if isinstance(step, Question) or step.afterwards:
        return
    for target in targets(step).values():
        away = target not in (END, HOME, "menu") and target.partition("/")[0] != flow.name
        if away and library.find(target) is not None:
            yield f"`{name}` leads into `{target}` without a question: say where it goes on with `afterwards:`."


def _told_apart(library: Library, flow: Flow, name: str, step: AnyStep) -> Iterator[str]:
    """A quiet deed must leave the screen as the other answer does (P11)."""
    if not isinstance(step, Do) or not step.quiet:
        return
    asked = [s for s in flow.steps.values() if f"{flow.name}/{name}" in targets(s).values()]
    for question in asked:
        others = [library.find(t) for t in targets(question).values() if t != f"{flow.name}/{name}"]
        others = [_after_quiet(library, at) for at in others]
        if _after_quiet(library, f"{flow.name}/{name}") not in others:
            yield f"`{name}` is quiet, but no other answer before it leads to the same screen."


def _after_quiet(library: Library, at: str | None) -> str | None:
    for _ in range(10):
        step = library.step(at) if at else None
        if not isinstance(step, Do) or not step.quiet:
            return at
        at = library.find(step.then)
    return at


def _circles(library: Library) -> Iterator[Problem]:
    """Ways that lead round and round without asking anything: through silent steps, and through questions that are
    not asked again because their answers are kept."""
    passed: set[str] = set()
    for flow in library.flows.values():
        for name, step in flow.steps.items():
            at = f"{flow.name}/{name}"
            if at not in passed and _comes_round(library, at, passed):
                told = f"`{name}` leads back to itself without asking anything."
                yield Problem(file=flow.file, line=step.line, told=told)


def _comes_round(library: Library, start: str, passed: set[str]) -> bool:
    """True when a way without a question leads from `start` back to it; notes every step of such a circle."""
    todo: list[tuple[str, tuple[str, ...]]] = [(start, ())]
    seen: set[str] = set()
    while todo:
        at, way = todo.pop()
        if at == start and way:
            passed.update(way)
            return True
        if at in seen or not _silent(library, at):
            continue
        seen.add(at)
        found = (library.find(target) for target in targets(library.step(at)).values() if target != END)
        todo += [(on, (*way, at)) for on in found if on is not None]
    return False


def _silent(library: Library, at: str) -> bool:
    """True for steps that may be passed without asking."""
    step = library.step(at)
    if not isinstance(step, Question):
        return True
    keeps = library.flows[at.partition("/")[0]].keep_hours > 0
    listed = isinstance(step, Choose) and step.list_from is not None
    word = isinstance(step, Write) and step.what == "word"
    return keeps and not listed and not word and not getattr(step, "ask_always", False)
