"""python -m bot draw FLOW: a flow as Mermaid, with the answer on every arrow."""

import argparse
import sys

from bot.adapters.files import BadContent, load
from bot.adapters.phrases import read_phrases
from bot.commands.check import today
from bot.core.flow import END, Choose, Decide, Do, Flow, Say, Tick, Write, targets
from bot.settings import CONTENT, LOCALES_FOLDER

_BOXES = {
    Say: ("(", ")"),
    Choose: ("[", "]"),
    Tick: ("[/", "/]"),
    Write: ("[\\", "\\]"),
    Decide: ("{", "}"),
    Do: ("[[", "]]"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The name of the flow."""
    parser.add_argument("flow", help="the name of a folder in content/")


def run(options: argparse.Namespace) -> int:
    """Print the drawing; 1 where there is no such flow."""
    try:
        library, _ = load(CONTENT, read_phrases(LOCALES_FOLDER), today())
    except BadContent as e:
        print("\n".join(map(str, e.problems)), file=sys.stderr)
        return 1
    flow = library.flows.get(options.flow)
    if flow is None:
        print(
            f"There is no flow `{options.flow}`; there are {', '.join(sorted(library.flows))}.",
            file=sys.stderr,
        )
        return 1
    print(drawing(flow))
    return 0


def drawing(flow: Flow) -> str:
    """Mermaid source: a box a step (its form tells the kind), dashed where it goes on afterwards."""
    lines = ["flowchart TD"]
    for name, step in flow.steps.items():
        left, right = _BOXES[type(step)]
        lines.append(f"    {name}{left}{name}{right}")
        for label, target in targets(step).items():
            arrow = f"-->|{label}|" if label else "-->"
            lines.append(f"    {name} {arrow} {_box(flow, target)}")
        if step.afterwards:
            lines.append(f"    {name} -.->|afterwards| {_box(flow, step.afterwards)}")
    return "\n".join(lines)


def _box(flow: Flow, target: str) -> str:
    name, _, step = target.partition("/")
    if target == END:
        return "END(((end)))"
    if name == flow.name and step:
        return step
    return f"{target.replace('/', '_')}_([{target}])"
