"""What can be wrong with the words: missing, too long, betraying, unreviewed, or in one language only."""

import re
from collections.abc import Iterator
from datetime import date

from bot.core.check.problem import Problem, Vocabulary
from bot.core.flow import AnyStep, Choose, Flow, Question, Tick, options, speaks
from bot.core.folding import fold
from bot.core.library import Library
from bot.core.talk import LOCALES, Locale
from bot.core.words import Voice, Words

SEEN_IN_NOTIFICATION = 40
LONGEST_TEXT = 700
LONGEST_TITLE = LONGEST_ROW = 24
LONGEST_BUTTON = 20
LONGEST_TICK = 60
REVIEW_DAYS = 365

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_RAW_NUMBER = re.compile(r"(?<![\d{])(1[015]\d|\+?[78][ (-]*7\d\d[\d ()-]{5,}|\d{6,})(?!\d)")
_MARKS = re.compile(r"[*`|_]")


def voice_problems(library: Library, known: Vocabulary, today: date) -> Iterator[Problem]:
    """Every problem of every page of words."""
    for flow in library.flows.values():
        pages = {locale: library.words[locale][flow.name] for locale in LOCALES if flow.name in library.words[locale]}
        for locale, page in pages.items():
            yield from _page(library, flow, page, today)
            for name, voice in page.voices.items():
                step = flow.steps.get(name)
                if step is None or not speaks(step):
                    told = f"`## {name}`: the flow has no step of this name that speaks."
                    yield Problem(file=page.file, line=voice.line, told=told)
                    continue
                for told in (
                    *_labels(library, step, voice, locale),
                    *_texts(library, voice, locale, known),
                    *_plan_lines(flow, step, voice),
                ):
                    yield Problem(file=page.file, line=voice.line, told=f"`## {name}`: {told}")
        yield from _in_step(flow, pages)


def _page(library: Library, flow: Flow, page: Words, today: date) -> Iterator[Problem]:
    for name, step in flow.steps.items():
        if speaks(step) and name not in page.voices:
            yield Problem(file=page.file, line=1, told=f"The step `{name}` has no words here: add `## {name}`.")
    if len(page.title) > LONGEST_TITLE:
        yield Problem(file=page.file, line=1, told=f"The title has {len(page.title)} characters; {LONGEST_TITLE} fit.")
    if betrayed := _betraying(library, page.title):
        yield Problem(file=page.file, line=1, told=f"The title betrays («{betrayed}»).")
    if page.reviewed is None:
        told = "Nobody has reviewed this page yet (`reviewed: null`)."
        yield Problem(file=page.file, line=1, told=told, mild=True)
    elif (today - page.reviewed).days > REVIEW_DAYS:
        told = f"The last review is more than {REVIEW_DAYS} days old."
        yield Problem(file=page.file, line=1, told=told, mild=True)


def _labels(library: Library, step: AnyStep, voice: Voice, locale: Locale) -> Iterator[str]:
    wanted = options(step)
    for option in wanted:
        if option not in voice.labels:
            yield f"the option `{option}` has no label: add `- {option}: …` at the end."
    for option in voice.labels:
        if option not in wanted:
            yield f"the label `{option}` belongs to no option of this step."
    most = _longest_label(step, len(wanted))
    folded: dict[str, str] = {}
    for option, written in voice.labels.items():
        label = filled(written, library.facts[locale])
        if len(label) > most:
            yield f"«{label}» has {len(label)} characters; {most} fit on a button here."
        if fold(label) in library.shortcuts and library.shortcuts[fold(label)] != option:
            yield f"«{label}» is a word that always works ({library.shortcuts[fold(label)]}); name it otherwise."
        if betrayed := _betraying(library, label):
            yield f"the label «{label}» betrays («{betrayed}»)."
        if folded.setdefault(fold(label), option) != option:
            yield f"two options are both called «{label}»."


def _longest_label(step: AnyStep, count: int) -> int:
    if isinstance(step, Tick):
        return LONGEST_TICK
    return LONGEST_BUTTON if count <= 2 else LONGEST_ROW


def _texts(library: Library, voice: Voice, locale: Locale, known: Vocabulary) -> Iterator[str]:
    facts = library.facts[locale]
    text = filled(voice.text, facts)
    if not text:
        yield "it says nothing."
    if len(text) > LONGEST_TEXT:
        yield f"the text has {len(text)} characters; {LONGEST_TEXT} at most, short is kind."
    if betrayed := _betraying(library, _MARKS.sub("", text)[:SEEN_IN_NOTIFICATION]):
        yield f"the first {SEEN_IN_NOTIFICATION} characters betray («{betrayed}»); open with something neutral."
    for written in (voice.text, *voice.labels.values(), *voice.notes.values(), *voice.errands.values()):
        for name in _PLACEHOLDER.findall(written):
            if name not in facts and name not in known.fillings:
                yield f"`{{{name}}}` is nothing that can be filled in; add it to facts.yaml."
        if number := _RAW_NUMBER.search(written):
            yield f"«{number[0].strip()}» looks like a telephone number; write it as a fact: `{{hotline}}`."
    if voice.title and len(voice.title) > LONGEST_TITLE:
        yield f"its title has {len(voice.title)} characters; {LONGEST_TITLE} fit."
    for written in (voice.title or "", *voice.errands.values()):
        if betrayed := _betraying(library, filled(written, facts)):
            yield f"«{written}» betrays («{betrayed}»)."


def _plan_lines(flow: Flow, step: AnyStep, voice: Voice) -> Iterator[str]:
    known = {"", *options(step)} if not isinstance(step, Choose) else set(options(step))
    for option in {*voice.notes, *voice.errands} - known:
        yield f"there is no option `{option}` to make a note for."
    if voice.notes and not voice.title:
        yield "it has notes for the plan, but no `### title` by which its answer can be found and changed."
    if (voice.notes or voice.errands) and not flow.keep_hours:
        yield "it has notes for a plan, but the flow keeps no answers (`keep: 24h`)."


def _in_step(flow: Flow, pages: dict[Locale, Words]) -> Iterator[Problem]:
    """A note, errand or title stands in all languages or in none (P5)."""
    for name, step in flow.steps.items():
        voices = {locale: page.voices[name] for locale, page in pages.items() if name in page.voices}
        if not isinstance(step, Question) or len(voices) < len(pages):
            continue
        parts = {locale: _parts(voice) for locale, voice in voices.items()}
        for part in sorted(set().union(*parts.values())):
            for locale in [locale for locale, has in parts.items() if part not in has]:
                told = f"`## {name}`: `### {part}` is missing here, but stands in another language."
                yield Problem(file=pages[locale].file, line=voices[locale].line, told=told)


def _parts(voice: Voice) -> set[str]:
    notes = {f"note: {option}" if option else "note" for option in voice.notes}
    errands = {f"errand: {option}" if option else "errand" for option in voice.errands}
    return notes | errands | ({"title"} if voice.title else set())


def filled(text: str, facts: dict[str, str]) -> str:
    """`text` with the facts in their places; what is filled in later stays."""
    return _PLACEHOLDER.sub(lambda m: facts.get(m[1], m[0]), text)


def _betraying(library: Library, text: str) -> str | None:
    words = re.findall(r"\w+", text.casefold())
    return next((word for word in words if word.startswith(library.betraying)), None)
