"""flow.yaml → Flow."""

import difflib
from pathlib import Path
from typing import Any, cast, get_args

from pydantic import ValidationError

from bot.adapters.files.yaml_text import Map, Mistake, read
from bot.core.check import Problem
from bot.core.flow import (
    END,
    AnyStep,
    Case,
    Choose,
    Condition,
    Decide,
    Do,
    Flow,
    Say,
    Tick,
    WordUse,
    Write,
    WriteKind,
)  # fmt: skip

_FLOW_KEYS = {"flow", "about", "opens_on", "links", "start", "keep", "steps"}
_COMMON = {"then", "afterwards", "was"}
_SHAPES = {
    "choose": {"ask"},
    "tick": {"ask", "or"},
    "write": {"up_to", "or", "for"},
    "decide": set[str](),
    "do": {"with", "quiet"},
}


class _Reader:
    """Reads one file; every complaint names its line."""

    def __init__(self, name: str, flow: str) -> None:
        self.name = name
        self.flow = flow

    def wrong(self, line: int, told: str) -> Mistake:
        return Mistake(Problem(file=self.name, line=line, told=told))

    def keys(self, found: Map, known: set[str], where: str) -> None:
        for key in found:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                hint = f" Did you mean `{near[0]}`?" if near else f" Known here: {', '.join(sorted(known))}."
                raise self.wrong(found.lines[key], f"Unknown word `{key}` in {where}.{hint}")

    def mapping(self, value: Any, line: int, told: str) -> Map:
        if not isinstance(value, Map):
            raise self.wrong(line, told)
        return value

    def target(self, value: Any, line: int) -> str:
        """A target as a full name: `step` of this flow, `flow/step`, another flow, or `end`."""
        if not isinstance(value, str) or not value:
            raise self.wrong(line, "An arrow should lead to the name of a step, `flow/step`, or `end`.")
        if value == END or "/" in value:
            return value
        return f"{self.flow}/{value}" if value in self.steps else value

    def targets(self, value: Any, line: int) -> dict[str, str]:
        arrows = self.mapping(value, line, "This should be `{option: step, other: step}`.")
        return {option: self.target(step, line) for option, step in arrows.items()}

    def names(self, value: Any, line: int) -> tuple[str, ...]:
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self.wrong(line, "This should be a list: `[one, two]`.")
        return tuple(value)

    steps: Map


def read_flow(path: Path, name: str) -> Flow:
    """Return the flow in `path`; raises Mistake. `name` is the file as problems show it."""
    found = read(path, name)
    reader = _Reader(name, path.parent.name)
    reader.keys(found, _FLOW_KEYS, "a flow")
    for key in ("flow", "about", "start", "steps"):
        if key not in found:
            raise reader.wrong(1, f"`{key}:` is missing.")
    if found["flow"] != path.parent.name:
        raise reader.wrong(
            found.lines["flow"], f"The flow is called `{found['flow']}`, its folder `{path.parent.name}`."
        )
    reader.steps = reader.mapping(found["steps"], found.lines["steps"], "`steps:` should hold steps by name.")
    try:
        return Flow(
            name=found["flow"],
            about=found["about"],
            start=found["start"],
            opens_on=_openings(reader, found, "opens_on"),
            links=_openings(reader, found, "links"),
            keep_hours=_hours(reader, found),
            steps={step: _step(reader, step, raw) for step, raw in reader.steps.items()},
            file=name,
        )
    except ValidationError as e:
        raise reader.wrong(1, f"{e.errors()[0]['loc']}: {e.errors()[0]['msg']}") from e


def _openings(reader: _Reader, found: Map, key: str) -> dict[str, str]:
    value, line = found.get(key, []), found.lines.get(key, 1)
    if isinstance(value, Map):
        return {intent: str(step) for intent, step in value.items()}
    return dict.fromkeys(reader.names(value, line), str(found["start"]))


def _hours(reader: _Reader, found: Map) -> int:
    kept = found.get("keep", "0h")
    if not (isinstance(kept, str) and kept.endswith("h") and kept[:-1].isdigit() and int(kept[:-1]) <= 24):
        raise reader.wrong(found.lines["keep"], "`keep:` is a number of hours up to `24h`.")
    return int(kept[:-1])


def _step(reader: _Reader, name: str, raw: Any) -> AnyStep:
    line = reader.steps.lines[name]
    found = reader.mapping(raw, line, f"The step `{name}` should hold at least `then:`.")
    shapes = [shape for shape in _SHAPES if shape in found]
    if len(shapes) > 1:
        raise reader.wrong(line, f"The step `{name}` has two shapes, {' and '.join(shapes)}; a step has one.")
    shape = shapes[0] if shapes else "say"
    if not shapes and "then" not in found:
        reader.keys(found, {*_COMMON, *_SHAPES}, f"the step `{name}`")
    reader.keys(found, {*_COMMON, *(_SHAPES.get(shape, set())), *shapes}, f"the step `{name}`")
    if shape not in ("choose", "decide") and "then" not in found:
        raise reader.wrong(line, f"The step `{name}` does not say where it leads: `then:` is missing.")
    common: dict[str, Any] = {"line": line, "was": reader.names(found.get("was", []), line)}
    if "afterwards" in found:
        common["afterwards"] = reader.target(found["afterwards"], line)
    if "then" in found:
        common["then"] = reader.target(found["then"], line)
    return _BY_SHAPE[shape](reader, found, line, common)


