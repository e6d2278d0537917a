"""Turns a message into what a linear classifier can weigh: words, pairs of words, pieces of words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from scipy import sparse
from sklearn.preprocessing import normalize

from components.reading import Token

PIECES = (2, 3, 4, 5)
RARE = 3
START = 5
REACH = 6
VOWELS = re.compile("[аеиоуьъ]")


def features(read: Sequence[Token], told: Sequence[Token] = ()) -> list[str]:
    """Everything there is to weigh in a message, and in its Kazakh words put into Russian. All by skeleton; the
    first sign says of which kind it is: a word, a piece of one, its consonants (vowels get lost in haste), a pair of
    neighbours, a pair with one between, two beginnings of words that stand near each other in any order."""
    found: list[str] = []
    for message in (read, told):
        bones = [token.bones for token in message]
        for word in bones:
            found.append("w" + word)
            pieces("s", f" {word} ", PIECES, found)
        if bones:
            found.extend(f"p{one} {two}" for one, two in zip(["^", *bones], [*bones, "$"]))
            found.extend(f"k{one} {two}" for one, two in zip(bones, bones[2:]))
    starts = [token.bones[:START] for token in told or read]
    for at, one in enumerate(starts):
        found.extend([f"n{one} {two}" if one < two else f"n{two} {one}" for two in starts[at + 1 : at + REACH]])
    consonants = (VOWELS.sub("", token.bones) for token in read)
    found.extend("c" + rest for rest in consonants if len(rest) > 1)
    return found


def pieces(kind: str, word: str, sizes: Iterable[int], found: list[str]) -> None:
    """Adds all pieces of a word that have one of these lengths."""
    for size in sizes:
        if size > len(word):
            return
        found.extend([kind + word[at : at + size] for at in range(len(word) - size + 1)])


class Vocabulary:
    """The features the training has seen often enough, each with its column and its weight (rarer is heavier)."""

    def __init__(self, names: list[str], weights: np.ndarray) -> None:
        self.names = names
        self.weights = weights.astype(np.float32)
        self.columns = {name: column for column, name in enumerate(names)}

    @classmethod
    def learn(cls, messages: Iterable[list[str]]) -> tuple[Vocabulary, sparse.csr_matrix]:
        """Reads the features of all messages; those that stand in fewer than RARE are left out."""
        numbers: dict[str, int] = {}
        rows: list[np.ndarray] = []
        many: list[np.ndarray] = []
        for found in messages:
            counts: dict[int, int] = {}
            for name in found:
                number = numbers.setdefault(name, len(numbers))
                counts[number] = counts.get(number, 0) + 1
            rows.append(np.fromiter(counts.keys(), np.int32, len(counts)))
            many.append(np.fromiter(counts.values(), np.float32, len(counts)))
        ends = np.cumsum([0] + [len(row) for row in rows])
        matrix = sparse.csr_matrix(
            (1 + np.log(np.concatenate(many)), np.concatenate(rows), ends), (len(rows), len(numbers))
        )
        seen = np.bincount(matrix.indices, minlength=len(numbers))
        kept = np.flatnonzero(seen >= RARE)
        names = list(numbers)
        vocabulary = cls([names[at] for at in kept], np.log((1 + len(rows)) / (1 + seen[kept])) + 1)
        weighed = matrix[:, kept].multiply(vocabulary.weights).tocsr()
        return vocabulary, normalize(weighed, copy=False).astype(np.float32)

    def row(self, found: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """Columns and values of one message; the values have length one together."""
        counts: dict[int, int] = {}
        columns = self.columns
        for name in found:
            column = columns.get(name)
            if column is not None:
                counts[column] = counts.get(column, 0) + 1
        at = np.fromiter(counts.keys(), dtype=np.int32, count=len(counts))
        many = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        values = (1 + np.log(many)) * self.weights[at]
        length = float(np.sqrt(values @ values))
        return at, values / length if length else values
