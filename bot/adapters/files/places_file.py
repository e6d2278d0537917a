"""content/places/ ↔ Gazetteer: our own compact tables, and how they are made from the gazetteer's CSV files."""

import csv
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.core.place import Abroad, Gazetteer, PlaceKind, Unit

UNITS, SPOKEN, ABROAD, EVERYDAY = "units.csv", "spoken.csv", "abroad.csv", "everyday.txt"
COLUMNS = ("id", "kind", "kk", "ru", "en", "also", "district", "lat", "lon", "population", "quality", "centre")
SOURCES = {
    "regions.csv": ("kato2", "name_kk", "name_ru", "name_en", "aliases", "centre_kato", "lat", "lon"),
    "districts.csv": (
        "kato", "region", "kind", "name_kk", "name_ru", "name_en", "aliases", "centre_kato", "lat",
        "lon", "parent_city",
    ),
    "settlements.csv": (
        "kato", "type", "name_kk", "name_ru", "name_en", "aliases", "district", "lat", "lon", "population", "quality",
    ),
}  # fmt: skip
"""The columns that an import needs, file by file."""

_TYPED = re.compile(r"[a-zA-Z\u0400-\u04ff'’ \-.]+")
_NOT_OURS = re.compile("[јњљђћџѓќґїєѝѐ]", re.IGNORECASE)
_CODE = re.compile(r"[A-Z]{3}")
_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі",
        "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya a g q n o u u h i".split(" "),
        strict=True,
    )
)


class BadGazetteer(Exception):
    """The files cannot be imported; `told` says which line of which file, and why."""

    def __init__(self, told: Iterable[str]) -> None:
        self.told = tuple(told)
        super().__init__(f"{len(self.told)} mistakes in the gazetteer")


def read_gazetteer(folder: Path) -> Gazetteer:
    """The map in content/places/. A settlement without coordinates stands where its okrug's centre does, else where
    its district's does, else its region's."""
    rows = _rows(folder / UNITS)
    where = {row["id"]: (float(row["lat"]), float(row["lon"])) for row in rows if row["lat"] and row["quality"] != "C"}
    centres = {row["id"]: row["centre"] for row in rows if row["centre"]}
    spoken: dict[str, list[str]] = {}
    for row in _rows(folder / SPOKEN):
        spoken.setdefault(row["id"], []).append(row["name"])
    units = {row["id"]: _unit(row, where, centres, spoken.get(row["id"], [])) for row in rows}
    abroad = tuple(
        Abroad(r["kk"], r["ru"], r["en"], float(r["lat"]) if r["lat"] else None, float(r["lon"]) if r["lon"] else None)
        for r in _rows(folder / ABROAD)
    )
    everyday = (folder / EVERYDAY).read_text(encoding="utf-8").split() if (folder / EVERYDAY).exists() else ()
    return Gazetteer(units, centres, abroad, frozenset(everyday))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _unit(
    row: dict[str, str], where: dict[str, tuple[float, float]], centres: dict[str, str], spoken: list[str]
) -> Unit:
    id_, district = row["id"], row["district"]
    region = id_[:2]
    okrug = f"{id_[:6]}100"
    around = (id_, centres.get(id_, ""), okrug, district, centres.get(district, ""), region)
    lat, lon = next(where[at] for at in around if at in where)
    kind: Any = row["kind"]
    also = tuple(filter(None, (*row["also"].split("|"), *spoken)))
    return Unit(
        id=id_,
        kind=kind,
        kk=row["kk"],
        ru=row["ru"],
        en=row["en"],
        also=also,
        district=district,
        region=region,
        lat=lat,
        lon=lon,
        population=int(row["population"] or 0),
        own=id_ in where,
        sure=row["quality"] != "C",
    )


def import_gazetteer(source: Path, target: Path) -> int:
    """Make content/places/units.csv of the three files in `source`; returns the number of units. Raises BadGazetteer,
    and then writes nothing. Our own `spoken.csv` and `abroad.csv` are left alone."""
    tables = _source_tables(source)
    rows = [*_regions(tables["regions.csv"]), *_districts(tables["districts.csv"])]
    known = {row["id"] for row in rows}
    rows += [row for row in _settlements(tables["settlements.csv"]) if row["id"] not in known]
    told = list(_doubled(rows))
    known |= {row["id"] for row in rows}
    told += [
        f"{row['id']}: there is no district {row['district']}" for row in rows if row["district"] not in ("", *known)
    ]
    if told:
        raise BadGazetteer(told)
    fresh = target / f"{UNITS}.new"
    with fresh.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row["id"]))
    fresh.replace(target / UNITS)
    return len(rows)


