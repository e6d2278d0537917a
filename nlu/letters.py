"""The same sentence in other letters: Kazakh without its own ones, Kazakh in Latin. For measuring, and for the
encoder's tuning."""

from __future__ import annotations

FOLDED = str.maketrans("әғқңөұүһіӘҒҚҢӨҰҮҺІ", "агкноуухиАГКНОУУХИ")

# Three ways people type Kazakh in Latin letters: on a Russian speaker's phone, after the alphabet of 2021, carelessly.
COMMON = dict(zip("абвгдезийклмнопрстуфхыэ", "abvgdeziiklmnoprstufhye", strict=True))
WAYS = (
    {
        **COMMON, "ж": "zh", "ш": "sh", "щ": "sh", "ч": "ch", "ц": "ts", "ю": "yu", "я": "ya", "ё": "yo", "ъ": "",
        "ь": "", "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i", "й": "y",
        "х": "kh",
    },
    {
        **COMMON, "ж": "j", "ш": "ş", "щ": "ş", "ч": "ch", "ц": "ts", "ю": "iu", "я": "ia", "ё": "io", "ъ": "",
        "ь": "", "ә": "ä", "ғ": "ğ", "қ": "q", "ң": "ñ", "ө": "ö", "ұ": "ū", "ү": "ü", "һ": "h", "і": "ı", "и": "i",
        "ы": "y",
    },
    {
        **COMMON, "ж": "j", "ш": "sh", "щ": "sh", "ч": "ch", "ц": "c", "ю": "iu", "я": "ia", "ё": "e", "ъ": "",
        "ь": "", "ә": "a", "ғ": "g", "қ": "q", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i", "ы": "y",
    },
)  # fmt: skip
CASES = [str.maketrans({**way, **{one.upper(): latin.capitalize() for one, latin in way.items()}}) for way in WAYS]
OWN = frozenset("әғқңөұүһіӘҒҚҢӨҰҮҺІ")


def folded(text: str) -> str:
    """Kazakh as it is typed where the keyboard has Russian letters only."""
    return text.translate(FOLDED)


def latin(text: str, number: int) -> str:
    """Kazakh in Latin letters; the number (of the sentence) decides in which way."""
    return text.translate(CASES[number % len(CASES)])


def script(text: str) -> str:
    """What the sentence is typed in: `own` (some letter only Kazakh has), `cyrillic`, `latin`."""
    if not OWN.isdisjoint(text):
        return "own"
    return "cyrillic" if any("а" <= one.lower() <= "ё" for one in text) else "latin"
