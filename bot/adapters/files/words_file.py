"""kk.md, ru.md, en.md → Words."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.adapters.files.yaml_text import Mistake
from bot.core.check import Problem
from bot.core.words import Voice, Words

_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.S)
_LABEL = re.compile(r"^- ([a-z0-9_]+): +(\S.*)$")
_PART = re.compile(r"^### +(title|note|errand)(?:: *([a-z0-9_]+))?\s*$")
_STEP = re.compile(r"^## +([a-z0-9_]+)\s*$")


def read_words(path: Path, name: str) -> Words:
    """Return the words in `path`, facts not yet filled in; raises Mistake. `name` is the file as problems show it."""
    try:
        text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as e:
        raise Mistake(Problem(file=name, line=1, told="This file is not UTF-8 text.")) from e
    front = _FRONT.match(text)
    if front is None:
        raise Mistake(Problem(file=name, line=1, told="The front matter (between two lines `---`) is missing."))
    head = _front(front[1], name)
    first = text[: front.end()].count("\n") + 1
    voices = _voices(text[front.end() :].split("\n"), first, name)
    return Words(file=name, voices=voices, **head)


def _front(text: str, name: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text)
        reviewed = found.pop("reviewed", None)
        if reviewed is not None and not isinstance(reviewed, date):
            raise ValueError("`reviewed` is a date (2026-11-22) or null")
        unknown = set(found) - {"title", "reviewer", "sources"}
        if unknown:
            raise ValueError(f"unknown word `{min(unknown)}`")
        return {
            "title": str(found["title"]),
            "reviewed": reviewed,
            "reviewer": found.get("reviewer"),
            "sources": tuple(str(source) for source in found.get("sources") or ()),
        }
    except (yaml.YAMLError, ValueError, KeyError, AttributeError, TypeError) as e:
        told = f"The front matter cannot be read ({e}); it needs title, reviewed, reviewer, sources."
        raise Mistake(Problem(file=name, line=1, told=told)) from e


def _voices(lines: list[str], first: int, name: str) -> dict[str, Voice]:
    voices: dict[str, Voice] = {}
    for start, section in _sections(lines, _STEP):
        step = _STEP.match(lines[start])
        if step is None:
            stray = next((n for n, line in enumerate(section, start) if line.strip()), None)
            if stray is not None:
                told = "Words before the first `## step` belong to nobody."
                raise Mistake(Problem(file=name, line=first + stray, told=told))
            continue
        if step[1] in voices:
            raise Mistake(Problem(file=name, line=first + start, told=f"`## {step[1]}` stands here twice."))
        voices[step[1]] = _voice(section[1:], first + start, name)
    return voices


def _sections(lines: list[str], heading: re.Pattern[str]) -> list[tuple[int, list[str]]]:
    """Cut at each heading; what comes before the first is a section of its own."""
    starts = [0, *(n for n, line in enumerate(lines) if heading.match(line) and n)]
    return [(a, lines[a:b]) for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _voice(lines: list[str], line: int, name: str) -> Voice:
    parts = _sections(lines, _PART)
    text, labels = _text_and_labels(parts[0][1] if not _PART.match((lines or [""])[0]) else [], line, name)
    found: dict[str, dict[str, str]] = {"title": {}, "note": {}, "errand": {}}
    for start, section in parts:
        heading = _PART.match(lines[start]) if lines else None
        for n, row in enumerate(section[heading is not None :], line + 1 + start + (heading is not None)):
            if row.startswith("#"):
                told = "A heading inside a step is `### title`, `### note: option` or `### errand: option`."
                raise Mistake(Problem(file=name, line=n, told=told))
        if heading is None:
            continue
        kind, option = heading[1], heading[2] or ""
        if option in found[kind]:
            told = f"`### {kind}: {option}` stands here twice."
            raise Mistake(Problem(file=name, line=line + 1 + start, told=told))
        found[kind][option] = "\n".join(section[1:]).strip()
    return Voice(
        line=line,
        text=text,
        labels=labels,
        title=found["title"].get(""),
        notes=found["note"],
        errands=found["errand"],
    )


def _text_and_labels(lines: list[str], line: int, name: str) -> tuple[str, dict[str, str]]:
    labels: dict[str, str] = {}
    end = len(lines)
    for n in range(len(lines) - 1, -1, -1):
        label = _LABEL.match(lines[n].rstrip())
        if label is None:
            if lines[n].strip():
                break
            continue
        if label[1] in labels:
            raise Mistake(Problem(file=name, line=line + 1 + n, told=f"The label `{label[1]}` stands here twice."))
        labels[label[1]], end = label[2].strip(), n
    return _joined(lines[:end]), dict(reversed(labels.items()))


def _joined(lines: list[str]) -> str:
    """Paragraphs as written; an editor's line breaks inside them stay."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(row.strip() for row in lines)).strip()
