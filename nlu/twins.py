"""What nobody learns from: the twins under tests/ (built to be hard), everyday/ (as such a chat would get it); and the
search for leaks between them and the data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import yaml
from scipy import sparse

from components import corpus
from components.reading import tokens

HOUSE = Path(__file__).resolve().parent
FOLDER = HOUSE / "tests"
KNOWN = FOLDER / "known_failures.yml"
EVERYDAY = HOUSE / "everyday"
# Pieces of four letters of the skeletons, shared out of all that either sentence has. From 0.6 on two sentences of the
# data are the same message with a word exchanged or a typo; at 0.5 they begin to be two people in the same trouble.
PIECE = 4
NEAR = 0.6
# So short a message is a leak only if it is the same, and not even then in small talk: "рахмет" has no other words.
SHORT = 16
SMALL_TALK = frozenset({"greet", "goodbye", "thank", "affirm", "deny"})
BATCH = 500


def read(folder: Path = FOLDER) -> tuple[list[corpus.Sentence], list[corpus.Mistake]]:
    """The twins, and the mistakes in their files."""
    found, mistakes = corpus.read(folder, corpus.known_intents(HOUSE / "domain.yml"))
    return found, [one for one in mistakes if one.path.parent != folder]


def known_failures(path: Path = KNOWN) -> list[dict[str, str]]:
    """The danger sentences that are known to be missed: tongue, intent, text."""
    return yaml.safe_load(path.read_text("utf-8")) or [] if path.exists() else []


def bones(text: str) -> str:
    """The whole message as one skeleton."""
    return " ".join(token.bones for token in tokens(text))


def leaks(data: Sequence[corpus.Sentence], twins: Sequence[corpus.Sentence]) -> Iterator[tuple[int, int, float]]:
    """Pairs (data, twin, likeness) that say the same in the same words, whatever letters they are typed in."""
    numbers: dict[str, int] = {}
    ours, theirs = _pieces(data, numbers), _pieces(twins, numbers)
    both = sparse.vstack([_wide(ours, len(numbers)), _wide(theirs, len(numbers))]).tocsr()
    ours, theirs = both[: len(data)], both[len(data) :].T.tocsc()
    sizes, others = np.diff(ours.indptr), np.diff(theirs.indptr)
    limits = np.array([_limit(one) for one in twins])
    for start in range(0, len(data), BATCH):
        shared = (ours[start : start + BATCH] @ theirs).tocoo()
        alike = shared.data / (sizes[start + shared.row] + others[shared.col] - shared.data)
        for at in np.flatnonzero(alike >= limits[shared.col]):
            yield int(start + shared.row[at]), int(shared.col[at]), float(alike[at])


def _limit(one: corpus.Sentence) -> float:
    if len(bones(one.text)) >= SHORT:
        return NEAR
    return 2.0 if one.intent in SMALL_TALK else 0.999


def _pieces(sentences: Sequence[corpus.Sentence], numbers: dict[str, int]) -> sparse.csr_matrix:
    rows: list[int] = []
    ends = [0]
    for one in sentences:
        whole = f" {bones(one.text)} "
        found = {whole[at : at + PIECE] for at in range(max(1, len(whole) - PIECE + 1))}
        rows.extend(sorted(numbers.setdefault(piece, len(numbers)) for piece in found))
        ends.append(len(rows))
    values = np.ones(len(rows), dtype=np.float32)
    return sparse.csr_matrix((values, rows, ends), (len(sentences), max(len(numbers), 1)))


def _wide(matrix: sparse.csr_matrix, columns: int) -> sparse.csr_matrix:
    matrix.resize((matrix.shape[0], max(columns, 1)))
    return matrix