def _choose(reader: _Reader, found: Map, line: int, common: dict[str, Any]) -> AnyStep:
    arrows = reader.mapping(found["choose"], line, "`choose:` should be `{option: step}` or `{from: list}`.")
    always = _always(reader, found)
    if "from" not in arrows:
        if "then" in common:
            raise reader.wrong(line, "`then:` has no meaning here: each option of `choose:` leads somewhere.")
        return Choose(options=reader.targets(arrows, line), ask_always=always, **common)
    reader.keys(arrows, {"from", "then", "none"}, "`choose: {from: …}`")
    common["then"] = reader.target(arrows.get("then", END), line)
    none = reader.target(arrows.get("none", END), line)
    return Choose(list_from=str(arrows["from"]), none=none, ask_always=always, **common)


def _always(reader: _Reader, found: Map) -> bool:
    if found.get("ask", "always") != "always":
        raise reader.wrong(found.lines["ask"], "`ask:` knows only `always`.")
    return "ask" in found


def _tick(reader: _Reader, found: Map, line: int, common: dict[str, Any]) -> AnyStep:
    instead = reader.targets(found["or"], line) if "or" in found else {}
    options = reader.names(found["tick"], line)
    return Tick(options=options, instead=instead, ask_always=_always(reader, found), **common)


def _write(reader: _Reader, found: Map, line: int, common: dict[str, Any]) -> AnyStep:
    kind, use, up_to = found["write"], found.get("for"), found.get("up_to", "1")
    if kind not in get_args(WriteKind):
        raise reader.wrong(line, f"`write: {kind}` is not known; there are {', '.join(get_args(WriteKind))}.")
    if use is not None and use not in get_args(WordUse):
        raise reader.wrong(line, f"`for: {use}` is not known; there are {', '.join(get_args(WordUse))}.")
    if (kind == "word") != (use is not None):
        raise reader.wrong(line, "`write: word` needs `for:`, and only it.")
    if not (isinstance(up_to, str) and up_to.isdigit() and 1 <= int(up_to) <= 10):
        raise reader.wrong(line, "`up_to:` is a number from 1 to 10.")
    instead = reader.targets(found["or"], line) if "or" in found else {}
    return Write(what=cast(WriteKind, kind), use=cast(WordUse | None, use), up_to=int(up_to), instead=instead, **common)


def _decide(reader: _Reader, found: Map, line: int, common: dict[str, Any]) -> AnyStep:
    cases = found["decide"]
    if not isinstance(cases, list) or not cases:
        raise reader.wrong(line, "`decide:` should be a list of `{if: …, then: step}`, the last without `if`.")
    read = tuple(_case(reader, case, line) for case in cases)
    if any(case.when is None for case in read[:-1]) or read[-1].when is not None:
        raise reader.wrong(line, "The last line of `decide:`, and only the last, has no `if`.")
    return Decide(cases=read, **common)


def _case(reader: _Reader, raw: Any, line: int) -> Case:
    found = reader.mapping(raw, line, "A line of `decide:` should be `{if: …, then: step}`.")
    reader.keys(found, {"if", "then"}, "`decide:`")
    if "then" not in found:
        raise reader.wrong(found.line, "A line of `decide:` does not say where it leads: `then:` is missing.")
    then = reader.target(found["then"], found.line)
    if "if" not in found:
        return Case(when=None, then=then)
    told = "`if:` should be `{rule: name}` or `{step: option}`."
    when = reader.mapping(found["if"], found.line, told)
    if len(when) != 1:
        raise reader.wrong(found.line, told)
    ((key, value),) = when.items()
    condition = Condition(rule=str(value)) if key == "rule" else Condition(step=key, option=str(value))
    return Case(when=condition, then=then)


def _do(reader: _Reader, found: Map, line: int, common: dict[str, Any]) -> AnyStep:
    using = reader.mapping(found.get("with", Map()), line, "`with:` should be `{name: value}`.")
    if found.get("quiet", "false") not in ("true", "false"):
        raise reader.wrong(found.lines["quiet"], "`quiet:` is `true` or is left out.")
    return Do(
        deed=str(found["do"]),
        using={key: str(value) for key, value in using.items()},
        quiet=found.get("quiet") == "true",
        **common,
    )


def _say(reader: _Reader, found: Map, line: int, common: dict[str, Any]) -> AnyStep:
    return Say(**common)


_BY_SHAPE = {"say": _say, "choose": _choose, "tick": _tick, "write": _write, "decide": _decide, "do": _do}
