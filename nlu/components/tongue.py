"""Which language to answer in: Kazakh, Russian or English, whatever letters it is typed in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from components.corpus import Sentence
from components.features import Vocabulary, pieces
from components.judge import fit, softmax
from components.reading import CYRILLIC, LATIN, Token, tokens

LOCALES = ("kk", "ru", "en")
PIECES = (1, 2, 3, 4)
STRICTNESS = 1.0
WARMTH = 3.0


def marks(read: Sequence[Token]) -> list[str]:
    """Words and pieces of words, by skeleton only: Kazakh in Latin letters must not be taken for English."""
    found: list[str] = []
    for token in read:
        found.append("w" + token.bones)
        pieces("s", f" {token.bones} ", PIECES, found)
    return found


class Tongue:
    """The trained ear for languages."""

    def __init__(self, vocabulary: Vocabulary, weights: np.ndarray) -> None:
        self.vocabulary = vocabulary
        self.weights = weights

    def shares(self, read: Sequence[Token]) -> np.ndarray:
        """How likely each of LOCALES is."""
        at, values = self.vocabulary.row(marks(read))
        return softmax(values @ self.weights[at] + self.weights[-1], WARMTH)

    def locale(self, read: Sequence[Token], shares: np.ndarray) -> str | None:
        """The language to answer in; None where there is no word to tell it by."""
        words = any(CYRILLIC.search(token.raw) or LATIN.search(token.raw) for token in read)
        return LOCALES[int(np.argmax(shares))] if words else None

    def save(self, folder: Path) -> None:
        """Writes plain arrays and JSON."""
        np.savez(folder / "tongue.npz", weights=self.weights, rarity=self.vocabulary.weights)
        (folder / "tongue.json").write_text(json.dumps(self.vocabulary.names, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Tongue:
        """Reads what `save` wrote."""
        with np.load(folder / "tongue.npz", allow_pickle=False) as arrays:
            weights, rarity = arrays["weights"], arrays["rarity"]
        return cls(Vocabulary(json.loads((folder / "tongue.json").read_text("utf-8")), rarity), weights)


def learn_tongue(sentences: Sequence[Sentence]) -> Tongue:
    """Learns from the sentences of one language; the mixed ones teach nothing here."""
    pure = [one for one in sentences if one.tongue in LOCALES]
    vocabulary, rows = Vocabulary.learn(marks(tokens(one.text)) for one in pure)
    answers = np.array([LOCALES.index(one.tongue) for one in pure])
    return Tongue(vocabulary, fit(rows, answers, len(LOCALES), STRICTNESS))
