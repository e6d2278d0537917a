"""Turns a message into what a linear classifier can weigh: words, pairs of words, pieces of words."""

from __future__ import annotations

from collections import Counter
from typing import Iterable, Sequence

import numpy as np
from scipy import sparse

from components.reading import Token

PIECES = (2, 3, 4, 5)
RAW_PIECES = (3, 4)
RARE = 2


def features(tokens: Sequence[Token]) -> list[str]:
    """Everything there is to weigh in a message. The first sign says of which kind it is."""
    found: list[str] = []
    bones = [token.bones for token in tokens]
    for word in bones:
        found.append("w" + word)
        _pieces("s", f" {word} ", PIECES, found)
    found.extend(f"p{one} {two}" for one, two in zip(["^", *bones], [*bones, "$"]))
    found.extend(f"k{one} {two}" for one, two in zip(bones, bones[2:]))
    for token in tokens:
        found.append("W" + token.raw)
        _pieces("r", f" {token.raw} ", RAW_PIECES, found)
    return found


def _pieces(kind: str, word: str, sizes: Iterable[int], found: list[str]) -> None:
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
    def learn(cls, lists: Sequence[list[str]]) -> Vocabulary:
        """Counts in how many messages a feature stands; what stands in fewer than RARE is left out."""
        counts: Counter[str] = Counter()
        for found in lists:
            counts.update(set(found))
        names = sorted(name for name, count in counts.items() if count >= RARE)
        seen = np.array([counts[name] for name in names], dtype=np.float64)
        return cls(names, np.log((1 + len(lists)) / (1 + seen)) + 1)

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

    def matrix(self, lists: Sequence[list[str]]) -> sparse.csr_matrix:
        """All rows as one sparse matrix."""
        rows = [self.row(found) for found in lists]
        ends = np.cumsum([0] + [len(at) for at, _ in rows])
        at = np.concatenate([at for at, _ in rows]) if rows else np.zeros(0, np.int32)
        values = np.concatenate([values for _, values in rows]) if rows else np.zeros(0, np.float32)
        return sparse.csr_matrix((values, at, ends), shape=(len(rows), len(self.names)))
