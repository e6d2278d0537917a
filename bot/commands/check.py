"""python -m bot check: everything an editor can get wrong, one sentence each."""

import argparse
import sys
from datetime import UTC, date

from bot.adapters.clock import SystemClock
from bot.adapters.files import BadContent, load
from bot.adapters.phrases import read_phrases
from bot.settings import CONTENT, LOCALES_FOLDER


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--strict` makes reminders count as mistakes."""
    parser.add_argument("--strict", action="store_true", help="reminders (old or missing reviews) exit 1 too")


def run(options: argparse.Namespace) -> int:
    """Print every problem; 1 where there is a mistake (with --strict: or a reminder)."""
    try:
        library, reminders = load(CONTENT, read_phrases(LOCALES_FOLDER), today())
    except BadContent as e:
        for problem in e.problems:
            print(problem)
        print(f"{len(e.problems)} to mend.", file=sys.stderr)
        return 1
    for problem in reminders:
        print(f"{problem} (reminder)")
    steps = sum(len(flow.steps) for flow in library.flows.values())
    print(
        f"{len(library.flows)} flows, {steps} steps, no mistakes, {len(reminders)} reminders.",
        file=sys.stderr,
    )
    return 1 if options.strict and reminders else 0


def today() -> date:
    """Today's date, in UTC."""
    return SystemClock().now().astimezone(UTC).date()
