"""Makes words/places.txt, the names that the place marker knows, from a gazetteer's three CSV files."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from components.reading import tokens

HOUSE = Path(__file__).resolve().parent
FILES = {"regions.csv": "big", "districts.csv": "big", "settlements.csv": "small"}
BIG_TYPES = ("city", "township")
# Regions by their initials, Russian and Kazakh; no gazetteer has them.
INITIALS = ("зко", "вко", "ско", "юко", "бқо", "шқо", "сқо", "оқо")
KINDS = {
    "ауданы", "аудан", "облысы", "облыс", "обл", "район", "область", "district", "region", "г", "city", "oblysy",
    "қаласы", "город", "село", "аулы",
}  # fmt: skip
HEAD = "# Names of places in Kazakhstan as skeletons (components/reading.py); made by gather_places.py.\n"


def names(row: dict[str, str]) -> set[str]:
    """Every way a row is called, as skeletons; other people's codes and abbreviations are left out."""
    ways = [row["name_kk"], row["name_ru"], row["name_en"]]
    ways += [alias for alias in row["aliases"].split("|") if len(alias) > 4]
    found = set()
    for way in ways:
        read = [token for token in tokens(way) if token.raw not in KINDS]
        bones = " ".join(token.bones for token in read)
        if 0 < len(read) <= 3 and len(bones) > 1 and not any(sign.isdigit() for sign in bones):
            found.add(bones)
    return found


def main(folder: Path) -> None:
    """Writes the file: a line for each kind of place."""
    kinds: dict[str, set[str]] = {"big": set(), "small": set()}
    for name, kind in FILES.items():
        with (folder / name).open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                kinds["big" if row.get("type") in BIG_TYPES else kind] |= names(row)
    kinds["big"] |= {tokens(initials)[0].bones for initials in INITIALS}
    kinds["small"] -= kinds["big"]
    text = HEAD + "".join(f"{kind}: {', '.join(sorted(found))}\n" for kind, found in kinds.items())
    (HOUSE / "words" / "places.txt").write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
