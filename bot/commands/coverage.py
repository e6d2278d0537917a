"""Which districts have help: a table and a map of what is verified, published, said without a place, or missing."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from bot.core.centre import Entry, Status
from bot.core.library import Library
from bot.core.place import Unit

STATUSES: tuple[Status | None, ...] = ("verified", "published", "unverified", None)
COLOURS = {"verified": "#1a7f37", "published": "#5bb974", "unverified": "#f2b84b", None: "#d9d9d9"}
TOLD = {"verified": "verified", "published": "published", "unverified": "unverified", None: "nothing known"}


def best_of(library: Library) -> dict[str, Status | None]:
    """Each district (and each city that is none's) → the best status of an entry that stands in it."""
    units = library.gazetteer.units
    best: dict[str, Status | None] = {id_: None for id_, unit in units.items() if _counts(unit)}
    for entry in library.directory:
        district = _district_of(entry, units)
        if district in best and STATUSES.index(entry.centre.status) < STATUSES.index(best[district]):
            best[district] = entry.centre.status
    return best


def _counts(unit: Unit) -> bool:
    return unit.kind == "district" or (unit.kind == "city" and not unit.district) or unit.id == unit.district


def _district_of(entry: Entry, units: dict[str, Unit]) -> str:
    unit = units.get(entry.centre.place)
    while unit is not None and not _counts(unit):
        unit = units.get(unit.district)
    return unit.id if unit else ""


def table(library: Library) -> str:
    """A line a region: entries by status, districts with help, districts without."""
    units, best = library.gazetteer.units, best_of(library)
    lines = [f"{'region':34} {'verified':>9} {'published':>10} {'unverified':>11} {'districts':>10} {'without':>8}"]
    for region in sorted({unit.region for unit in units.values()}):
        name = (units.get(region) or units[f"{region}0000000"]).en
        entries = Counter(e.centre.status for e in library.directory if e.place and e.place.region == region)
        districts = [id_ for id_ in best if id_[:2] == region]
        without = sum(best[id_] is None for id_ in districts)
        counts = f"{entries['verified']:9} {entries['published']:10} {entries['unverified']:11}"
        lines.append(f"{name:34} {counts} {len(districts):10} {without:8}")
    total = Counter(best.values())
    told = ", ".join(f"{total[status]} {TOLD[status]}" for status in STATUSES)
    return "\n".join([*lines, f"{len(best)} districts and cities: {told}."])


def draw(library: Library, path: Path) -> None:
    """The map as a PNG: every settlement a grey speck, every district a dot in its colour."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    units, best = library.gazetteer.units, best_of(library)
    figure = Figure(figsize=(14, 8), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    specks = [unit for unit in units.values() if unit.own and unit.kind in ("city", "township", "village")]
    axes.scatter(*_points(specks), s=1, color="#e8e8e8")
    for status in reversed(STATUSES):
        here = [units[id_] for id_, found in best.items() if found == status]
        axes.scatter(*_points(here), s=46, color=COLOURS[status], edgecolor="white", linewidth=0.6,
                     label=f"{TOLD[status]}: {len(here)}")  # fmt: skip
    for unit in units.values():
        if unit.kind == "region" or unit.id in ("710000000", "750000000", "790000000"):
            axes.annotate(unit.en.removesuffix(" Region"), (unit.lon, unit.lat), fontsize=8, color="#333333",
                          xytext=(5, 4), textcoords="offset points")  # fmt: skip
    axes.set_aspect(1.5)
    axes.set_axis_off()
    axes.set_title(
        "Districts of Kazakhstan with help in the directory (places: GeoNames, geonames.org; Who's On First)"
    )
    axes.legend(loc="lower left", frameon=False)
    figure.savefig(path)


def _points(units: Iterable[Unit]) -> tuple[list[float], list[float]]:
    there = list(units)
    return [unit.lon for unit in there], [unit.lat for unit in there]
