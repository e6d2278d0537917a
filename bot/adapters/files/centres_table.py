"""A CSV of centres → changes of the directory. Everything is looked at before anything is written."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.adapters.files.centres_file import centre_of, mistakes, table_of
from bot.adapters.files.yaml_text import Map
from bot.core.centre import Centre
from bot.core.talk import LOCALES
from bot.engine.atlas import Atlas
from bot.engine.distance import haversine

LISTS = {"translated", "phones", "languages", "takes"}
TEXTS = ("kind", "whatsapp", "telegram", "site", "status", "checked_on", "note")
NAMED = ("name", "address", "hours", "services")
COLUMNS = tuple(
    "id kind name_kk name_ru name_en translated place address_kk address_ru address_en confidential lat lon "
    "coordinates_source phones whatsapp telegram site hours_kk hours_ru hours_en services_kk services_ru services_en "
    "languages takes status checked_on sources note".split()
)
NEEDED = ("id", "kind", "name_kk", "name_ru", "name_en", "place", "status", "sources")
ENCODINGS = ("utf-8-sig", "cp1251")
LONGEST_FILE = 20_000_000
FAR = 150.0
"""Kilometres between an entry's coordinates and the place it names from which on one of them is wrong."""


@dataclass
class Change:
    """One line of what an import would do: an entry that is new, changed (which keys) or the same."""

    centre: Centre
    what: str
    keys: tuple[str, ...] = ()


@dataclass
class Import:
    """What was read: changes where all is well, else what is wrong, line by line."""

    changes: list[Change] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    encoding: str = "utf-8"


def read_table(path: Path, known: Mapping[str, Centre], atlas: Atlas) -> Import:
    """What importing the file would change. A column that the file does not have keeps what is known of each entry."""
    done = Import()
    text = _text(path, done)
    if text is None:
        return done
    reader = csv.DictReader(io.StringIO(text, newline=""))
    columns = tuple(reader.fieldnames or ())
    done.wrong += [f"line 1: the column {name} is missing" for name in NEEDED if name not in columns]
    done.wrong += [f"line 1: the column {name!r} is not known" for name in columns if name not in COLUMNS]
    if done.wrong:
        return done
    seen: dict[str, int] = {}
    for number, row in enumerate(reader, 2):
        raw, wrong = _row(row, columns, known, atlas)
        first = seen.setdefault(row["id"] or "", number)
        if first != number:
            wrong.append(f"the id {row['id']!r} stands in line {first} too")
        done.wrong += [f"line {number}: {told}" for told in wrong]
        if not wrong:
            done.changes.append(_change(row["id"], raw, known))
    if done.wrong:
        done.changes = []
    return done


def _text(path: Path, done: Import) -> str | None:
    raw = path.read_bytes()
    if len(raw) > LONGEST_FILE:
        done.wrong.append(f"the file is larger than {LONGEST_FILE // 1_000_000} MB")
        return None
    for encoding in ENCODINGS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        done.encoding = encoding
        if "\x00" in text:
            break
        if encoding != ENCODINGS[0]:
            done.wrong.append("line 1: the file is not UTF-8 (it looks like cp1251); save it as UTF-8")
            return None
        return text
    done.wrong.append("line 1: the file is no text in UTF-8")
    return None


def _row(
    row: Mapping[str, Any], columns: Iterable[str], known: Mapping[str, Centre], atlas: Atlas
) -> tuple[dict[str, Any], list[str]]:
    if None in row or any(value is None for value in row.values()):
        return {}, ["it has more or fewer fields than the first line"]
    wrong: list[str] = []
    raw: dict[str, Any] = {key: row[key].strip() for key in TEXTS if key in columns}
    for key in LISTS & set(columns):
        raw[key] = [part.strip() for part in row[key].split(";") if part.strip()]
    raw["sources"] = [part.strip() for part in row["sources"].split(" ; ") if part.strip()]
    for key in NAMED:
        told = {locale: row[f"{key}_{locale}"].strip() for locale in LOCALES if f"{key}_{locale}" in columns}
        if told:
            raw[key] = {locale: value for locale, value in told.items() if value}
    if "confidential" in columns:
        raw["confidential"] = row["confidential"].strip().lower() in ("yes", "true", "1", "да", "иә")
    wrong += _place(row["place"].strip(), raw, atlas)
    if "lat" in columns and "lon" in columns:
        wrong += _coordinates(row, raw, atlas)
    before = known.get(row["id"])
    whole = {**table_of(before), **raw} if before else raw
    wrong += mistakes(row["id"], _as_map(whole), atlas.gazetteer)
    return whole, wrong


def _as_map(raw: Mapping[str, Any]) -> Map:
    found = Map()
    for key, value in raw.items():
        if value not in ("", [], {}, False, None):
            found[key] = _as_map(value) if isinstance(value, dict) else value
    return found


def _place(said: str, raw: dict[str, Any], atlas: Atlas) -> Iterator[str]:
    """The code of the place, or the words for it: refused where they are not certain."""
    if not said:
        return
    if said in atlas.gazetteer.units:
        raw["place"] = said
        return
    found = atlas.find(said)
    if found.place is not None:
        raw["place"] = found.place.id
    elif found.others:
        names = "; ".join(f"{other.names['ru']} ({other.id})" for other in found.others[:4])
        yield f"the place {said!r} may be {names}; name its district and region, or its code"
    else:
        yield f"the place {said!r} is not on the map"


def _coordinates(row: Mapping[str, str], raw: dict[str, Any], atlas: Atlas) -> Iterator[str]:
    lat, lon = row["lat"].strip().replace(",", "."), row["lon"].strip().replace(",", ".")
    if not lat and not lon:
        return
    try:
        point = (float(lat), float(lon))
    except ValueError:
        yield f"the coordinates {lat!r}, {lon!r} are no numbers"
        return
    unit = atlas.gazetteer.units.get(raw.get("place", ""))
    if 46 <= point[0] <= 88 and 40 <= point[1] <= 56 and not (46 <= point[1] <= 88 and 40 <= point[0] <= 56):
        yield f"the coordinates {lat}, {lon} are swapped: latitude comes first"
    elif not (40 <= point[0] <= 56 and 46 <= point[1] <= 88):
        yield f"the coordinates {lat}, {lon} are not in Kazakhstan"
    elif unit is not None and unit.kind != "region" and haversine(*point, unit.lat, unit.lon) > FAR:
        yield f"the coordinates {lat}, {lon} are more than {FAR:.0f} km from {unit.ru}"
    elif unit is not None and _region_at(point, atlas) not in (unit.region, None):
        yield f"the coordinates {lat}, {lon} lie in another region than {unit.ru}"
    raw["coordinates"] = {"lat": lat, "lon": lon, "source": row.get("coordinates_source", "").strip()}


def _region_at(point: tuple[float, float], atlas: Atlas) -> str | None:
    found = atlas.around(*point)
    return found.place.region if found.place else None


def _change(id_: str, raw: Mapping[str, Any], known: Mapping[str, Centre]) -> Change:
    try:
        centre = centre_of(id_, raw)
    except ValidationError as e:  # every known mistake was named before: this one would be ours
        raise ValueError(f"{id_}: {e.errors()[0]['loc']}") from e
    before = known.get(id_)
    if before is None:
        return Change(centre, "new")
    old, new = table_of(before), table_of(centre)
    keys = tuple(key for key in {**old, **new} if old.get(key) != new.get(key))
    return Change(centre, "changed" if keys else "same", keys)
