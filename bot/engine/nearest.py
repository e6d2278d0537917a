"""The nearest help: chosen by haversine, shown by the geodesic, honest about what is not known."""

from collections.abc import Iterable, Sequence

from bot.core.centre import CentreKind, Entry
from bot.core.place import Place
from bot.core.record import Record
from bot.engine.distance import haversine, shown

MOST = 3
"""Entries in an answer."""
BETTER_WITHIN = 50.0
"""Kilometres within which a better entry goes before an unverified one."""
REACH = 300.0
"""Kilometres beyond which an entry counts only where nothing else is known."""

KINDS: dict[str, tuple[CentreKind, ...]] = {
    "any": ("family_support", "crisis_centre", "child_support", "shelter", "ngo", "hotline", "child_ombudsman"),
    "family": ("family_support", "crisis_centre", "ngo"),
    "child": ("child_support", "child_ombudsman"),
    "shelter": ("crisis_centre", "shelter"),
    "legal": ("legal_aid", "prosecutor"),
}  # fmt: skip
"""Kinds of help as they are chosen → kinds of entries. Lawyers are many: they are asked for by themselves."""


class Near(Record):
    """One entry of an answer, and how far away it is in whole kilometres (None: only its region is known)."""

    entry: Entry
    km: int | None = None


def nearest(
    entries: Iterable[Entry], place: Place, kinds: Sequence[CentreKind], spot: tuple[float, float] | None = None
) -> tuple[Near, ...]:
    """Up to MOST entries of these kinds, nearest first, for somebody at `place` (or at `spot`, in degrees); of
    equally near ones in the order of the kinds.

    Fewer in reach: what is farther away in her region, then what is known of it without a town; nothing at all: the
    nearest there is, however far.
    """
    lat, lon = spot or (place.lat, place.lon)
    wanted = [entry for entry in entries if entry.centre.kind in kinds]
    ways = [
        (haversine(lat, lon, entry.lat, entry.lon), entry)
        for entry in wanted
        if entry.lat is not None and entry.lon is not None
    ]
    located = _better_first(sorted(ways, key=lambda way: _order(way, kinds)))
    near = [entry for km, entry in located if km <= REACH]
    far = [entry for km, entry in located if km > REACH]
    at_home = [entry for entry in far if entry.place is not None and entry.place.region == place.region]
    regional = [e for e in wanted if e.lat is None and e.place is not None and e.place.region == place.region]
    chosen = [*near, *at_home, *regional][:MOST] or far[:1]
    return tuple(_near(entry, lat, lon) for entry in chosen)


def _order(way: tuple[float, Entry], kinds: Sequence[CentreKind]) -> tuple[float, int, str]:
    km, entry = way
    return round(km, 1), kinds.index(entry.centre.kind), entry.centre.id


def _better_first(ways: Sequence[tuple[float, Entry]]) -> list[tuple[float, Entry]]:
    """By distance; but an unverified entry is never first where a better one is near."""
    found = [*ways]
    if found and found[0][1].centre.status == "unverified":
        better = next((way for way in found if way[1].centre.status != "unverified" and way[0] <= BETTER_WITHIN), None)
        if better is not None:
            found.remove(better)
            found.insert(0, better)
    return found


def _near(entry: Entry, lat: float, lon: float) -> Near:
    if entry.lat is None or entry.lon is None:
        return Near(entry=entry)
    return Near(entry=entry, km=shown(lat, lon, entry.lat, entry.lon))
