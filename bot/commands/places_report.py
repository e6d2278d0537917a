"""How well places are understood: names of the map put as people put them, asked, and counted."""

import platform
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator

from bot.core.place import Found, Gazetteer, Unit
from bot.engine.atlas import Atlas
from bot.engine.atlas.reading import DISTRICT_CENTRE, OKRUG_CENTRE

SEED, TOWNS, VILLAGES = 111, 1500, 1500
SHORTEST = 3
ONE_TYPO, TWO_TYPOS = 5, 9
OUTCOMES = ("sure", "asked", "wrong", "lost")
HEAD = """\
# How well places are understood

Written by `python -m bot places report`; do not edit. Names of cities, townships, district and okrug centres, and of
villages with their district or region, put in many ways by a program that shares no code with the atlas.
*sure*: the right place, for certain; *asked back*: a question that offers it; *wrong*: another place, for certain;
*lost*: neither.

| put | asked | sure | asked back | wrong | lost |
|---|---|---|---|---|---|"""

_BACK, _FRONT = frozenset("аоұуыяюё"), frozenset("әөүіеэи")
_PLAIN = str.maketrans("әғқңөұүһі", "агкноуухи")
_LETTERS = "абвгдежзиклмнопрстуы"
_LATIN = dict(zip("абвгдежзийклмнопрстуфхцчшщъыьэюяәғқңөұүһіё", (
    "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh sh  y  e yu ya a g q n o u u h i e".split(" ")), strict=True
))  # fmt: skip
_NEW_LATIN = {**_LATIN, **dict(zip("жыәөүұшғңхй", "j ı ä ö ü ū ş ğ ñ h i".split(" "), strict=True))}
_RUSSIAN = (
    ("ое", "ом ого ому"), ("ый", "ом ого ому"), ("ой", "ом ого ому"), ("ий", "ом ого им"), ("ая", "ой ую"),
    ("а", "е ы у ой"), ("я", "е и ю ей"), ("о", "е а у"), ("ь", "и я е ю"), ("й", "е я ю"),
)  # fmt: skip


def kazakh_cases(name: str) -> list[str]:
    """The name in, from, to and of, by vowel harmony and the last sound."""
    vowels = [letter for letter in name.lower() if letter in _BACK | _FRONT]
    back, last = not vowels or vowels[-1] in _BACK, name[-1].lower()
    open_, nasal, mute = last in _BACK | _FRONT, last in "мнң", last in "кқпстфхцчшщ"
    a = "а" if back else "е"
    return [
        f"{name}{'т' if mute else 'д'}{a}",
        f"{name}{'н' if nasal else 'т' if mute else 'д'}{a}н",
        f"{name}{('қ' if back else 'к') if mute else ('ғ' if back else 'г')}{a}",
        f"{name}{'т' if mute else 'н' if open_ or nasal else 'д'}{'ы' if back else 'і'}ң",
        f"{name}{'т' if mute else 'д'}{a}{'ғы' if back else 'гі'}",
    ]


def russian_cases(name: str) -> list[str]:
    """The name in the oblique cases of its last word."""
    for end, others in _RUSSIAN:
        if name.endswith(end):
            return [name[: -len(end)] + other for other in others.split()]
    return [name + other for other in ("е", "а", "у", "ом")] if name[-1] in "бвгджзклмнпрстфхцчшщ" else [name]


def _latin(name: str, chance: random.Random) -> str:
    letters = chance.choice((_LATIN, _NEW_LATIN))
    return "".join(letters.get(letter, letter) for letter in name.lower())


def _typo(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name) - 1)
    return chance.choice((
        name[:at] + name[at + 1 :],
        name[:at] + chance.choice(_LETTERS) + name[at:],
        name[:at] + chance.choice(_LETTERS) + name[at + 1 :],
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    ))  # fmt: skip


