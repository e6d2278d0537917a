"""problems(): all that an editor can get wrong, in sentences that say how to mend it."""

from collections.abc import Iterator
from datetime import date

from bot.core.check.arrows import arrow_problems
from bot.core.check.centres import centre_problems
from bot.core.check.problem import Problem, Vocabulary
from bot.core.check.voices import voice_problems
from bot.core.flow import END, Choose
from bot.core.folding import fold
from bot.core.library import ACTIONS, ASIDE, LANDMARKS, Library
from bot.core.understanding import INTENTS

SHORTCUTS = {*ACTIONS, "done", "all", "none", "yes", "no"}
FEWEST_FOUR_WORDS = 512
"""Four of 512 words are 36 bits; scrypt makes each guess dear."""

__all__ = ["Problem", "Vocabulary", "problems"]


def problems(library: Library, known: Vocabulary, today: date) -> tuple[Problem, ...]:
    """Every mistake and reminder in `library`, by file and line."""
    found = [
        *_doors(library),
        *_landmarks(library),
        *_shortcuts(library),
        *_four_words(library),
        *arrow_problems(library, known),
        *voice_problems(library, known, today),
        *centre_problems(library, today),
    ]
    return tuple(sorted(set(found), key=lambda p: (p.file, p.line, p.told)))


def _doors(library: Library) -> Iterator[Problem]:
    openers: dict[str, str] = {}
    linked: dict[str, str] = {}
    for flow in library.flows.values():
        for link in flow.links:
            if link in linked:
                told = f"The link `{link}` opens this flow and `{linked[link]}`; it can open one."
                yield Problem(file=flow.file, line=1, told=told)
            linked[link] = flow.name
        for intent, step in [*flow.opens_on.items(), *flow.links.items()]:
            if step not in flow.steps:
                yield Problem(file=flow.file, line=1, told=f"`{intent}` opens `{step}`, but there is no such step.")
        for intent in flow.opens_on:
            if intent not in INTENTS:
                yield Problem(file=flow.file, line=1, told=f"`{intent}` is no known meaning (opens_on).")
            if intent in openers:
                told = f"`{intent}` opens this flow and `{openers[intent]}`; it can open one."
                yield Problem(file=flow.file, line=1, told=told)
            openers[intent] = flow.name
    for intent in INTENTS:
        if intent not in openers:
            told = f"No flow opens on `{intent}`; put it under `opens_on:` of the flow that answers it."
            yield Problem(file="content", line=1, told=told)


def _landmarks(library: Library) -> Iterator[Problem]:
    for place in LANDMARKS:
        if library.find(place) is None:
            yield Problem(file="content", line=1, told=f"`{place}` must exist; the engine goes there by name.")
    for intent in ("danger_now", "self_harm"):
        flow = library.flows.get(library.doors.get(intent, "").partition("/")[0])
        if flow is None:
            continue
        aside = flow.steps.get(ASIDE)
        if not isinstance(aside, Choose) or next(iter(aside.options.values()), "") != END:
            told = f"`{flow.name}` needs a step `{ASIDE}` that chooses, its first option leading to `end`."
            yield Problem(file=flow.file, line=aside.line if aside else 1, told=told)


def _shortcuts(library: Library) -> Iterator[Problem]:
    for action in sorted(set(library.shortcuts.values()) - SHORTCUTS):
        yield Problem(file="content/shortcuts.yaml", line=1, told=f"`{action}` is nothing a shortcut can do.")
    for action in sorted(SHORTCUTS - {"more"} - set(library.shortcuts.values())):
        yield Problem(file="content/shortcuts.yaml", line=1, told=f"There is no word for `{action}`.")


def _four_words(library: Library) -> Iterator[Problem]:
    for locale, words in library.four_words.items():
        file = f"content/four_words/{locale}.txt"
        different = {fold(word) for word in words}
        if len(different) < len(words):
            yield Problem(file=file, line=1, told="A word stands here twice (or two that look the same).")
        if len(different) < FEWEST_FOUR_WORDS:
            yield Problem(file=file, line=1, told=f"{len(different)} words are too few; {FEWEST_FOUR_WORDS} at least.")
