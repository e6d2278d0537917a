"""Atlas: what the words for a place mean. Sure of one, asking between several, or nothing; never a guess."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from bot.core.place import NOWHERE, Found, Gazetteer, Place, Unit, place_of
from bot.engine.atlas.index import EXACT, INFLECTED, LONGEST_NAME, MISSPELT, Index, Match, joined, of_skeleton
from bot.engine.atlas.spelling import bare, stems
from bot.engine.atlas.words import Hint, Word, words
from bot.engine.distance import haversine

REPUBLIC = ("71", "75", "79")
"""Astana, Almaty, Shymkent: cities that are regions of their own."""
FAR = 80.0
"""Kilometres to the nearest settlement from which on a point is nowhere in Kazakhstan."""
SHORT_ABROAD = 2
"""Letters that must be left of the name of a place abroad (Ош) when an ending is taken off: more than these."""
MANY_WORDS = 6
"""A longer message is a story: its words are forgiven one typo at most."""

RANKS = {"region": 2, "city": 2, "district": 3, "city_district": 4, "township": 4, "village": 6,
         "station": 7, "siding": 7, "minor": 8}  # fmt: skip
"""How much a place stands out; among namesakes the one that stands out is offered first."""
CAPITAL, REGION_CENTRE, CITY, DISTRICT_CENTRE, OKRUG_CENTRE, VILLAGE, STATION = 0, 1, 2, 3, 5, 6, 7

_FITS: dict[Hint, tuple[str, ...]] = {
    "region": ("region",),
    "district": ("district", "city_district"),
    "city": ("city",),
    "village": ("village", "township", "minor", "station", "siding"),
    "okrug": ("village", "township"),
    "station": ("station", "siding"),
    "street": (),
}


class Hit(NamedTuple):
    """Words from `start` to `end` that name these units."""

    start: int
    end: int
    matches: tuple[Match, ...]


class Reading(NamedTuple):
    """One way to read the message: this unit, so many of its words explained, with so much good will."""

    unit: Unit
    covered: int
    cost: int
    rank: int
    located: bool
    """Whether the message also says in which region or district."""


class Atlas:
    """The map, ready to be asked. Building takes half a second and 30 MB; asking takes a millisecond or two."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._index = Index(gazetteer)
        self._centres = {centre: district for district, centre in gazetteer.centres.items()}
        self._abroad = {
            key: place
            for place in gazetteer.abroad
            for name in (place.kk, place.ru, place.en)
            for key in (of_skeleton(name), *bare(of_skeleton(name)))
        }
        inhabited = ("city", "township", "village")
        self._towns = tuple(u for u in gazetteer.units.values() if u.own and u.sure and u.kind in inhabited)

    def find(self, text: str) -> Found:
        """What `text` names: a place for certain, a question, or nothing. Any language, script, case or spelling."""
        said = words(text)
        told = [word for word in said if not word.noise] or said
        readings = self._readings(told)
        best = self._best(readings)
        if not best or best[0].rank >= VILLAGE or best[0].cost >= MISSPELT:
            abroad = self._named_abroad(told)
            if abroad is not None:
                return Found(abroad=abroad)
        return _answer(best, sum(1 for word in told if word.hint is None))

    def unit(self, id_: str) -> Place | None:
        """The place of an id."""
        unit = self.gazetteer.units.get(id_)
        return place_of(unit) if unit else None

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
                for stem in (key, *(stem for stem in stems(key) if len(stem) > SHORT_ABROAD)):
                    if stem in self._abroad:
                        return self._abroad[stem].ru
        return None

    def _readings(self, told: Sequence[Word]) -> list[Reading]:
        hits = self._hits(told)
        readings = self._read_all(hits)
        best = self._best(readings)
        wanted = sum(1 for word in told if word.hint is None)
        if not best or best[0].covered < wanted or self._lonely(best):
            hits += self._misspelt(told, hits, best)
            readings = self._read_all(hits)
        return readings

    def _read_all(self, hits: Sequence[Hit]) -> list[Reading]:
        return [self._read(hit, match, hits) for hit in hits for match in hit.matches]

    @staticmethod
    def _lonely(best: Sequence[Reading]) -> bool:
        """A small place named alone: a town nearby in spelling may be meant."""
        return best[0].rank >= OKRUG_CENTRE and not best[0].located

    def _hits(self, told: Sequence[Word]) -> list[Hit]:
        """Every run of words that names something, longest first; a shorter one inside a longer is left out."""
        found: list[Hit] = []
        for size in range(min(LONGEST_NAME, len(told)), 0, -1):
            for start in range(len(told) - size + 1):
                end = start + size
                span = tuple(told[start:end])
                if any(hit.start <= start and end <= hit.end for hit in found) or _only_hints(span):
                    continue
                named = [*self._index.named(span)]
                if _hint(told, start, end) in ("region", "district"):
                    named += self._index.shortened(span)
                matches = self._fitting(named, told, start, end)
                if matches:
                    found.append(Hit(start, end, matches))
        return found

    def _misspelt(self, told: Sequence[Word], hits: Sequence[Hit], best: Sequence[Reading]) -> list[Hit]:
        """Runs of words that nearly name something, where what they name exactly does not explain them all. Beside a
        small place named alone only what stands out more, one typo away, is worth a question."""
        alone = bool(best) and self._lonely(best) and len(told) <= LONGEST_NAME
        most = 1 if len(told) > MANY_WORDS else 2
        found = []
        for size in range(1, min(LONGEST_NAME - 1, len(told)) + 1):
            for start in range(len(told) - size + 1):
                end = start + size
                span = tuple(told[start:end])
                if any(word.hint for word in span) or (size == 1 and not alone and _named(hits, start, end, best)):
                    continue
                named = _named(hits, start, end, best)
                matches = self._fitting(self._index.misspelt(span, 1 if named else most), told, start, end)
                if named:
                    matches = tuple(m for m in matches if self.rank(m.unit) <= OKRUG_CENTRE)
                if matches:
                    found.append(Hit(start, end, matches))
        return found

    def _fitting(self, matches: Iterable[Match], told: Sequence[Word], start: int, end: int) -> tuple[Match, ...]:
        """Each unit once, at its best; only those of the kind that the word beside the name says, if there are any."""
        best: dict[str, Match] = {}
        for match in matches:
            if match.unit.id not in best or match.cost < best[match.unit.id].cost:
                best[match.unit.id] = match
        hint = _hint(told, start, end)
        if hint == "street":
            return ()
        fitting = tuple(m for m in best.values() if hint is None or m.unit.kind in _FITS[hint])
        if hint == "okrug":
            fitting = tuple(m for m in fitting if self.rank(m.unit) <= OKRUG_CENTRE)
        return fitting or tuple(best.values())

    def _read(self, hit: Hit, match: Match, hits: Sequence[Hit]) -> Reading:
        """How much of the message is explained if `match` is meant: its own words, and those that tell where it is."""
        around = [h for h in hits if h.end <= hit.start or h.start >= hit.end]
        told = [h for h in around if any(self._holds(m.unit, match.unit) for m in h.matches)]
        covered = hit.end - hit.start + sum(h.end - h.start for h in _apart(told))
        return Reading(match.unit, covered, match.cost, self.rank(match.unit), bool(told))

    def _holds(self, outer: Unit, inner: Unit) -> bool:
        """True where `inner` lies in `outer`: a region, a district, or a district by the name of its centre."""
        if outer.id == inner.id:
            return False
        if outer.kind == "region" or (outer.id[:2] in REPUBLIC and outer.kind == "city"):
            return inner.region == outer.id[:2] and inner.kind != "region"
        district = outer.id if outer.kind in ("district", "city_district") else self._centres.get(outer.id)
        return district is not None and district in (inner.district, inner.id)

    def rank(self, unit: Unit) -> int:
        """How much a unit stands out: 0 the three great cities … 8 a wintering."""
        if unit.kind == "city" and unit.region in REPUBLIC:
            return CAPITAL
        district = self._centres.get(unit.id)
        if district is not None and district in self.gazetteer.units and unit.kind != "city":
            return DISTRICT_CENTRE
        if unit.kind == "city" and unit.id[2:] == "1010000":
            return REGION_CENTRE
        if unit.kind == "village" and unit.id.endswith("100"):
            return OKRUG_CENTRE
        return RANKS[unit.kind]

    def _best(self, readings: Sequence[Reading]) -> list[Reading]:
        """The readings that explain most of the message, best first; of a district and its centre by the same name,
        or a region and its centre, the town stays."""
        if not readings:
            return []
        most = max(reading.covered for reading in readings)
        best: dict[str, Reading] = {}
        for reading in sorted(readings, key=lambda r: (r.cost, r.rank, -r.unit.population, r.unit.id)):
            if reading.covered == most:
                best.setdefault(reading.unit.id, reading)
        towns = {reading.unit.id: reading.cost for reading in best.values()}
        return [r for r in best.values() if towns.get(self._centre(r.unit) or "", MISSPELT + 9) > r.cost]

    def _centre(self, unit: Unit) -> str | None:
        return self.gazetteer.centres.get(unit.id) if unit.kind in ("region", "district") else None


