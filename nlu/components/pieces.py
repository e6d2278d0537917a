"""Cuts words into the pieces that the encoder knows: of all ways to cut a word, the likeliest (a unigram model)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from components.reading import Token

START, PAD, END, UNKNOWN = range(4)  # the first four rows of the encoder's table
OWN = ("<s>", "<pad>", "</s>", "<unk>")
WORD = "\u2581"  # stands before the first piece of a word
LONGEST_PIECE = 16
UNLIKELY = 10.0
HEAD, TAIL = 42, 84  # of a long message its beginning and its end: what is asked for stands last


class Pieces:
    """The pieces with their likelihoods (natural logarithms); the place of one is its row in the encoder's table."""

    def __init__(self, rows: Iterable[tuple[str, float]]) -> None:
        self.known = {piece: (row, likely) for row, (piece, likely) in enumerate(rows) if row > UNKNOWN}
        self.unlikely = min(likely for _, likely in self.known.values()) - UNLIKELY

    @classmethod
    def read(cls, text: str) -> Pieces:
        """Reads a text with a piece, a tab and its likelihood in each line."""
        lines = (line.split("\t") for line in text.rstrip("\n").split("\n"))
        return cls((piece, float(likely)) for piece, likely in lines)

    def of(self, read: Sequence[Token]) -> list[int]:
        """The rows of a message, from START to END; of a long one the beginning and the end."""
        rows = [row for token in read for row in self.cut(token.raw)]
        if len(rows) > HEAD + TAIL:
            rows = rows[:HEAD] + rows[-TAIL:]
        return [START, *rows, END]

    def cut(self, word: str) -> tuple[int, ...]:
        """The likeliest way to cut one word (Viterbi); a sign that no piece has is UNKNOWN."""
        word = WORD + word
        best = [0.0, *[float("-inf")] * len(word)]
        came: list[tuple[int, int]] = [(0, UNKNOWN)] * (len(word) + 1)
        for start in range(len(word)):
            for end in range(start + 1, min(len(word), start + LONGEST_PIECE) + 1):
                row, likely = self.known.get(word[start:end], (UNKNOWN, self.unlikely))
                if (row != UNKNOWN or end == start + 1) and best[start] + likely > best[end]:
                    best[end], came[end] = best[start] + likely, (start, row)
        rows: list[int] = []
        end = len(word)
        while end:
            end, row = came[end]
            rows.append(row)
        return tuple(reversed(rows))