def _ways(unit: Unit, chance: random.Random) -> Iterator[tuple[str, str]]:
    """The ways to put a town's name: kind, words."""
    kazakh, either = chance.choice((unit.kk, *kazakh_cases(unit.kk))), chance.choice((unit.kk, unit.ru))
    yield "as it is written", either
    yield "Kazakh, with an ending", chance.choice(kazakh_cases(unit.kk))
    yield "Russian, with an ending", chance.choice(russian_cases(unit.ru))
    yield "without Kazakh letters", kazakh.translate(_PLAIN).lower()
    yield "Latin", _latin(chance.choice((kazakh, unit.ru)), chance)
    if len(either) >= ONE_TYPO:
        yield "one typo", _typo(either, chance)
        inflected = chance.choice(kazakh_cases(unit.kk) if either == unit.kk else russian_cases(unit.ru))
        yield "one typo and an ending", _typo(inflected, chance)
    if len(either) >= TWO_TYPOS:
        yield "two typos", _typo(_typo(either, chance), chance)


def _located(unit: Unit, units: dict[str, Unit], chance: random.Random) -> str:
    """A village with its district or region, as people write it."""
    region = units.get(unit.region) or units[f"{unit.region}0000000"]
    district = units.get(unit.district) or region
    return chance.choice((
        f"{unit.ru}, {district.ru}",
        f"{unit.kk}, {region.kk}",
        f"{unit.kk} ауылы {district.kk}",
        f"село {unit.ru} {region.ru.replace('область', 'обл')}",
        f"{chance.choice(russian_cases(unit.ru))} {district.ru.replace('район', 'р-н')}",
        f"{chance.choice(kazakh_cases(unit.kk))} {region.kk}".translate(_PLAIN).lower(),
        f"{_latin(unit.ru, chance)}, {_latin(district.ru, chance)}",
    ))  # fmt: skip


def _outcome(found: Found, unit: Unit) -> str:
    if found.place is not None:
        return "sure" if found.place.id == unit.id else "wrong"
    return "asked" if any(other.id == unit.id for other in found.others) else "lost"


def report(gazetteer: Gazetteer) -> str:
    """The table, as Markdown."""
    atlas, chance, units = Atlas(gazetteer), random.Random(SEED), gazetteer.units  # noqa: S311 (a fixed sample)
    kinds = ("city", "township", "village")
    named = [u for u in units.values() if u.kind in kinds and len(u.ru) >= SHORTEST and not u.ru.isdigit()]
    towns = [u for u in named if u.kind != "village" or atlas.reader.rank(u) in (DISTRICT_CENTRE, OKRUG_CENTRE)]
    villages = [u for u in named if u.kind != "city"]
    counts: dict[str, Counter[str]] = {}
    seconds: list[float] = []

    def ask(kind: str, words: str, unit: Unit) -> None:
        began = time.perf_counter()
        found = atlas.find(words)
        seconds.append(time.perf_counter() - began)
        counts.setdefault(kind, Counter())[_outcome(found, unit)] += 1

    for unit in chance.sample(towns, min(TOWNS, len(towns))):
        for kind, words in _ways(unit, chance):
            ask(kind, words, unit)
    all_towns = sum(counts.values(), Counter[str]())
    for unit in chance.sample(villages, min(VILLAGES, len(villages))):
        ask("villages with their district or region", _located(unit, units, chance), unit)
    rows = [*counts.items()]
    rows.insert(-1, ("**all of these towns**", all_towns))
    return _page(rows, seconds)


def _shares(count: Counter[str]) -> list[str]:
    return [f"{100 * count[what] / count.total():.1f} %" for what in OUTCOMES]


def _page(rows: list[tuple[str, Counter[str]]], seconds: list[float]) -> str:
    lines = [f"| {name} | {count.total()} | {' | '.join(_shares(count))} |" for name, count in rows]
    slow = statistics.quantiles(seconds, n=100)
    speed = f"{1000 * slow[49]:.1f} ms at the median, {1000 * slow[98]:.1f} ms at p99"
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    return "\n".join([HEAD, *lines, "", f"A query takes {speed} ({machine}).", ""])
