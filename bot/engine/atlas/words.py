"""Words beside a name: what kind of place it is ("обл", "ауданы"), and those that say nothing ("я живу в")."""

import re
from typing import Literal, NamedTuple

from bot.engine.atlas.spelling import LETTER, skeleton

Hint = Literal["region", "district", "city", "village", "okrug", "station", "street"]
LONGEST = 300
"""Characters that are looked at; nobody needs more to name a place."""
MANY = 12
"""Words that are looked at in a long message, each once."""

_TOKEN = re.compile(rf"{LETTER}+(?:['’ʼ`´]{LETTER}+)*|\d+")
_SHORT = (
    (re.compile(r"\bр\.?\s?[-–/]\s?н(?:е|а|у|ом)?\b\.?", re.IGNORECASE), " район "),
    (re.compile(r"\b[саa]\s?/\s?о\b\.?", re.IGNORECASE), " округ "),
    (re.compile(r"\bпгт\b\.?", re.IGNORECASE), " поселок "),
    (re.compile(r"\bы\s?/\s?а\b\.?", re.IGNORECASE), " ықшамаудан "),
)

_TYPED: tuple[tuple[Hint, str], ...] = (
    ("region", "обл обылысы oblys oblysy oblast obl region province"),
    ("district", "р рн ауд district rayon raion audany d"),
    ("city", "г гор қ city town qalasy kalasy g"),
    ("village", "с а ау п пос д дер village auyl aul auyly selo s"),
    ("okrug", "окр сельский сельского сельском ауылдық ауылдык"),
    ("station", "ст рзд station"),
    ("street", "мкр мкрн ул көш кош мөлт street microdistrict дом үй кв"),
)
_EXACT: dict[str, Hint] = {word: hint for hint, listed in _TYPED for word in listed.split()}
"""Abbreviations and English words, as they are typed."""

_ENDINGS: tuple[tuple[Hint, str], ...] = (
    ("region", r"облис(?:и(?:нда|нан|на|нин|ни|ндаги|мен)?|тар\w*)?|област\w{0,3}|регион\w{0,2}"),
    ("district", r"раион\w{0,2}|аудан(?:да|нан|га|и(?:нда|нан|на|нин|ни|ндаги)?)?"),
    ("city", r"город\w{0,2}|кала(?:да|дан|га|нин|си(?:нда|нан|на|нин|ни|ндаги)?)?"),
    (
        "village",
        r"сел[оаеу]м?|а(?:уил|ул)(?:да|дан|га|дин|[аеу]|ом|и(?:нда|нан|на|нин|ни|ндаги)?)?"
        r"|посел(?:ок|к[аеу]|ком)|деревн\w{1,2}|кент(?:и(?:нде|нен|не|нин)?|те)|станиц\w",
    ),
    ("okrug", r"округ(?:\w|ом|те|и(?:нда|нан|на|нин)?)?"),
    ("station", r"станци\w{1,2}|станса\w{0,5}|бекет\w{0,5}|раз[иь]?езд\w{0,2}"),
    ("street", r"микрораион\w{0,2}|икшамаудан\w{0,5}|улиц\w{1,2}|коше(?:си\w{0,4})?|проспект\w{0,2}|дангил\w{0,5}"),
)
_ENDED = tuple((hint, re.compile(rf"(?:{pattern})\Z")) for hint, pattern in _ENDINGS)
"""Whole words under case endings, by their skeleton."""

_AFTER = re.compile(r"коше|кош\Z|дангил|икшамаудан|молт")
"""Words for streets that stand after the name."""
_PEOPLE = frozenset("батыра батыр би бия хан хана жырау ата апа ақын акына ақсақал".split())
"""Titles that are part of a street's name."""

_SIDE = re.compile(r"шигис|батис|солтустик|онтустик|вост|зап|сев|иуж|east|west|north|south")
"""A side of the world, which belongs to the name after it: Шығыс Қазақстан."""

