"""Place: a settlement, a district or a region of Kazakhstan. Gazetteer: all of them, in little memory."""

from typing import Literal, NamedTuple

from pydantic import Field

from bot.core.record import Record
from bot.core.talk import Locale

PlaceKind = Literal[
    "region", "district", "city_district", "city", "township", "village", "station", "siding", "minor"
]  # fmt: skip


class Unit(NamedTuple):
    """One row of the gazetteer. `id` is its KATO code (a region: the first two digits); `also` are other and former
    names; `lat`, `lon` in degrees, where it stands or, where nobody knows, where its okrug or district does (`own` is
    False then); `sure` is False where the source itself was not (ask back)."""

    id: str
    kind: PlaceKind
    kk: str
    ru: str
    en: str
    also: tuple[str, ...]
    district: str
    region: str
    lat: float
    lon: float
    population: int = 0
    own: bool = True
    sure: bool = True


class Abroad(NamedTuple):
    """A country, or a town near the border that people also write: named so that it can be said kindly."""

    kk: str
    ru: str
    en: str
    lat: float | None
    lon: float | None


class Gazetteer(NamedTuple):
    """The whole map: units by id, `centres` (district → its central settlement), what lies abroad, and everyday words
    (small letters, without the Kazakh ones) that are also names of hamlets."""

    units: dict[str, Unit]
    centres: dict[str, str]
    abroad: tuple[Abroad, ...]
    everyday: frozenset[str] = frozenset()


class Place(Record):
    """One place that a message may mean. `region` and `district` are ids (of a region itself: empty)."""

    id: str
    kind: PlaceKind
    names: dict[Locale, str] = Field(repr=False)
    region: str = Field(repr=False)
    district: str = Field(default="", repr=False)
    lat: float = Field(repr=False)
    lon: float = Field(repr=False)


class Found(Record):
    """What the words for a place mean. `place`: for certain. `others`: a question, likeliest first. `abroad`: the name
    of a place outside Kazakhstan. Nothing of it: nobody knows."""

    place: Place | None = None
    others: tuple[Place, ...] = ()
    abroad: str | None = Field(default=None, repr=False)


NOWHERE = Found()


def place_of(unit: Unit) -> Place:
    """The unit as it is passed around."""
    return Place(
        id=unit.id,
        kind=unit.kind,
        names={"kk": unit.kk, "ru": unit.ru, "en": unit.en},
        region=unit.region,
        district=unit.district,
        lat=unit.lat,
        lon=unit.lon,
    )
