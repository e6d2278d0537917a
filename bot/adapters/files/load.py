"""Reads the whole of content/ and joins it to a Library, or tells every problem."""

import difflib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from bot.adapters.files.centres_file import FOLDER, read_directory
from bot.adapters.files.flow_file import read_flow
from bot.adapters.files.places_file import read_gazetteer
from bot.adapters.files.words_file import read_words
from bot.adapters.files.yaml_text import Map, Mistake, read
from bot.core.check import Problem, Vocabulary, problems
from bot.core.check.voices import filled
from bot.core.flow import Flow
from bot.core.folding import fold
from bot.core.library import Library
from bot.core.net import Net, phrase
from bot.core.phrases import Phrases
from bot.core.place import Gazetteer
from bot.core.talk import LOCALES, Locale
from bot.core.words import Words
from bot.engine.deeds import DEEDS, NEEDS
from bot.engine.lists import LISTS
from bot.engine.rules import RULES
from bot.engine.say import FILLINGS, RESERVED

VOCABULARY = Vocabulary(
    rules=frozenset(RULES),
    lists=frozenset(LISTS),
    deeds={deed: NEEDS.get(deed, {}) for deed in DEEDS},
    fillings=frozenset({*FILLINGS, "answer"}),
    reserved=frozenset(RESERVED),
)
NET_KINDS = ("now", "self_harm", "unless")
NET_LISTS = ("kk", "ru", "en", "latin")


class BadContent(Exception):
    """The content cannot be served; `problems` tells all that was found."""

    def __init__(self, found: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(found)} mistakes in the content")
        self.problems = found


class _Found:
    """What has been read so far, and what went wrong on the way: one mistake a file, all files."""

    def __init__(self, content: Path) -> None:
        self.content = content
        self.problems: list[Problem] = []

    def name(self, path: Path) -> str:
        return f"{self.content.name}/{path.relative_to(self.content)}"

    def wrong(self, file: str, line: int, told: str) -> None:
        self.problems.append(Problem(file=self.name(self.content / file), line=line, told=told))

    def table(self, file: str) -> Map:
        path = self.content / file
        if not path.exists():
            self.wrong(file, 1, "This file is missing.")
            return Map()
        try:
            return read(path, self.name(path))
        except Mistake as e:
            self.problems.append(e.problem)
            return Map()

    def only(self, file: str, table: Map, known: Sequence[str]) -> None:
        for key in table:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                hint = f"Did you mean `{near[0]}`?" if near else f"Known here: {', '.join(known)}."
                self.wrong(file, table.lines[key], f"Unknown word `{key}`. {hint}")

    def lists(self, file: str, table: Map, key: str, known: Sequence[str]) -> list[str]:
        """All entries under `key`, which holds lists by language or script."""
        inner = table.get(key, Map())
        if not isinstance(inner, Map):
            self.wrong(file, table.lines[key], f"`{key}:` should hold {', '.join(known)}, each with a list.")
            return []
        self.only(file, inner, known)
        return [entry for name in known for entry in self.list_of(file, inner, name)]

    def list_of(self, file: str, table: Map, key: str) -> list[str]:
        """The list under `key`, none where it is absent; anything but a list of texts is a mistake."""
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            return value
        self.wrong(file, table.lines[key], f"`{key}:` should be a list: a line for each entry, beginning with `- `.")
        return []


def load(content: Path, phrases: Mapping[Locale, Phrases], today: date) -> tuple[Library, tuple[Problem, ...]]:
    """Return the library in `content` and its reminders (old reviews …); raises BadContent with every mistake."""
    found = _Found(content)
    table = found.table("facts.yaml")
    facts = read_facts(table)
    for key, value in table.items():
        if isinstance(value, Map) and 0 < len(set(value) & set(LOCALES)) < len(LOCALES):
            found.wrong("facts.yaml", table.lines[key], f"`{key}` is missing in one of the languages.")
    flows = _flows(found)
    gazetteer = read_map(content)
    directory, mistaken = read_directory(content / FOLDER, gazetteer, f"{content.name}/{FOLDER}")
    found.problems += mistaken
    library = Library(
        flows=flows,
        words={locale: _words(found, flows, locale) for locale in LOCALES},
        facts=facts,
        shortcuts=_shortcuts(found),
        net=_net(found),
        betraying=_betraying(found),
        four_words={locale: _four_words(found, locale) for locale in LOCALES},
        gazetteer=gazetteer,
        directory=directory,
        phrases=dict(phrases),
    )
    told = problems(library, VOCABULARY, today)
    mistakes = {*found.problems, *(p for p in told if not p.mild)}
    if mistakes:
        raise BadContent(tuple(sorted(mistakes, key=lambda p: (p.file, p.line, p.told))))
    return library.but(words=_filled(library)), told


