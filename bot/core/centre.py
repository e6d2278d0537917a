"""Centre: one place or line that helps, and how much is known of it."""

from datetime import date
from typing import Literal

from pydantic import Field

from bot.core.place import Place
from bot.core.record import Record
from bot.core.talk import Locale

CentreKind = Literal[
    "family_support", "child_support", "crisis_centre", "shelter", "hotline", "child_ombudsman", "prosecutor",
    "legal_aid", "ngo",
]  # fmt: skip
Status = Literal["verified", "published", "unverified"]
Precision = Literal["day", "month", "year"]
Takes = Literal["women", "children", "men", "disability"]
Named = dict[Locale, str]

HIDDEN_KINDS: frozenset[CentreKind] = frozenset({"crisis_centre", "shelter"})
"""Their address is never shown (P16), whatever a file says."""


class Centre(Record):
    """One entry of the directory.

    `place` is the id of the settlement, district or region that the sources name ("": the whole country); `lat`, `lon`
    in degrees only where the sources give them for this very entry. `status`: verified (somebody of the project called
    on `checked_on`), published (a good source of that date), unverified (a statement without a place). `checked_to`:
    how exactly the date is known; a month or a year stands as its first day. `translated`: languages in which the name
    is ours. What is missing is not known, and is said so.
    """

    id: str
    kind: CentreKind
    names: Named
    translated: tuple[Locale, ...] = ()
    place: str = ""
    address: Named = Field(default_factory=dict)
    confidential: bool = False
    lat: float | None = None
    lon: float | None = None
    coordinates_source: str = ""
    phones: tuple[str, ...] = ()
    whatsapp: str = ""
    telegram: str = ""
    site: str = ""
    hours: Named = Field(default_factory=dict)
    services: Named = Field(default_factory=dict)
    languages: tuple[Locale, ...] = ()
    takes: tuple[Takes, ...] = ()
    status: Status
    checked_on: date | None = None
    checked_to: Precision = "day"
    sources: tuple[str, ...]
    note: str = ""
    file: str = ""
    line: int = 0

    @property
    def hides(self) -> bool:
        """True where only a telephone may be shown."""
        return self.confidential or self.kind in HIDDEN_KINDS


class Entry(Record):
    """A centre with its place on the map: where it stands itself (`exact`), else the middle of the town or district
    that the sources name; without coordinates where only a region is known."""

    centre: Centre
    place: Place | None = None
    lat: float | None = None
    lon: float | None = None

    @property
    def exact(self) -> bool:
        """True where the coordinates are the entry's own, and may be shown."""
        return self.centre.lat is not None and not self.centre.hides
