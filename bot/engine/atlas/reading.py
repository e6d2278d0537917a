"""Reading: the ways in which the words of a message may name a place, and how much of the message each explains."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.core.place import Gazetteer, Unit
from bot.engine.atlas.index import INFLECTED, LONGEST_NAME, MISSPELT, Index, Match
from bot.engine.atlas.words import Hint, Word

REPUBLIC = ("71", "75", "79")
"""Astana, Almaty, Shymkent: cities that are regions of their own."""
MANY_WORDS = 6
"""A longer message is a story: its words are forgiven one typo at most."""
FEW_LETTERS = 4
"""Fewer letters than these, left when an ending is taken off, name a town only."""

CAPITAL, REGION_CENTRE, CITY, DISTRICT_CENTRE, TOWNSHIP, OKRUG_CENTRE, VILLAGE, STATION = range(8)
RANKS = {"region": CITY, "city": CITY, "district": DISTRICT_CENTRE, "city_district": TOWNSHIP, "township": TOWNSHIP,
         "village": VILLAGE, "station": STATION, "siding": STATION, "minor": STATION + 1}  # fmt: skip
"""How much a place stands out; among namesakes the one that stands out is offered first."""

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
    """Words from `start` to `end` that name these units; `hint` is the word beside them that says of what kind."""

    start: int
    end: int
    matches: tuple[Match, ...]
    hint: Hint | None
    everyday: bool = False

    def apart(self, other: "Hit") -> bool:
        """True where they share no word."""
        return self.end <= other.start or other.end <= self.start


class Reading(NamedTuple):
    """One way to read the message: this unit, so many of its words explained, with so much good will."""

    unit: Unit
    covered: int
    cost: int
    rank: int
    located: bool
    """Whether the message also says in which region or district."""
    start: int
    """Where in the message its name begins."""


class Reader:
    """Reads messages by an index of names."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._index = Index(gazetteer)
        self._districts = {centre: district for district, centre in gazetteer.centres.items()}

    def read(self, told: Sequence[Word]) -> list[Reading]:
        """The readings that explain most, best first; of a district and its centre by one name, the town."""
        hits = self._hits(told)
        best = self._best(hits)
        if not best or best[0].covered < wanted(told) or _lonely(best):
            hits += self._misspelt(told, hits, best)
            best = self._best(hits)
        return best

    def rank(self, unit: Unit) -> int:
        """How much a unit stands out: 0 the three great cities … 8 a wintering."""
        if unit.kind == "city":
            return CAPITAL if unit.region in REPUBLIC else REGION_CENTRE if unit.id[2:] == "1010000" else CITY
        if unit.id in self._districts and unit.kind != "city_district":
            return DISTRICT_CENTRE
        return OKRUG_CENTRE if unit.kind == "village" and unit.id.endswith("100") else RANKS[unit.kind]

    def _hits(self, told: Sequence[Word]) -> list[Hit]:
        """Every run of words that names something, longest first; a shorter one inside a longer is left out."""
        found: list[Hit] = []
        for size in range(min(LONGEST_NAME, len(told)), 0, -1):
            for start in range(len(told) - size + 1):
                span = tuple(told[start : start + size])
                if any(hit.start <= start and start + size <= hit.end for hit in found) or _no_name(span):
                    continue
                hint = _hint(told, start, start + size)
                named = [*self._index.named(span)]
                if hint in ("region", "district"):
                    named += self._index.shortened(span)
                if matches := self._fitting(named, hint):
                    found.append(Hit(start, start + size, matches, hint, size == 1 and span[0].everyday))
        return found

    def _misspelt(self, told: Sequence[Word], hits: Sequence[Hit], best: Sequence[Reading]) -> list[Hit]:
        """Runs of words that nearly name something, where what they name exactly does not explain them all. Beside a
        small place named alone only what stands out more, one typo away, is worth a question."""
        alone = bool(best) and _lonely(best) and len(told) <= LONGEST_NAME
        most = 1 if len(told) > MANY_WORDS else 2
        explained = {reading.unit.id for reading in best}
        found = []
        for size in range(1, min(LONGEST_NAME - 1, len(told)) + 1):
            for start in range(len(told) - size + 1):
                span, here = tuple(told[start : start + size]), Hit(start, start + size, (), None)
                named = any(not hit.apart(here) and explained & {m.unit.id for m in hit.matches} for hit in hits)
                if any(word.hint or word.everyday for word in span) or (size == 1 and named and not alone):
                    continue
                hint = _hint(told, start, start + size)
                matches = self._fitting(self._index.misspelt(span, 1 if named else most), hint)
                if named:
                    matches = tuple(m for m in matches if self.rank(m.unit) <= OKRUG_CENTRE)
                if matches:
                    found.append(here._replace(matches=matches, hint=hint))
        return found

    def _fitting(self, matches: Iterable[Match], hint: Hint | None) -> tuple[Match, ...]:
        """Each unit once, at its best; only those of the kind that the word beside the name says, if there are any."""
        best: dict[str, Match] = {}
        found = [*matches]
        if not any(_of_few_letters(match) and self.rank(match.unit) <= DISTRICT_CENTRE for match in found):
            found = [match for match in found if not _of_few_letters(match)]
        for match in found:
            if match.unit.id not in best or match.cost < best[match.unit.id].cost:
                best[match.unit.id] = match
        fitting = tuple(m for m in best.values() if hint is None or m.unit.kind in _FITS[hint])
        if hint == "okrug":
            fitting = tuple(m for m in fitting if self.rank(m.unit) <= OKRUG_CENTRE)
        return fitting or tuple(best.values())

    def _best(self, hits: Sequence[Hit]) -> list[Reading]:
        readings = [self._read(hit, match, hits) for hit in hits for match in hit.matches]
        everyday = {hit.start for hit in hits if hit.everyday}
        readings = [reading for reading in readings if reading.located or reading.start not in everyday]
        most = max((reading.covered for reading in readings), default=0)
        best: dict[str, Reading] = {}
        for reading in sorted(readings, key=lambda r: (r.cost, r.rank, -r.unit.population, r.unit.id)):
            if reading.covered == most:
                best.setdefault(reading.unit.id, reading)
        costs = {reading.unit.id: reading.cost for reading in best.values()}
        return [r for r in best.values() if costs.get(self._centre(r.unit), r.cost + 1) > r.cost]

    def _centre(self, unit: Unit) -> str:
        return self._gazetteer.centres.get(unit.id, "") if unit.kind in ("region", "district") else ""

    def _read(self, hit: Hit, match: Match, hits: Sequence[Hit]) -> Reading:
        """How much of the message is explained if `match` is meant: its own words, and those that tell where it is."""
        told = [other for other in hits if hit.apart(other) and self._tells(other, hit, match.unit)]
        covered = hit.end - hit.start + sum(other.end - other.start for other in _apart(told))
        return Reading(match.unit, covered, match.cost, self.rank(match.unit), bool(told), hit.start)

    def _tells(self, outer: Hit, inner: Hit, unit: Unit) -> bool:
        """Whether the words of `outer` say where `unit` lies. A town's name says so of what lies in its own district,
        and of no other town; it stands for the region of that name only as "… обл"."""
        if outer.everyday:
            return False
        town = outer.hint is None and any(self.rank(m.unit) <= CITY and m.unit.kind == "city" for m in outer.matches)
        other_town = any(self.rank(m.unit) <= DISTRICT_CENTRE and m.unit.kind != "district" for m in inner.matches)
        for match in outer.matches:
            wide = match.unit.kind in ("region", "district", "city_district")
            if not (town if wide else other_town) and self._holds(match.unit, unit):
                return True
        return False

    def _holds(self, outer: Unit, inner: Unit) -> bool:
        """True where `inner` lies in `outer`: a region, a district, or a district by the name of its centre."""
        if outer.id == inner.id:
            return False
        if outer.kind == "region" or (outer.region in REPUBLIC and outer.kind == "city"):
            return inner.region == outer.region and inner.kind != "region"
        district = outer.id if outer.kind in ("district", "city_district") else self._districts.get(outer.id)
        return district is not None and district in (inner.district, inner.id)


