"""Reads the training sentences with all that rasa drops: their language, their situation, their line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

TONGUES = ("kk", "ru", "en", "mixed")
MARK = re.compile(r"\[([^\]]+?)\]\(([^)]+?)\)")
ODD_MARK = re.compile(r"\[[^\]]+?\]\s*\{")
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Sentence:
    """One thing somebody says. `situation` is the same for all sentences of one block in a file."""

    text: str
    intent: str
    tongue: str
    situation: str
    line: int
    places: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Mistake:
    """Something in a data file that nobody meant, said so that an editor can mend it."""

    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def known_intents(domain: Path) -> list[str]:
    """The intents the domain file lists, in its order."""
    return [str(name) for name in yaml.load(domain.read_text("utf-8"), Loader)["intents"]]


def files(data: Path) -> list[Path]:
    """All files with sentences, in a fixed order."""
    return sorted(path for path in data.rglob("*.yml") if path.is_file())


def unmark(marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Takes `[words](place)` apart: the plain text and where the places stand in it."""
    plain, places, end = "", [], 0
    for mark in MARK.finditer(marked):
        plain += marked[end : mark.start()]
        places.append((len(plain), len(plain) + len(mark[1])))
        plain += mark[1]
        end = mark.end()
    return plain + marked[end:], tuple(places)


def read(data: Path, intents: list[str]) -> tuple[list[Sentence], list[Mistake]]:
    """All sentences under `data` and all mistakes in them."""
    sentences: list[Sentence] = []
    mistakes: list[Mistake] = []
    for path in files(data):
        for found in _read_file(path, data, set(intents)):
            (sentences if isinstance(found, Sentence) else mistakes).append(found)  # type: ignore[arg-type]
    mistakes.extend(_doubled(sentences, data))
    return sentences, mistakes


def _read_file(path: Path, data: Path, intents: set[str]) -> Iterator[Sentence | Mistake]:
    tongue = path.relative_to(data).parts[0]
    if tongue not in TONGUES:
        yield Mistake(path, 1, f"the folder must be one of {', '.join(TONGUES)}, not {tongue!r}")
        return
    try:
        root = yaml.compose(path.read_text("utf-8"), Loader)
    except (yaml.YAMLError, UnicodeDecodeError) as broken:
        mark = getattr(broken, "problem_mark", None)
        yield Mistake(path, mark.line + 1 if mark else 1, "this is no YAML that can be read")
        return
    blocks = _value(root, "nlu")
    if not isinstance(blocks, yaml.SequenceNode):
        yield Mistake(path, 1, "there is no list called nlu")
        return
    for block in blocks.value:
        yield from _read_block(block, path, tongue, intents)


def _read_block(block: Any, path: Path, tongue: str, intents: set[str]) -> Iterator[Sentence | Mistake]:
    line = block.start_mark.line + 1
    intent, examples = _value(block, "intent"), _value(block, "examples")
    if not isinstance(intent, yaml.ScalarNode) or not isinstance(examples, yaml.ScalarNode):
        yield Mistake(path, line, "a block needs an intent and examples")
        return
    if intent.value not in intents:
        yield Mistake(path, line, f"{intent.value!r} is no intent of domain.yml")
    elif intent.value != path.stem:
        yield Mistake(path, line, f"{intent.value!r} does not belong into a file called {path.name}")
    first = examples.start_mark.line + (2 if examples.style in ("|", ">") else 1)
    situation = f"{tongue}/{path.stem}:{line}"
    for at, row in enumerate(examples.value.split("\n"), first):
        if row.strip():
            yield _read_row(row, path, at, intent.value, tongue, situation)


def _read_row(row: str, path: Path, at: int, intent: str, tongue: str, situation: str) -> Sentence | Mistake:
    if not row.startswith("- ") or not row[2:].strip():
        return Mistake(path, at, "this line is no example: it must start with '- ' and say something")
    marked = row[2:].strip()
    if ODD_MARK.search(marked) or any(mark[2] != "place" for mark in MARK.finditer(marked)):
        return Mistake(path, at, "only [words](place) can be marked")
    text, places = unmark(marked)
    return Sentence(text, intent, tongue, situation, at, places)


def _value(node: Any, key: str) -> Any:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)


def _doubled(sentences: list[Sentence], data: Path) -> Iterator[Mistake]:
    first: dict[str, Sentence] = {}
    for sentence in sentences:
        other = first.setdefault(sentence.text.casefold(), sentence)
        if other.intent != sentence.intent:
            path = data / sentence.tongue / f"{sentence.intent}.yml"
            where = f"{other.tongue}/{other.intent}.yml:{other.line}"
            yield Mistake(path, sentence.line, f"the same sentence stands under {other.intent} ({where})")
