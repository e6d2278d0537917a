"""Atlas: what the words for a place mean. Sure of one, asking between several, or nothing; never a guess."""

import re
from collections.abc import Sequence

from bot.core.place import NOWHERE, Found, Gazetteer, place_of
from bot.engine.atlas.index import EXACT, FORMER, INFLECTED, MISSPELT, joined, of_skeleton
from bot.engine.atlas.reading import (
    CAPITAL,
    CITY,
    DISTRICT_CENTRE,
    REGION_CENTRE,
    STATION,
    TOWNSHIP,
    VILLAGE,
    Reader,
    Reading,
    wanted,
)
from bot.engine.atlas.spelling import bare, stems
from bot.engine.atlas.words import Word, telling
from bot.engine.distance import haversine

FAR = 80.0
"""Kilometres to the nearest settlement from which on a point is nowhere in Kazakhstan."""
SHORTEST_ABROAD = 4
"""Letters that must be left of the name of a place abroad when an ending is taken off."""

_POINT = re.compile(r"\D*?(\d{2}[.,]\d+)\s*[,; ]\s*(\d{2,3}[.,]\d+)\D*")


class Atlas:
    """The map, ready to be asked. Building takes half a second and 20 MB; asking takes a millisecond or two."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.reader = Reader(gazetteer)
        self._abroad = {
            key: place.ru
            for place in gazetteer.abroad
            for name in (place.kk, place.ru, place.en)
            for key in (of_skeleton(name), *bare(of_skeleton(name)))
        }
        inhabited = ("city", "township", "village")
        self._towns = tuple(u for u in gazetteer.units.values() if u.own and u.sure and u.kind in inhabited)

    def find(self, text: str) -> Found:
        """What `text` names: a place for certain, a question, or nothing. Any language, script, case or spelling."""
        if point := _POINT.fullmatch(text[:60]):
            return self.around(*(float(degrees.replace(",", ".")) for degrees in point.groups()))
        told = telling(text, self.gazetteer.everyday)
        best = self.reader.read(told)
        abroad = self._named_abroad(told)
        if abroad is not None and not (best and _stronger(best[0])):
            return Found(abroad=abroad)
        if not best:
            return NOWHERE
        places = tuple(place_of(reading.unit) for reading in best)
        beyond = abroad is not None and not best[0].located
        if not beyond and _certain(best[0], best[1:], wanted(told)):
            return Found(place=places[0])
        return Found(others=places)

    def around(self, lat: float, lon: float) -> Found:
        """The settlement nearest to a point; nothing where the point lies in the sea or another country."""
        near = min(self._towns, key=lambda u: (u.lat - lat) ** 2 + ((u.lon - lon) * 0.65) ** 2)
        distance = haversine(lat, lon, near.lat, near.lon)
        for other in self.gazetteer.abroad:
            if other.lat is not None and other.lon is not None and haversine(lat, lon, other.lat, other.lon) < distance:
                return Found(abroad=other.ru)
        return Found(place=place_of(near)) if distance <= FAR else NOWHERE

    def _named_abroad(self, told: Sequence[Word]) -> str | None:
        for size in (2, 1):
            for start in range(len(told) - size + 1):
                key = joined(word.bones for word in told[start : start + size])
                for stem in (key, *(stem for stem in stems(key) if len(stem) >= SHORTEST_ABROAD)):
                    if stem in self._abroad:
                        return self._abroad[stem]
        return None


def _stronger(best: Reading) -> bool:
    """Whether a reading stands although the message also names a place abroad."""
    if best.located:
        return best.cost < MISSPELT
    town = best.rank <= DISTRICT_CENTRE and best.cost <= INFLECTED and best.unit.kind not in ("region", "district")
    return town or (best.rank < VILLAGE and best.cost <= FORMER)


def _certain(first: Reading, rest: Sequence[Reading], words: int) -> bool:
    """One place and no other, or one that stands out so far above its namesakes that nobody means those."""
    if not first.unit.sure or _another_town(first, rest):
        return False
    if first.cost >= MISSPELT:
        return (
            not rest
            and first.cost == MISSPELT
            and first.covered == words
            and (first.rank <= DISTRICT_CENTRE or first.located)
        )
    wide = first.unit.kind in ("region", "district")
    if first.covered < words and (wide or first.rank > DISTRICT_CENTRE):
        return False
    rivals = [r for r in rest if r.cost <= max(first.cost, INFLECTED) and r.unit.kind not in ("region", "district")]
    if first.unit.kind == "city":
        return _city_certain(first, rivals)
    if first.rank <= DISTRICT_CENTRE:
        return all(r.rank >= STATION for r in rivals) and not (wide and any(r.unit.kind == "region" for r in rest))
    if not first.located and (first.rank >= STATION or (first.rank >= VILLAGE and first.cost >= INFLECTED)):
        return False
    near = (r.rank >= STATION and r.unit.id[:6] == first.unit.id[:6] for r in rest if r.cost <= INFLECTED)
    return all(near) and (first.located or not any(r.cost == MISSPELT for r in rest))


def _city_certain(first: Reading, rivals: Sequence[Reading]) -> bool:
    if first.rank == CAPITAL:
        return first.cost == EXACT or all(r.rank > DISTRICT_CENTRE for r in rivals)
    if first.rank == REGION_CENTRE and first.cost <= INFLECTED:
        return all(r.rank > TOWNSHIP for r in rivals)
    return all(r.rank >= VILLAGE for r in rivals)


def _another_town(first: Reading, rest: Sequence[Reading]) -> bool:
    """Two towns are named in one message, or a town and another district: nobody knows in which of them she is."""
    for other in rest:
        if other.start == first.start or other.cost > INFLECTED or other.unit.kind == "region":
            continue
        if other.unit.kind == "district":
            if other.unit.region == first.unit.region:
                return True
        elif other.rank <= CITY or max(other.rank, first.rank) <= DISTRICT_CENTRE:
            return True
    return False
