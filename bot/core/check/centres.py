"""What can be wrong with the directory of centres: shown where it must not be, twice, out of place, too old."""

from collections.abc import Iterator
from datetime import date

from bot.core.centre import HIDDEN_KINDS, Centre, Entry
from bot.core.check.problem import Problem
from bot.core.library import Library

CHECK_DAYS = 180
FAR_DEGREES = 2.0
"""How far, in degrees, an entry may lie from the middle of the town or district it names."""


def centre_problems(library: Library, today: date) -> Iterator[Problem]:
    """Every problem of the directory; that nobody has called for long is a reminder."""
    seen: dict[tuple[str, ...], Centre] = {}
    for entry in library.directory:
        centre = entry.centre
        for told in _wrong(entry):
            yield Problem(file=centre.file, line=centre.line, told=f"`{centre.id}`: {told}")
        twin = seen.setdefault((centre.kind, centre.place, centre.names["ru"].casefold()), centre)
        if twin is not centre:
            told = f"`{centre.id}`: `{twin.id}` has the same kind, place and name; keep one of them."
            yield Problem(file=centre.file, line=centre.line, told=told)
        if (old := _age(centre, today)) is not None:
            yield Problem(file=centre.file, line=centre.line, told=f"`{centre.id}`: {old}", mild=True)


def _wrong(entry: Entry) -> Iterator[str]:
    centre = entry.centre
    if centre.hides and centre.address:
        yield "its address must not stand here at all: it is confidential."
    if centre.hides and centre.lat is not None:
        yield "its coordinates must not stand here at all: it is confidential."
    if centre.kind in HIDDEN_KINDS and not centre.confidential:
        yield f"a {centre.kind} is confidential: write `confidential: yes`."
    if centre.lat is not None and not centre.coordinates_source:
        yield "its coordinates have no `source:`."
    if centre.status == "unverified" and centre.address:
        yield "an unverified entry must not show an address."
    place = entry.place
    if centre.lat is not None and centre.lon is not None and place is not None and place.kind != "region":
        far = abs(centre.lat - place.lat) > FAR_DEGREES or abs(centre.lon - place.lon) > FAR_DEGREES * 1.5
        if far:
            yield f"its coordinates are far from {place.names['ru']}."


def _age(centre: Centre, today: date) -> str | None:
    if centre.checked_on is None:
        return "nobody knows how old this is (`checked_on:` is missing)."
    days = (today - centre.checked_on).days
    if days < 0:
        return "`checked_on:` lies in the future."
    return f"not checked for {days} days; call there." if days > CHECK_DAYS else None
