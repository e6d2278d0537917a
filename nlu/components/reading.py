"""Reads a message twice: as it was typed, and as a skeleton in which all spellings of one word look alike."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

LIMIT = 2000
LONGEST_WORD = 48
HIDDEN = "\u00ad\u200b-\u200f\u2060-\u2064\ufeff"
LETTER = rf"(?:[^\W_]|[\u0300-\u036f{HIDDEN}])"
TOKEN = re.compile(rf"{LETTER}+(?:['’ʼ`´-]{LETTER}+)*|[?]|[\u2600-\u27bf\U0001f000-\U0001faff]")
INVISIBLE = re.compile(f"[{HIDDEN}]")
STRETCHED = re.compile(r"(\w)\1{2,}")
DOUBLED = re.compile(r"(\w)\1+")
CYRILLIC = re.compile("[\u0400-\u04ff]")
LATIN = re.compile("[a-z\u00df-\u024fəı]")

# A Latin letter inside a Cyrillic word is a slip of the keyboard, or somebody's way to an і or a һ.
LOOKS_LIKE = str.maketrans("aceikmoptxyhbəöüäñğ", "асеікмортхуһвәөүәңғ")

# The longest spelling first. Several Latin alphabets of Kazakh, and the usual ways to type Russian.
SPELLINGS = (
    ("shch", "ш"), ("sch", "ш"), ("s'", "ш"), ("c'", "ч"), ("sh", "ш"), ("ch", "ч"), ("zh", "ж"), ("kh", "х"),
    ("gh", "г"), ("ng", "н"), ("ya", "иа"), ("yu", "иу"), ("yo", "е"), ("ş", "ш"), ("š", "ш"), ("ç", "ч"),
    ("č", "ч"), ("ž", "ж"), ("ğ", "г"), ("ñ", "н"), ("ý", "у"), ("ə", "а"), ("ı", "и"), ("4", "ч"),
)  # fmt: skip
YE = re.compile(r"(?<![aeiouyıöüäúó])ye")
LATIN_LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "абсдефгхижклмнопкрстувухиз")
FOLDED = str.maketrans(
    {
        **dict(zip("әғқңөұүһіыйёэщ", "агкноуухиииееш", strict=True)),
        "я": "иа", "ю": "иу", "ц": "тс",
        **dict.fromkeys("ъь'’ʼ`´-", ""),
    }
)  # fmt: skip


class Token(NamedTuple):
    """A word, a question mark or an emoji: where it stands, as typed (small letters), and its skeleton."""

    start: int
    end: int
    raw: str
    bones: str


def tokens(text: str) -> list[Token]:
    """The tokens of the first LIMIT characters, in order."""
    return [Token(m.start(), m.end(), *_both(m[0])) for m in TOKEN.finditer(text[:LIMIT])]


def _both(word: str) -> tuple[str, str]:
    raw = typed(word)
    return raw, skeleton(raw)


def typed(word: str) -> str:
    """Small letters, one form of each letter, no hidden signs, no stretched letters, no borrowed look-alikes."""
    word = unicodedata.normalize("NFKC", INVISIBLE.sub("", word[: 4 * LONGEST_WORD])).lower()
    word = unicodedata.normalize("NFC", word.replace("i̇", "i"))
    word = STRETCHED.sub(r"\1", word)[:LONGEST_WORD]
    return word.translate(LOOKS_LIKE) if CYRILLIC.search(word) and LATIN.search(word) else word


def skeleton(word: str) -> str:
    """What is left of a typed word when alphabet, special letters and doubled letters are taken away."""
    if LATIN.search(word):
        word = _to_cyrillic(word)
    return DOUBLED.sub(r"\1", word.translate(FOLDED).replace("нг", "н"))


def _to_cyrillic(word: str) -> str:
    for latin, cyrillic in SPELLINGS:
        if latin in word:
            word = word.replace(latin, cyrillic)
    word = YE.sub("е", word)
    if not word.isascii():
        parts = unicodedata.normalize("NFD", word)
        word = unicodedata.normalize("NFC", re.sub("(?<=[a-z])[\u0300-\u036f]", "", parts))
    return word.translate(LATIN_LETTERS)
