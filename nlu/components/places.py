"""Marks the words that name a place: known names, the look of a word, and its company, weighed by a small CRF."""

from __future__ import annotations

import random
import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pycrfsuite

from components.corpus import Sentence
from components.reading import Token, tokens

NAMES = Path(__file__).resolve().parent.parent / "words" / "places.txt"
ENDING = re.compile(
    r"(?:лик|дик|тик|лар|лер)?(?:да|де|та|те|нда|нде|дан|ден|тан|тен|нан|нен|ан|ен|га|ге|ка|ке|на|не|нин|дин|тин|ни|ди|ти"
    r"|дин|ми|мин|тин|и|си|а|е|у|ом|оим|ои|ого|ему|ем|ам|ах|скии|скои|ском|ского|скои|даги|деги|таги|теги"
    r"|дамин|демин|тамин|темин|дамиз|демиз|тамиз|темиз)$"
)
VOWELS = "аеиоуэ"
STEM = 4
TURNS = 60
PLAIN = 6000
ENOUGH = 0.05  # a word too many is sorted out by the atlas; a place not marked is lost
Words = list[list[str]]


class Names:
    """Names from the gazetteer by their skeleton, and by their stem without the last vowel."""

    def __init__(self, text: str) -> None:
        self.kinds: dict[str, str] = {}
        for line in text.splitlines():
            kind, _, names = line.partition(":")
            if not line.startswith("#"):
                for name in names.split(", "):
                    self.kinds.setdefault(name.strip(), kind)
        self.stems = {name[:-1]: kind for name, kind in self.kinds.items() if name[-1:] in VOWELS and len(name) > STEM}

    @classmethod
    def read(cls, path: Path = NAMES) -> Names:
        """The names of a file as gather_places.py writes it."""
        return cls(path.read_text("utf-8"))

    def kind(self, bones: str) -> str:
        """`big`, `small` or nothing; with a star if the word carries an ending."""
        if bones in self.kinds:
            return self.kinds[bones]
        if bones in self.stems:
            return f"{self.stems[bones]}*"
        for length in range(len(bones) - 1, 2, -1):
            found = self.kinds.get(bones[:length]) or (self.stems.get(bones[:length]) if length >= STEM else None)
            if found and ENDING.match(bones, length):
                return f"{found}*"
        return ""


