"""Words beside a name: what kind of place it is ("обл", "ауданы"), and those that say nothing ("я живу в")."""

import re
from typing import Literal, NamedTuple

from bot.engine.atlas.spelling import LETTER, skeleton

Hint = Literal["region", "district", "city", "village", "okrug", "station", "street"]
LONGEST = 300
"""Characters that are looked at; nobody needs more to name a place."""

_TOKEN = re.compile(rf"{LETTER}+(?:['’ʼ`´]{LETTER}+)*|\d+")
_SHORT = (
    (re.compile(r"\b(?:р|р-|р\.)\s?[-–]\s?н(?:е|а|у|ом)?\b\.?", re.I), " район "),
    (re.compile(r"\b(?:с|a|а)\s?/\s?о\b\.?", re.I), " округ "),
    (re.compile(r"\bпгт\b\.?", re.I), " поселок "),
)
_LONE: dict[str, Hint] = {
    "обл": "region", "обы": "region", "р": "district", "рн": "district", "ауд": "district", "г": "city", "гор": "city",
    "қ": "city", "с": "village", "а": "village", "ау": "village", "п": "village", "пос": "village", "д": "village",
    "дер": "village", "ст": "station", "рзд": "station", "окр": "okrug", "мкр": "street", "мкрн": "street",
    "ул": "street", "көш": "street", "пр": "street", "мөлт": "street", "d": "district", "g": "city", "s": "village",
}  # fmt: skip
_KINDS: tuple[tuple[Hint, str], ...] = (
    ("region", r"обл(?:ис(?:и(?:нда|нан|на|нин|ни|ндаги|мен)?)?|аст(?:и|ей|иу|иаx)?|исти|осы)?|облистар|област\w*|регион\w{0,3}|oblast"),
    ("district", r"раион(?:а|е|у|ом|и|ов)?|аудан(?:и(?:нда|нан|на|нин|ни|ндаги)?|да|нан|га)?|дистрикт|distrikt"),
    ("city", r"город(?:а|е|у|ом|ок|ке|ка)?|кала(?:си(?:нда|нан|на|нин|ни|ндаги)?|да|дан|га|нин)?|сити|товн|таун|калашик"),
    ("village", r"сел(?:о|а|е|у|ом)|ауил(?:и(?:нда|нан|на|нин|ни|ндаги)?|да|дан|га|дин)?|аул(?:и|а|е|у|ом|да|ында|инда)?"
                r"|посел(?:ок|ка|ке|ку|ком|ке)|деревн\w{1,3}|кенти(?:нде|нен|не|нин)?|кентте|виллаге|село|станитс\w|станиц\w"),
    ("okrug", r"округ(?:и(?:нда|нан|на|нин)?|а|е|у|ом|те)?|селски\w{1,3}|селск\w{2,3}|ауилдик|ауилдик"),
    ("station", r"станци\w{1,2}|станса\w{0,5}|бекет\w{0,5}|разезд\w{0,3}|разиезд\w{0,3}"),
    ("street", r"микрораион\w{0,3}|икшамаудан\w{0,5}|улиц\w{1,2}|коше(?:си(?:нде|нен)?)?|проспект\w{0,2}|дангил\w{0,5}|стрит|дом|уи|квартал"),
)  # fmt: skip
_KIND = tuple((hint, re.compile(rf"(?:{pattern})\Z")) for hint, pattern in _KINDS)

_PLAIN = str.maketrans("әғқңөұүһіё", "агкноуухие")
_NOISE = frozenset(
    word.translate(_PLAIN)
    for word in (
        # Russian
        "я мы он она они в во на из с со у к ко о об от до за по под над при и или а но же ли бы не это этот тут там "
        "здесь сейчас сегодня живу живем живём живет нахожусь находимся нахожуся приехала приехал приехали область рядом "
        "около возле вблизи недалеко близко ближе близлежащий между где куда откуда какой какая есть ли мне нам меня нас "
        "мой моя наш наша помощь помогите центр центры кризисный поддержки семьи психолог адрес адреса ближайший "
        "ближайшая ближайшее ближе нужен нужна нужно можно пожалуйста родом сам сама буду еду едем прописка прописана "
        "типа вроде примерно где-то недалёко сторона стороне имени им казахстан казахстана рк здравствуйте привет "
        "подскажите хочу найти найдите ищу ищем города села район районе если то чем как так вот ещё уже да нет "
        # Kazakh
        "мен менің маған мені біз біздің бізге сен сіз ол олар және мен пен бен та те да де осы сол бұл мұнда осында "
        "қазір бүгін тұрамын тұрам тұрамыз тұрады тұратын тұрып жатырмын жатырмыз жатыр жүрмін отырмын келдім болам "
        "болады бар барсам жақын жақында жанында жанындағы маңында маңындағы қасында қасындағы арасында арасындағы "
        "ортасында қайда қайдан қандай керек көмек орталық орталығы отбасын қолдау психолог мекенжай мекенжайы ең "
        "шығысында батысында қазақстан қазақстанда атындағы атында сәлем салем сәлеметсіз айтыңызшы іздеп жүрмін табу "
        "жағында жақта жақтан маған айтшы ма ме ба бе па пе емес иә жоқ не "
        # English
        "i we he she they in at from to of the a an am is are im i'm me my our near nearby close next by between and or "
        "live living lives stay staying located here there now today where what which help centre center crisis support "
        "family psychologist address nearest closest need please find want for somewhere around outside kazakhstan "
        "hello hi"
    ).split()
)  # fmt: skip

_SIDE = re.compile(r"шигис|батис|солтустик|онтустик|восточно|западно|северо|иужно|вост|зап|сев|иуж|еаст|вест|нортх|соутх")
"""A side of the world, which belongs to the name after it: Шығыс Қазақстан."""


class Word(NamedTuple):
    """One word of a message: as typed in small letters, its skeleton, and what it says of its neighbour."""

    raw: str
    bones: str
    hint: Hint | None = None
    noise: bool = False


def words(text: str) -> list[Word]:
    """The words of a message, its first LONGEST characters."""
    text = text[:LONGEST]
    for short, whole in _SHORT:
        text = short.sub(whole, text)
    found = [_word(raw) for raw in _TOKEN.findall(text.casefold())]
    return [
        word._replace(noise=False) if word.noise and before is not None and _SIDE.match(before.bones) else word
        for before, word in zip([None, *found], found, strict=False)
    ]


def _word(raw: str) -> Word:
    bones = skeleton(raw)
    hint = _LONE.get(raw) or next((hint for hint, pattern in _KIND if pattern.match(bones)), None)
    if raw in ("district", "rayon", "raion", "raiony"):
        hint = "district"
    elif raw in ("city", "town"):
        hint = "city"
    elif raw in ("village", "auyl", "aul"):
        hint = "village"
    elif raw in ("oblysy", "oblys", "oblast", "region", "province"):
        hint = "region"
    elif raw == "station":
        hint = "station"
    elif raw in ("street", "microdistrict"):
        hint = "street"
    return Word(raw, bones, hint, noise=hint is None and raw.translate(_PLAIN) in _NOISE)