def _apart(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Those hits of which none stands in another's words."""
    for left, right in combinations(hits, 2):
        if left.start < right.end and right.start < left.end:
            return _apart(
                [h for h in hits if h is not (left if left.end - left.start < right.end - right.start else right)]
            )
    return tuple(hits)


def _only_hints(span: Sequence[Word]) -> bool:
    return all(word.hint for word in span) and any(len(word.raw) < 3 or word.hint for word in span)


def _hint(told: Sequence[Word], start: int, end: int) -> Hint | None:
    """What the word beside a name says of its kind: the one after it, else one before it that is not another's."""
    before = told[start - 1].hint if start else None
    after = told[end].hint if end < len(told) else None
    leading = told[0].hint is not None and told[-1].hint is None
    if before and (leading or not after or (start > 1 and told[start - 2].hint is not None and not after)):
        return before if leading or start == 1 or told[start - 2].hint is not None else after or None
    return after


def _named(hits: Sequence[Hit], start: int, end: int, best: Sequence[Reading]) -> bool:
    """Whether these very words name something exactly that explains as much as anything does."""
    most = {reading.unit.id for reading in best}
    return any(
        hit.start < end and start < hit.end and any(match.unit.id in most for match in hit.matches) for hit in hits
    )


def _answer(best: Sequence[Reading], wanted: int) -> Found:
    """`wanted`: how many words would have to be explained for nothing to be left over."""
    if not best:
        return NOWHERE
    places = tuple(place_of(reading.unit) for reading in best)
    left_over = best[0].covered < wanted and best[0].rank > DISTRICT_CENTRE
    if best[0].unit.sure and not left_over and _certain(best[0], best[1:]):
        return Found(place=places[0])
    return Found(others=places)


def _certain(first: Reading, rest: Sequence[Reading]) -> bool:
    """One place and no other, or one that stands out so far above its namesakes that nobody means those."""
    if first.cost >= MISSPELT:
        return not rest and (first.rank <= DISTRICT_CENTRE or first.located)
    rivals = [r for r in rest if r.cost <= max(first.cost, INFLECTED)]
    if first.rank == CAPITAL:
        return first.cost == EXACT or all(r.rank > DISTRICT_CENTRE or r.unit.kind == "region" for r in rivals)
    if first.rank <= CITY and first.unit.kind == "city":
        return all(r.rank >= VILLAGE or r.unit.kind in ("region", "district") for r in rivals)
    if first.rank <= DISTRICT_CENTRE:
        return all(r.rank >= STATION for r in rivals)
    near = (r.rank >= STATION and r.unit.id[:6] == first.unit.id[:6] for r in rivals)
    return all(near) and (first.located or not any(r.cost == MISSPELT for r in rest))
