"""Says in Russian words what a Kazakh message is about: stems looked up in words/kazakh.txt, endings left aside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from components.reading import LATIN, Token, skeleton, typed

WORDS = Path(__file__).resolve().parent.parent / "words" / "kazakh.txt"
SURE = 5  # a stem of so many letters may be followed by anything
ENDINGS = frozenset(
    "лар лер дар дер тар тер м им н ин и си миз имиз низ иниз нин дин тин га ге ка ке на не а е ни ди ти да де та те "
    "нда нде дан ден тан тен нан нен мен бен пен п ип ган ген кан кен са се у ма ме ба бе па пе р ар ер ил т тир дир "
    "гиз киз ис аи еи син ши мин сиз атин етин мак мек гали гели ник дик тик ки ги инши сам сем сан сен к лик лиг "
    "нд ад ед ид".split(" ")
)
LONGEST_ENDING = max(map(len, ENDINGS))
LONGEST_REST = 18
NOT = re.compile("[мбп][ае](?!н?$)")
# For Russian in Latin letters: nearer to real spelling than the skeleton.
RUSSIAN = (
    ("shch", "щ"), ("sch", "щ"), ("sh", "ш"), ("ch", "ч"), ("zh", "ж"), ("kh", "х"), ("ya", "я"), ("ja", "я"),
    ("yu", "ю"), ("ju", "ю"), ("yo", "ё"), ("ye", "е"), ("ts", "ц"), ("iy", "ий"), ("yi", "ый"), ("'", "ь"),
    ("4", "ч"),
)  # fmt: skip
SHORT_I = re.compile("(?<=[аеиоуыэюяaeiou])y")
RUSSIAN_LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "абцдефгхийклмнопкрстувшхыз")


def russian(word: str) -> str:
    """A Russian word typed in Latin letters, as nearly as it can be written back."""
    for latin, cyrillic in RUSSIAN:
        word = word.replace(latin, cyrillic)
    return SHORT_I.sub("й", word).translate(RUSSIAN_LETTERS)


def _is_ending(rest: str) -> bool:
    """Whether these letters can be read as Kazakh endings, one after another."""
    if len(rest) > LONGEST_REST:
        return False
    reached = {0}
    for start in range(len(rest)):
        if start in reached:
            reached.update(
                end
                for end in range(start + 1, start + LONGEST_ENDING + 1)
                if rest[start:end] in ENDINGS and end <= len(rest)
            )
    return len(rest) in reached


class Glossary:
    """Stems and pairs of stems by their skeleton, each with its meaning."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.meanings: dict[str, str] = {}
        for line in lines:
            meaning, _, stems = line.partition(":")
            if not line.startswith("#") and stems:
                for stem in stems.split():
                    bones = " ".join(skeleton(typed(part)) for part in stem.split("_"))
                    self.meanings.setdefault(bones, meaning.strip())

    @classmethod
    def read(cls, path: Path = WORDS) -> Glossary:
        """The glossary of a file: `meaning: stem stem …` on each line."""
        return cls(path.read_text("utf-8").splitlines())

    def say(self, tokens: Sequence[Token]) -> str:
        """The message with Kazakh words put into Russian and Latin letters into Cyrillic, as far as they are known."""
        said, at = [], 0
        while at < len(tokens):
            token = tokens[at]
            pair = self._pair(token.bones, tokens[at + 1].bones) if at + 1 < len(tokens) else None
            found = pair or self.word(token.bones)
            if found is None and token.raw.isascii() and LATIN.search(token.raw):
                found = russian(token.raw)
            said.append(found or token.raw)
            at += 2 if pair else 1
        return " ".join(said)

    def word(self, bones: str) -> str | None:
        """The meaning of the longest stem that this word starts with, if its rest looks like Kazakh endings."""
        for length in range(len(bones), 1, -1):
            meaning = self.meanings.get(bones[:length])
            if meaning and (length >= SURE or length == len(bones) or _is_ending(bones[length:])):
                return f"не {meaning}" if NOT.match(bones, length) else meaning
        return None

    def _pair(self, first: str, second: str) -> str | None:
        for length in range(len(second), 1, -1):
            for shorter in range(len(first), max(len(first) - 4, 1), -1):
                meaning = self.meanings.get(f"{first[:shorter]} {second[:length]}")
                if meaning:
                    return meaning
        return None
