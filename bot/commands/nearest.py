"""python -m bot nearest [TEXT]: what the words for a place mean, and the help nearest to it, as JSON."""

import argparse
import json
import sys
from collections.abc import Iterable

from bot.adapters.files import BadContent, load
from bot.adapters.phrases import read_phrases
from bot.commands.check import today
from bot.core.library import Library
from bot.core.place import Place
from bot.engine.atlas import Atlas
from bot.engine.nearest import KINDS, nearest
from bot.settings import CONTENT, LOCALES_FOLDER


def arguments(parser: argparse.ArgumentParser) -> None:
    """The place; without it one a line from standard input."""
    parser.add_argument("text", nargs="?", default=None)
    parser.add_argument("--kind", choices=tuple(KINDS), default="any", help="which kind of help")


def run(options: argparse.Namespace) -> int:
    """Print one JSON object a query; `region` is the first two digits of the code, `id` the code itself."""
    try:
        library, _ = load(CONTENT, read_phrases(LOCALES_FOLDER), today())
    except BadContent as e:
        print("\n".join(map(str, e.problems)), file=sys.stderr)
        return 1
    atlas = Atlas(library.gazetteer)
    for line in [options.text] if options.text is not None else lines():
        print(json.dumps(_answer(line, library, atlas, options.kind), ensure_ascii=False), flush=True)
    return 0


def lines() -> Iterable[str]:
    """The lines of standard input, whatever their bytes."""
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", "replace").rstrip("\r\n")


def _answer(text: str, library: Library, atlas: Atlas, kind: str) -> dict[str, object]:
    found = atlas.find(text)
    near = nearest(library.directory, found.place, KINDS[kind]) if found.place else ()
    return {
        "place": _place(found.place) if found.place else None,
        "others": [_place(other) for other in found.others],
        "centres": [
            {"id": n.entry.centre.id, "kind": n.entry.centre.kind, "km": n.km, "status": n.entry.centre.status}
            for n in near
        ],
    }


def _place(place: Place) -> dict[str, object]:
    return {
        "id": place.id,
        "name_ru": place.names["ru"],
        "name_kk": place.names["kk"],
        "region": place.region,
        "lat": place.lat,
        "lon": place.lon,
    }