def _of_few_letters(match: Match) -> bool:
    """Hardly anything of the name is left without its ending: it may be any word."""
    return INFLECTED <= match.cost < MISSPELT and match.letters < FEW_LETTERS


def wanted(told: Sequence[Word]) -> int:
    """How many words would have to be explained for nothing to be left over."""
    return sum(1 for word in told if word.hint is None and not word.everyday)


def _lonely(best: Sequence[Reading]) -> bool:
    """A small place named alone: a town nearby in spelling may be meant."""
    return best[0].rank >= OKRUG_CENTRE and not best[0].located


def _apart(hits: Sequence[Hit]) -> list[Hit]:
    """The longest of those hits that share no word."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: h.start - h.end):
        if all(hit.apart(other) for other in kept):
            kept.append(hit)
    return kept


def _no_name(span: Sequence[Word]) -> bool:
    """Only numbers and words for kinds of places; or one of a single letter ("с. Аранды") among others."""
    nothing = all(word.hint or word.raw.isdigit() for word in span)
    return nothing or any(len(word.raw) == 1 and word.hint for word in span)


def _hint(told: Sequence[Word], start: int, end: int) -> Hint | None:
    """What the word beside a name says of its kind: the one after it, else one before it that is not another's."""
    before = told[start - 1].hint if start else None
    after = told[end].hint if end < len(told) else None
    leading = told[0].hint is not None and told[-1].hint is None
    free = start == 1 or (start > 1 and told[start - 2].hint is not None)
    if before and (leading or (not after and free)):
        return before
    return after