class Places:
    """The trained marker."""

    def __init__(self, names: Names, usual: frozenset[str], tagger: pycrfsuite.Tagger, model: bytes) -> None:
        self.names = names
        self.usual = usual
        self.tagger = tagger
        self.labels = frozenset(tagger.labels())
        self.model = model

    def mark(self, text: str, read: Sequence[Token]) -> list[dict[str, Any]]:
        """The places of a message, as rasa writes entities: entity, value, start, end."""
        if not read:
            return []
        self.tagger.set(clues(text, read, self.names, self.usual))
        found: list[dict[str, Any]] = []
        inside = False
        for index, token in enumerate(read):
            begins, goes_on = self._chance("B", index), self._chance("I", index)
            named = begins + goes_on >= ENOUGH
            if named and inside and goes_on > begins:
                found[-1]["end"] = token.end
            elif named:
                found.append({"entity": "place", "value": "", "start": token.start, "end": token.end})
            inside = named
        return [{**one, "value": text[one["start"] : one["end"]]} for one in found]

    def _chance(self, label: str, index: int) -> float:
        return float(self.tagger.marginal(label, index)) if label in self.labels else 0.0

    def save(self, folder: Path) -> None:
        """Writes the marker's two files."""
        (folder / "places.crf").write_bytes(self.model)
        (folder / "usual.txt").write_text("\n".join(sorted(self.usual)), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Places:
        """Reads what `save` wrote."""
        model = (folder / "places.crf").read_bytes()
        usual = frozenset((folder / "usual.txt").read_text("utf-8").split("\n"))
        return cls(Names.read(), usual, _opened(model), model)


def _opened(model: bytes) -> pycrfsuite.Tagger:
    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(model)
    return tagger


def clues(text: str, read: Sequence[Token], names: Names, usual: frozenset[str], forget: bool = False) -> Words:
    """For each token what speaks for or against a place. `forget` leaves out which word it is."""
    shouting = text.isupper()
    own = [_own(text, token, names, usual, shouting) for token in read]
    result: Words = []
    for index, token in enumerate(read):
        found = ["*", *own[index]]
        if not forget:
            found += [f"w={token.bones}", f"<={token.bones[:4]}"]
        found += [f">={token.bones[-2:]}", f">={token.bones[-3:]}"]
        for step in (-2, -1, 1, 2):
            at = index + step
            if 0 <= at < len(read):
                found.append(f"{step}w={read[at].bones}")
                found.extend(f"{step}{clue}" for clue in own[at])
            else:
                found.append(f"{step}edge")
        if index + 1 < len(read):
            found.append(f"2{names.kind(f'{token.bones} {read[index + 1].bones}')}")
        if index:
            found.append(f"-2{names.kind(f'{read[index - 1].bones} {token.bones}')}")
        result.append(found)
    return result


def _own(text: str, token: Token, names: Names, usual: frozenset[str], shouting: bool) -> list[str]:
    kind = names.kind(token.bones)
    known = "usual" if token.bones in usual else "rare"
    capital = "capital" if text[token.start].isupper() and token.start and not shouting else "small"
    return [f"n={kind}", f"n={kind}&{known}", known, capital, f"{capital}&{kind[:1]}&{known}"]


def learn_places(sentences: Sequence[Sentence], seed: int = 111) -> Places:
    """A marker that has learnt from these sentences."""
    return taught(*teach_places(sentences, seed))


def taught(usual: frozenset[str], model: bytes) -> Places:
    """The marker that `teach_places` has made."""
    return Places(Names.read(), usual, _opened(model), model)


def teach_places(sentences: Sequence[Sentence], seed: int = 111) -> tuple[frozenset[str], bytes]:
    """The usual words and the CRF, so that another process can hand them over.

    Learns from sentences whose `places` say where they are named: as written, in small letters, and without being told
    which word it is, so that look and company must be enough for a name never seen.
    """
    names = Names.read()
    read = [tokens(one.text) for one in sentences]
    labels = [_labels(found, one.places) for found, one in zip(read, sentences)]
    counts = Counter(
        token.bones for found, marks in zip(read, labels) for token, mark in zip(found, marks) if mark == "O"
    )
    elsewhere = frozenset(word for word, count in counts.items() if count > 1)
    plain = [index for index, marks in enumerate(labels) if marks and "B" not in marks]
    shown = {*random.Random(seed).sample(plain, min(PLAIN, len(plain)))}
    shown.update(index for index, marks in enumerate(labels) if "B" in marks)
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params({"c1": 0.05, "c2": 0.05, "max_iterations": TURNS})
    for index in sorted(shown):
        text, found, marks = sentences[index].text, read[index], labels[index]
        trainer.append(clues(text, found, names, elsewhere), marks)
        if "B" in marks:
            trainer.append(clues(text.lower(), found, names, elsewhere), marks)
            trainer.append(clues(text.lower(), found, names, elsewhere, forget=True), marks)
    with tempfile.TemporaryDirectory() as folder:
        trainer.train(f"{folder}/places.crf")
        model = Path(folder, "places.crf").read_bytes()
    return frozenset(counts), model


def _labels(read: Sequence[Token], places: Sequence[tuple[int, int]]) -> list[str]:
    labels = ["O"] * len(read)
    for start, end in places:
        inside = [index for index, token in enumerate(read) if token.start < end and token.end > start]
        for index in inside:
            labels[index] = "I" if index > inside[0] else "B"
    return labels
