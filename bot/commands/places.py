"""python -m bot places …: the map: import a gazetteer; measure how well places are understood."""

import argparse
import sys
from pathlib import Path

from bot.adapters.files import read_map
from bot.adapters.files.places_file import BadGazetteer, import_gazetteer
from bot.commands.places_report import report
from bot.settings import CONTENT

FOLDER = CONTENT / "places"
REPORT = FOLDER / "REPORT.md"


def arguments(parser: argparse.ArgumentParser) -> None:
    """`import FOLDER` and `report`."""
    verbs = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    told = "make content/places/units.csv anew of regions.csv, districts.csv and settlements.csv in FOLDER"
    verbs.add_parser("import", help=told).add_argument("folder", type=Path)
    verbs.add_parser("report", help=f"ask for names put in many ways, and write {REPORT.name} beside the map")


def run(options: argparse.Namespace) -> int:
    """Do it; 1 with every mistake in a line of its own, and then nothing is changed."""
    if options.what == "report":
        REPORT.write_text(report(read_map(CONTENT)), encoding="utf-8")
        print(REPORT.read_text(encoding="utf-8"))
        return 0
    try:
        count = import_gazetteer(options.folder, FOLDER)
    except BadGazetteer as e:
        print("\n".join(e.told), file=sys.stderr)
        print(f"{len(e.told)} to mend; nothing was imported.", file=sys.stderr)
        return 1
    print(f"{count} regions, districts and settlements.")
    return 0