def _source_tables(source: Path) -> dict[str, list[dict[str, str]]]:
    told, tables = [], {}
    for name, columns in SOURCES.items():
        try:
            rows = _rows(source / name)
        except FileNotFoundError:
            told.append(f"{name} is missing")
            continue
        except UnicodeDecodeError:
            told.append(f"{name} is not UTF-8")
            continue
        missing = [column for column in columns if not rows or column not in rows[0]]
        told += [f"{name}: the column {column} is missing" for column in missing]
        tables[name] = rows
    if told:
        raise BadGazetteer(told)
    for name, rows in tables.items():
        told += [f"{name}:{line}: {why}" for line, row in enumerate(rows, 2) for why in _wrong(row)]
    if told:
        raise BadGazetteer(told)
    return tables


def _wrong(row: dict[str, str]) -> Iterable[str]:
    id_ = row.get("kato") or row.get("kato2") or ""
    if not (id_.isdigit() and len(id_) in (2, 9)):
        yield "kato should have nine digits (a region's two)"
    if not row["name_kk"] or not row["name_ru"]:
        yield "a name is missing"
    try:
        if row["lat"] and not (40 <= float(row["lat"]) <= 56 and 46 <= float(row["lon"]) <= 88):
            yield "the coordinates are not in Kazakhstan"
    except ValueError:
        yield "the coordinates are no numbers"


def _doubled(rows: Iterable[dict[str, str]]) -> Iterable[str]:
    seen = set()
    for row in rows:
        if row["id"] in seen:
            yield f"{row['id']} stands there twice"
        seen.add(row["id"])


def _regions(rows: Iterable[dict[str, str]]) -> Iterable[dict[str, str]]:
    for row in rows:
        if row["kato2"] not in ("71", "75", "79"):  # the three great cities stand among the settlements
            yield _row(row, row["kato2"], "region", "", row["centre_kato"])


def _districts(rows: Iterable[dict[str, str]]) -> Iterable[dict[str, str]]:
    """Districts, and the cities that are districts of their own with the villages around them."""
    for row in rows:
        if row["kato"] != row["centre_kato"]:  # the three great cities, again
            kind = "city_district" if row["kind"] == "city_district" else "district"
            yield _row(row, row["kato"], kind, row["parent_city"], row["centre_kato"])


def _settlements(rows: Iterable[dict[str, str]]) -> Iterable[dict[str, str]]:
    for row in rows:
        if row["type"] != "city_district":  # they stand among the districts
            yield _row(row, row["kato"], row["type"], row["district"], "")


def _row(row: dict[str, str], id_: str, kind: PlaceKind | str, district: str, centre: str) -> dict[str, str]:
    ru = row["name_ru"]
    return {
        "id": id_,
        "kind": kind,
        "kk": row["name_kk"],
        "ru": ru,
        "en": row["name_en"] or latin(ru),
        "also": "|".join(_typed_names(row)),
        "district": district,
        "lat": row["lat"],
        "lon": row["lon"],
        "population": row.get("population", ""),
        "quality": row.get("quality", ""),
        "centre": centre,
    }


def _typed_names(row: dict[str, str]) -> list[str]:
    """The aliases that people type: Kazakh, Russian or plain Latin letters, and no airport codes."""
    named = {row["name_kk"], row["name_ru"], row["name_en"]}
    return [
        name
        for name in dict.fromkeys(row["aliases"].split("|"))
        if name not in named and len(name) > 2 and _TYPED.fullmatch(name) and not _NOT_OURS.search(name)
        and not _CODE.fullmatch(name)
    ]  # fmt: skip


def latin(name: str) -> str:
    """A name in Latin letters, near to how maps in English spell it, where none is recorded."""
    spelt = "".join(_LATIN.get(c.lower(), c) if c.lower() in _LATIN else c for c in name)
    return " ".join(word[:1].upper() + word[1:] for word in spelt.split(" "))
