"""skeleton(): one spelling for the many in which a name is typed; stems(): the name without its case ending."""

import re
import unicodedata

LETTER = r"[^\W\d_]"
_LATIN = (
    ("shch", "ш"), ("sch", "ш"), ("dzh", "ж"), ("sh", "ш"), ("ch", "ш"), ("zh", "ж"), ("dj", "ж"), ("kh", "х"),
    ("gh", "г"), ("ts", "ц"), ("tz", "ц"), ("ya", "иа"), ("yu", "иу"), ("ye", "е"), ("ph", "ф"),
)  # fmt: skip
_SINGLE = str.maketrans(
    {
        **dict(zip("abcdefghijklmnopqrstuvwxyz", "абкдефгхижклмнопкрстувухиз", strict=True)),
        **dict(zip("ıəşçğñ", "иашшгн", strict=True)),
        **dict(zip("әғқңөұүһіыйёэщч", "агкноуухиииеешш", strict=True)),
        "я": "иа", "ю": "иу",
        **dict.fromkeys("ъь'’ʼ`´ʻ", ""),
    }
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")
_LOOKS_CYRILLIC = str.maketrans("aceopxyki", "асеорхуки")
_CYRILLIC = re.compile("[\u0400-\u04ff]")

KAZAKH = (
    "да де та те нда нде дан ден тан тен нан нен га ге ка ке на не а е нин дин тин ни ди ти н мен бен пен "
    "даги деги таги теги ндаги ндеги лик дик тик дамин демин тамин темин дамиз демиз тамиз темиз "
    "данмин денмин танмин тенмин нанмин ненмин данмиз денмиз танмиз тенмиз нанмиз ненмиз гана "
    "ан ен ин аги еги"  # what is left of an ending whose first letter is the name's last: Ақшатта, Көксуннің
).split()
RUSSIAN = (
    "е а у и ом ем ои еи иа иу ии ам ах ами иам иах ов ево ого его ому ему им ими их уиу ово ове ови оиу аиа ое ии"
).split()
_ENDINGS = tuple(sorted({*KAZAKH, *RUSSIAN}, key=len, reverse=True))
_NOMINATIVE = ("аиа", "ое", "ее", "ои", "иа", "а", "е", "о", "и")
"""What a Russian name ends with, and loses before a case ending: Красная, Красное, Степной, Караганда, Чапаево."""
SHORTEST_STEM = 3


def skeleton(word: str) -> str:
    """`word` in small Cyrillic letters, Kazakh ones folded, Latin ones read as Cyrillic, no letter twice in a row.

    Талдықорған, Талдыкорган, Taldyqorğan and Taldykorgan become one word; so do Шымкент and Чимкент.
    """
    word = unicodedata.normalize("NFC", word).casefold()
    if _CYRILLIC.search(word):
        word = word.translate(_LOOKS_CYRILLIC)
    else:
        for spelling, letter in _LATIN:
            word = word.replace(spelling, letter)
    word = "".join(c for c in unicodedata.normalize("NFKD", word.translate(_SINGLE)) if not unicodedata.combining(c))
    return _DOUBLED.sub(r"\1", word.translate(_SINGLE))


def stems(bones: str) -> tuple[str, ...]:
    """What may be left of a skeleton when a Kazakh or Russian case ending is taken off; the longest ending last."""
    found = [bones[: -len(e)] for e in _ENDINGS if bones.endswith(e) and len(bones) - len(e) >= SHORTEST_STEM - 1]
    return tuple(dict.fromkeys(sorted(found, key=len, reverse=True)))


def bare(bones: str) -> tuple[str, ...]:
    """A name's skeleton without the endings that it loses in Russian cases; they must not be too short."""
    return tuple(
        bones[: -len(end)] for end in _NOMINATIVE if bones.endswith(end) and len(bones) - len(end) >= SHORTEST_STEM - 1
    )
