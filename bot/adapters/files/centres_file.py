"""content/centres/*.yaml ↔ the directory: one file a region, every entry under its id."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, get_args

import phonenumbers
import yaml

from bot.adapters.files.yaml_text import Map, Mistake, read
from bot.core.centre import Centre, CentreKind, Entry, Precision, Status, Takes
from bot.core.check import Problem
from bot.core.place import Gazetteer, place_of
from bot.core.talk import LOCALES

FOLDER, COUNTRY = "centres", "kazakhstan"
HEADER = (
    "# {name}: where help is. `python -m bot centres check` tells what is wrong; content/README.md explains the keys.\n"
    "# `centres import` writes this file anew: remarks belong under `note:`, not into comments.\n"
)
KEYS = (
    "kind", "name", "translated", "place", "address", "confidential", "coordinates", "phones", "whatsapp", "telegram",
    "site", "hours", "services", "languages", "takes", "status", "checked_on", "sources", "note",
)  # fmt: skip
"""What an entry may hold, in this order."""
SHOWN: dict[Precision, int] = {"day": 10, "month": 7, "year": 4}
"""Signs of an ISO date that are known."""
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SHORT_NUMBER = re.compile(r"\d{3,4}")


def read_directory(folder: Path, gazetteer: Gazetteer, name: str) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """Every entry in `folder`, placed on the map, and every mistake; `name` is the folder as problems show it."""
    entries: list[Entry] = []
    found: list[Problem] = []
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        file = f"{name}/{path.name}"
        try:
            table = read(path, file)
        except Mistake as e:
            found.append(e.problem)
            continue
        for id_, raw in table.items():
            line = table.lines[id_]
            problems = list(mistakes(id_, raw, gazetteer, seen.get(id_)))
            seen[id_] = file
            if problems:
                found += [Problem(file=file, line=line, told=f"`{id_}`: {told}") for told in problems]
            else:
                entries.append(placed(centre_of(id_, raw).but(file=file, line=line), gazetteer))
    return tuple(entries), tuple(found)


def mistakes(id_: str, raw: Any, gazetteer: Gazetteer, elsewhere: str | None = None) -> Iterable[str]:
    """What is wrong with one entry as it is written, in sentences; `elsewhere`: a file that has the same id."""
    if elsewhere:
        yield f"an entry of this name stands in {elsewhere} too."
    if not _ID.fullmatch(id_):
        yield "an id is small Latin letters and digits with hyphens between."
    if not isinstance(raw, Map):
        yield "it should hold `kind:`, `name:` …"
        return
    for key in raw:
        if key not in KEYS:
            yield f"unknown word `{key}`. Known here: {', '.join(KEYS)}."
    for key in ("kind", "name", "status", "sources"):
        if not raw.get(key):
            yield f"`{key}:` is missing."
    if raw.get("kind") not in (None, *get_args(CentreKind)):
        yield f"`kind: {raw['kind']}` is not known; there are {', '.join(get_args(CentreKind))}."
    if raw.get("status") not in (None, *get_args(Status)):
        yield f"`status: {raw['status']}` is not known; there are {', '.join(get_args(Status))}."
    if not isinstance(raw.get("name"), Map) or set(raw["name"]) != set(LOCALES):
        yield "`name:` needs kk, ru and en."
    if raw.get("place") and raw["place"] not in gazetteer.units and raw["place"] not in _regions(gazetteer):
        yield f"`place: {raw['place']}` is no code of the map."
    yield from _dates_and_numbers(raw)


def _dates_and_numbers(raw: Map) -> Iterable[str]:
    for key in ("phones", "sources", "languages", "takes", "translated"):
        if not isinstance(raw.get(key, []), list):
            yield f"`{key}:` should be a list."
    for key, known in (("languages", LOCALES), ("translated", LOCALES), ("takes", get_args(Takes))):
        for value in raw.get(key, []):
            if value not in known:
                yield f"`{key}: {value}` is not known; there are {', '.join(known)}."
    for phone in raw.get("phones", []) if isinstance(raw.get("phones", []), list) else ():
        if not possible_number(phone):
            yield f"«{phone}» cannot be a telephone number; write it as +7 …, or as a short number."
    if raw.get("whatsapp") and not possible_number(raw["whatsapp"]):
        yield f"`whatsapp: {raw['whatsapp']}` cannot be a telephone number."
    try:
        checked = day_of(raw["checked_on"])[0] if raw.get("checked_on") else None
    except ValueError:
        yield f"`checked_on: {raw['checked_on']}` is no date; write it as 2026-11-28, or 2026-11, or 2026."
        return
    if raw.get("status") == "verified" and checked is None:
        yield "`status: verified` needs the day of the call under `checked_on:`."


def day_of(written: str) -> tuple[date, Precision]:
    """The day that a date of a source names, or the first of its month or year, and how exact it is; ValueError."""
    if re.fullmatch(r"\d{4}", written):
        return date(int(written), 1, 1), "year"
    if re.fullmatch(r"\d{4}-\d{2}", written):
        return date.fromisoformat(f"{written}-01"), "month"
    return date.fromisoformat(written), "day"


def possible_number(phone: str) -> bool:
    """Whether this can be a telephone number in Kazakhstan: a short one, or an international one that exists there."""
    if _SHORT_NUMBER.fullmatch(phone):
        return True
    try:
        return phone.startswith("+") and phonenumbers.is_valid_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return False


def centre_of(id_: str, raw: Mapping[str, Any]) -> Centre:
    """The centre that a table describes; raises ValidationError where it describes none."""
    coordinates = raw.get("coordinates") or {}
    checked_on, checked_to = day_of(raw["checked_on"]) if raw.get("checked_on") else (None, "day")
    return Centre(
        id=id_,
        kind=raw["kind"],
        names=dict(raw["name"]),
        translated=tuple(raw.get("translated", ())),
        place=raw.get("place", ""),
        address=dict(raw.get("address") or {}),
        confidential=raw.get("confidential") in ("true", "yes", True),
        lat=float(coordinates["lat"]) if coordinates else None,
        lon=float(coordinates["lon"]) if coordinates else None,
        coordinates_source=coordinates.get("source", ""),
        phones=tuple(raw.get("phones", ())),
        whatsapp=raw.get("whatsapp", ""),
        telegram=raw.get("telegram", ""),
        site=raw.get("site", ""),
        hours=dict(raw.get("hours") or {}),
        services=dict(raw.get("services") or {}),
        languages=tuple(raw.get("languages", ())),
        takes=tuple(raw.get("takes", ())),
        status=raw["status"],
        checked_on=checked_on,
        checked_to=checked_to,
        sources=tuple(raw["sources"]),
        note=raw.get("note", ""),
    )


def placed(centre: Centre, gazetteer: Gazetteer) -> Entry:
    """The centre on the map: where it stands itself, else the middle of its town or district."""
    unit = gazetteer.units.get(centre.place)
    place = place_of(unit) if unit else None
    if centre.lat is not None:
        return Entry(centre=centre, place=place, lat=centre.lat, lon=centre.lon)
    if unit is None or unit.kind == "region":
        return Entry(centre=centre, place=place)
    return Entry(centre=centre, place=place, lat=unit.lat, lon=unit.lon)


def table_of(centre: Centre) -> dict[str, Any]:
    """The centre as it is written in a file; what is not known is left out."""
    coordinates = {"lat": centre.lat, "lon": centre.lon, "source": centre.coordinates_source}
    table = {
        "kind": centre.kind,
        "name": centre.names,
        "translated": list(centre.translated),
        "place": centre.place,
        "address": centre.address,
        "confidential": centre.confidential,
        "coordinates": coordinates if centre.lat is not None else {},
        "phones": list(centre.phones),
        "whatsapp": centre.whatsapp,
        "telegram": centre.telegram,
        "site": centre.site,
        "hours": centre.hours,
        "services": centre.services,
        "languages": list(centre.languages),
        "takes": list(centre.takes),
        "status": centre.status,
        "checked_on": centre.checked_on.isoformat()[: SHOWN[centre.checked_to]] if centre.checked_on else "",
        "sources": list(centre.sources),
        "note": centre.note,
    }
    return {key: value for key, value in table.items() if value}


def write_directory(folder: Path, centres: Iterable[Centre], gazetteer: Gazetteer) -> None:
    """Write every centre into the file of its region; a file that is not mentioned stays as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, dict[str, Any]] = {}
    for centre in sorted(centres, key=lambda c: (c.place, c.kind, c.id)):
        files.setdefault(file_of(centre.place, gazetteer), {})[centre.id] = table_of(centre)
    for name, entries in files.items():
        text = HEADER.format(name=name) + "\n" + yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=110)
        fresh = folder / f"{name}.yaml.new"
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(folder / f"{name}.yaml")


def file_of(place: str, gazetteer: Gazetteer) -> str:
    """The name of the file that holds entries at a place: its region's, in English."""
    unit = gazetteer.units.get(place[:2]) or gazetteer.units.get(f"{place[:2]}0000000")
    if unit is None:
        return COUNTRY
    name = re.sub(r"[^a-z]+", "-", unit.en.lower().removesuffix(" region")).strip("-")
    return f"{name}-city" if unit.kind == "city" else name


def _regions(gazetteer: Gazetteer) -> frozenset[str]:
    return frozenset(unit.region for unit in gazetteer.units.values())
