"""Flow and its six kinds of step: exactly what an editor may write."""

from typing import Literal

from pydantic import Field

from bot.core.record import Record

END = "end"
HOME = "menu/home"

WriteKind = Literal["private", "place", "word"]
WordUse = Literal["seal_plan", "open_plan", "own_word"]


class Step(Record):
    """What all steps have: where it stands in its file, its old names, and where to go on after another flow."""

    line: int = 0
    was: tuple[str, ...] = ()
    afterwards: str | None = None


class Say(Step):
    """Speaks, and goes on at once."""

    then: str


class Choose(Step):
    """One of `options` (id → target); or one of a list known only at run time (`list_from`)."""

    options: dict[str, str] = Field(default_factory=dict)
    list_from: str | None = None
    then: str | None = None
    none: str | None = None
    ask_always: bool = False


class Tick(Step):
    """Any of `options`, then `then`; `instead` are buttons beside them (id → target)."""

    options: tuple[str, ...]
    then: str
    instead: dict[str, str] = Field(default_factory=dict)
    ask_always: bool = False


class Write(Step):
    """Her own words, up to `up_to` entries; `instead` are buttons beside the writing (id → target)."""

    what: WriteKind
    then: str
    up_to: int = Field(default=1, ge=1, le=10)
    instead: dict[str, str] = Field(default_factory=dict)
    use: WordUse | None = None


class Condition(Record):
    """When a case of `decide` fits: a named rule, or an answer of the same flow."""

    rule: str | None = None
    step: str | None = None
    option: str | None = None


class Case(Record):
    """One line of `decide`; without a condition it always fits."""

    when: Condition | None
    then: str


class Decide(Step):
    """Goes on in silence: the first case that fits wins."""

    cases: tuple[Case, ...]


class Do(Step):
    """A deed, in silence. `quiet`: nobody looking at the screen may see that it happened."""

    deed: str
    using: dict[str, str] = Field(default_factory=dict)
    quiet: bool = False
    then: str


AnyStep = Say | Choose | Tick | Write | Decide | Do
Question = Choose | Tick | Write


class Flow(Record):
    """One subject: its steps by name, what opens it, and how long answers are remembered (hours; 0: not at all)."""

    name: str
    about: str
    start: str
    opens_on: dict[str, str] = Field(default_factory=dict)
    links: dict[str, str] = Field(default_factory=dict)
    keep_hours: int = Field(default=0, ge=0, le=24)
    steps: dict[str, AnyStep]
    file: str = ""


def targets(step: AnyStep) -> dict[str, str]:
    """Every arrow that leaves `step`: its label (the answer, the condition, "" for simply on) → its target."""
    match step:
        case Say() | Do():
            return {"": step.then}
        case Choose(list_from=None):
            return dict(step.options)
        case Choose():
            return {"one of the list": step.then or END, "none": step.none or END}
        case Tick() | Write():
            return {"": step.then, **step.instead}
        case Decide():
            return {_told(case.when): case.then for case in step.cases}


def _told(when: Condition | None) -> str:
    if when is None:
        return "else"
    return when.rule if when.rule else f"{when.step}: {when.option}"


def options(step: AnyStep) -> tuple[str, ...]:
    """The options that need a label in the words, in order."""
    match step:
        case Choose():
            return tuple(step.options)
        case Tick():
            return (*step.options, *step.instead)
        case Write():
            return tuple(step.instead)
    return ()


def speaks(step: AnyStep) -> bool:
    """True for steps that have words."""
    return not isinstance(step, Decide | Do)