def read_map(content: Path) -> Gazetteer:
    """The map in content/places/; an empty one where there is none."""
    folder = content / "places"
    return read_gazetteer(folder) if folder.exists() else Gazetteer({}, {}, ())


def _filled(library: Library) -> dict[Locale, dict[str, Words]]:
    return {
        locale: {name: _filled_page(page, library.facts[locale]) for name, page in pages.items()}
        for locale, pages in library.words.items()
    }


def _filled_page(page: Words, facts: dict[str, str]) -> Words:
    def each(lines: dict[str, str]) -> dict[str, str]:
        return {option: filled(line, facts) for option, line in lines.items()}

    voices = {
        name: voice.but(
            text=filled(voice.text, facts),
            labels=each(voice.labels),
            notes=each(voice.notes),
            errands=each(voice.errands),
        )
        for name, voice in page.voices.items()
    }
    return page.but(voices=voices)


def read_facts(table: Map) -> dict[Locale, dict[str, str]]:
    """Each fact in each language: a single value, or one per language; nested tables give `name_key`.

    As long as nobody stands behind this installation (`who: null`), `{who}` says so in the words of `who_missing`.
    """
    facts = {locale: dict(_facts(table, locale, "")) for locale in LOCALES}
    return {locale: {"who": known.get("who_missing", ""), **known} for locale, known in facts.items()}


def _facts(table: Map, locale: Locale, prefix: str) -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, Map) and set(value) <= set(LOCALES):
            flat.append((prefix + key, str(value.get(locale, ""))))
        elif isinstance(value, Map):
            flat += _facts(value, locale, f"{prefix}{key}_")
        elif isinstance(value, str) and value not in ("", "null", "~"):
            flat.append((prefix + key, value))
    return flat


def _flows(found: _Found) -> dict[str, Flow]:
    flows = {}
    for path in sorted(found.content.glob("*/flow.yaml")):
        try:
            flows[path.parent.name] = read_flow(path, found.name(path))
        except Mistake as e:
            found.problems.append(e.problem)
    return flows


def _words(found: _Found, flows: dict[str, Flow], locale: Locale) -> dict[str, Words]:
    words = {}
    for flow in flows:
        path = found.content / flow / f"{locale}.md"
        if not path.exists():
            found.problems.append(Problem(file=found.name(path), line=1, told="This language is missing."))
            continue
        try:
            words[flow] = read_words(path, found.name(path))
        except Mistake as e:
            found.problems.append(e.problem)
    return words


def _shortcuts(found: _Found) -> dict[str, str]:
    table = found.table("shortcuts.yaml")
    shortcuts: dict[str, str] = {}
    for action in table:
        for message in found.list_of("shortcuts.yaml", table, action):
            other = shortcuts.setdefault(fold(message), action)
            if other != action:
                told = f"`{message}` stands under `{action}` and under `{other}`; it can mean one thing only."
                found.wrong("shortcuts.yaml", table.lines[action], told)
    return shortcuts


def _net(found: _Found) -> Net:
    table = found.table("danger.yaml")
    found.only("danger.yaml", table, NET_KINDS)
    kinds = {kind: found.lists("danger.yaml", table, kind, NET_LISTS) for kind in NET_KINDS}
    return Net(**{kind: tuple(dict.fromkeys(map(phrase, written))) for kind, written in kinds.items()})


def _betraying(found: _Found) -> tuple[str, ...]:
    table = found.table("betraying.yaml")
    found.only("betraying.yaml", table, LOCALES)
    stems = [stem for locale in LOCALES for stem in found.list_of("betraying.yaml", table, locale)]
    return tuple(sorted({stem.casefold() for stem in stems}))


def _four_words(found: _Found, locale: Locale) -> tuple[str, ...]:
    file = f"four_words/{locale}.txt"
    try:
        text = (found.content / file).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        found.wrong(file, 1, "This file is missing.")
        return ()
    except UnicodeDecodeError:
        found.wrong(file, 1, "This file is not UTF-8 text.")
        return ()
    return tuple(word.strip() for word in text.splitlines() if word.strip())
