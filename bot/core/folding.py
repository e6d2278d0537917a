"""fold(): one plain spelling for many, so that exact words are found however they were typed."""

import re
import unicodedata

_LETTERS = str.maketrans("әғқңөұүһіё", "агкноуухие")
_LOOKS_LIKE_CYRILLIC = str.maketrans("aceopxyk", "асеорхук")
_NOT_A_WORD = re.compile(r"[^\w]+")
_REPEATED = re.compile(r"(.)\1{2,}")
_CYRILLIC = re.compile(r"[а-я]")


def fold(text: str) -> str:
    """Return `text` in lower case, without punctuation, Kazakh letters folded, letters dragged out cut to one.

    Latin look-alikes inside a word that has Cyrillic letters become Cyrillic ("пoмoгите" with Latin o).
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    plain = _REPEATED.sub(r"\1", plain)
    words = _NOT_A_WORD.sub(" ", plain.replace("_", " ")).split()
    return " ".join(w.translate(_LOOKS_LIKE_CYRILLIC) if _CYRILLIC.search(w) else w for w in words)
