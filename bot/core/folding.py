"""fold(): one plain spelling for many, so that exact words are found however they were typed."""

import re
import unicodedata

_LETTERS = str.maketrans("әғқңөұүһіё", "агкноуухие")
_LOOKS_LIKE_CYRILLIC = str.maketrans("aceopxykihABCEHKMOPTXYI", "асеорхукихАВСЕНКМОРТХУИ")
_NOT_A_WORD = re.compile(r"[\W_]+")
_DRAGGED = re.compile(r"([^\W\d])\1{2,}")
_CYRILLIC = re.compile(r"[а-яәғқңөұүһіё]", re.IGNORECASE)
_UNSEEN = ("Mn", "Cf")
"""Kinds of characters that nobody sees: stress marks, joiners, soft hyphens."""


def fold(text: str) -> str:
    """Return `text` in lower case, without punctuation, Kazakh letters folded, letters dragged out cut to one.

    Latin look-alikes inside a word that has Cyrillic letters become Cyrillic ("пoмoгите" with Latin o).
    """
    seen = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) not in _UNSEEN)
    words = [
        w.translate(_LOOKS_LIKE_CYRILLIC) if _CYRILLIC.search(w) else w for w in _NOT_A_WORD.sub(" ", seen).split()
    ]
    return _DRAGGED.sub(r"\1", " ".join(words).casefold().translate(_LETTERS))