_PLAIN = str.maketrans("әғқңөұүһіё", "агкноуухие")
_NOISE = frozenset(
    """
    я мы он она они в во на из с со у к ко о об от до за по под над при и или а но же ли бы не это этот тут там здесь
    сейчас сегодня живу живем живёт живут живет нахожусь находимся нахожуся приехала приехал приехали рядом около возле
    вблизи недалеко недалёко близко ближе между где куда откуда какой какая есть мне нам меня нас мой моя наш наша
    помощь помогите центр центры кризисный поддержки семьи психолог адрес адреса ближайший ближайшая ближайшее нужен
    нужна нужно можно пожалуйста родом сам сама буду еду едем прописка прописана типа вроде примерно сторона стороне
    имени им казахстан казахстана казахстане рк здравствуйте привет подскажите хочу найти найдите ищу ищем
    если то чем км
    как так вот ещё уже да нет

    мен менің маған мені біз біздің бізге сен сіз ол олар және пен бен та те да де осы сол бұл мұнда осында қазір бүгін
    тұрамын тұрам тұрамыз тұрады тұратын тұрып жатырмын жатырмыз жатыр жүрмін отырмын келдім болам болады бар барсам
    жақын жақында жанында жанындағы маңында маңындағы қасында қасындағы арасында арасындағы ортасында қайда қайдан
    қандай керек көмек орталық орталығы отбасын қолдау мекенжай мекенжайы ең қазақстан қазақстанда атындағы атында сәлем
    сәлеметсіз айтыңызшы айтшы іздеп табу жағында жақта жақтан ма ме ба бе па пе емес иә жоқ

    i we he she they in at from to of the an am is are im i'm me my our near nearby close next by between and or live
    living lives stay staying located here there now today where what which help centre center crisis support family
    psychologist address nearest closest need please find want for somewhere around outside kazakhstan hello hi
    """.translate(_PLAIN).split()
)
"""Words that name no place, in small letters without the Kazakh ones."""


class Word(NamedTuple):
    """One word of a message: as typed in small letters, its skeleton, and what it says of its neighbour."""

    raw: str
    bones: str
    hint: Hint | None = None
    noise: bool = False
    everyday: bool = False
    """Names a place only as a part of a name (Алма-Ата, Акши 2), or where its region is told too."""


def words(text: str) -> list[Word]:
    """The words of a message, its first LONGEST characters."""
    text = text[:LONGEST]
    for short, whole in _SHORT:
        text = short.sub(whole, text)
    found = [_word(raw) for raw in _TOKEN.findall(text.casefold())]
    for at, word in enumerate(found[1:], 1):
        before = found[at - 1]
        if word.noise and _SIDE.match(before.raw if before.raw.isascii() else before.bones):
            found[at] = word._replace(noise=False)
    return found


def telling(text: str, everyday: frozenset[str] = frozenset()) -> list[Word]:
    """The words that may tell where: without those that say nothing, streets and houses, and numbers."""
    found = [word for word in _without_streets(words(text)) if not word.noise]
    named = _without_houses(found)
    told = [word._replace(everyday=_is_everyday(named, at, everyday)) for at, word in enumerate(named)]
    if len(told) > MANY:
        told = list(dict.fromkeys(told))[:MANY]
    return told if any(word.hint is None and not word.raw.isdigit() for word in told) else []


def _is_everyday(named: list[Word], at: int, everyday: frozenset[str]) -> bool:
    """A number, or a word of every day, unless the word beside it says that it is a place."""
    if named[at].raw.isdigit():
        return True
    beside = (*named[max(at - 1, 0) : at], *named[at + 1 : at + 2])
    return named[at].raw.translate(_PLAIN) in everyday and not any(word.hint for word in beside)


def _without_streets(said: list[Word]) -> list[Word]:
    """Streets and microdistricts are not on the map: "ул. Абая" goes, and "Абай көшесі"."""
    kept: list[Word] = []
    skip = 0
    for at, word in enumerate(said):
        if skip:
            skip -= 1
        elif word.hint != "street":
            kept.append(word)
        elif _AFTER.match(word.bones):
            while kept and kept[-1].raw in _PEOPLE:
                kept.pop()
            if kept and kept[-1].hint is None:
                kept.pop()
        else:
            rest = said[at + 1 :]
            skip = 1 if rest and rest[0].hint is None else 0
            while skip and skip < len(rest) and rest[skip].raw in _PEOPLE:
                skip += 1
    return kept


def _without_houses(found: list[Word]) -> list[Word]:
    """A street before a number goes, and the number: "Уральск, Абая 5". A hamlet keeps its own: "Акши 2"."""
    kept: list[Word] = []
    for word in found:
        if word.raw.isdigit() and len(kept) > 1 and kept[-1].hint is None and kept[-2].hint is None:
            kept.pop()
        else:
            kept.append(word)
    return kept


def _word(raw: str) -> Word:
    bones = skeleton(raw)
    hint = _EXACT.get(raw) or next((hint for hint, pattern in _ENDED if pattern.match(bones)), None)
    return Word(raw, bones, hint, noise=hint is None and raw.translate(_PLAIN) in _NOISE)
