"""The language a message is written in, guessed only where it is plain; the NLU hears the rest."""

import re

from bot.core.talk import Locale

_KAZAKH = re.compile("[әғқңөұүһі]")
_KK = (
    "мен маган мени сен сиз бар жок емес урып жатыр болады калай кайда комектесиндер комектесиниз кайтем гой барма "
    "салем рахмет куйеуим анам акем мына осы деп болып"
)
_RU = (
    "я меня мне он она они и в на что как это муж помогите где есть привет спасибо мой моя у с за по бьет бьёт "
    "если можно нужна нужно хочу здравствуйте или мы вы но"
)
_EN = (
    "i me my he she they is are the a an and to in of what how help please where can you not husband hello hi "
    "thanks want need"
)
_COMMON: dict[Locale, frozenset[str]] = {
    "kk": frozenset(_KK.split()),
    "ru": frozenset(_RU.split()),
    "en": frozenset(_EN.split()),
}


def guess_locale(text: str) -> Locale | None:
    """The language of `text` as she wrote it; None where it could be more than one."""
    counts = _counts(text)
    if _KAZAKH.search(text.casefold()):
        return "kk"
    best = max(counts, key=lambda locale: counts[locale])
    ties = [locale for locale, count in counts.items() if count == counts[best]]
    return best if counts[best] and len(ties) == 1 else None


def unmixed_locale(text: str) -> Locale | None:
    """The language of `text` where no word of another stands in it; for who mixes, nothing changes."""
    spoken = [locale for locale, count in _counts(text).items() if count]
    return spoken[0] if len(spoken) == 1 else None


def _counts(text: str) -> dict[Locale, int]:
    """How many words of each language can be recognised."""
    words = re.findall(r"\w+", text.casefold())
    counts = {locale: sum(word in common for word in words) for locale, common in _COMMON.items()}
    counts["kk"] += sum(bool(_KAZAKH.search(word)) for word in words)
    return counts
