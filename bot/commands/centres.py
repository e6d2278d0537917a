"""python -m bot centres …: the directory: import a CSV, check it, see what it covers, read what people said of it."""

import argparse
import asyncio
import sys
from pathlib import Path

from bot.adapters.files import BadContent, load, read_map
from bot.adapters.files.centres_file import FOLDER, read_directory, write_directory
from bot.adapters.files.centres_table import Change, read_table
from bot.adapters.phrases import read_phrases
from bot.commands.check import today
from bot.core.centre import Centre
from bot.core.check.centres import centre_problems
from bot.core.library import Library
from bot.core.place import Gazetteer
from bot.engine.atlas import Atlas
from bot.settings import CONTENT, LOCALES_FOLDER, read_settings

MAP = "coverage.png"


def arguments(parser: argparse.ArgumentParser) -> None:
    """`import`, `check`, `coverage`, `reports`."""
    verbs = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    importing = verbs.add_parser("import", help="what a CSV would change; with --write it does (content/README.md)")
    importing.add_argument("file", type=Path)
    importing.add_argument("--write", action="store_true", help="do it, and not only show it")
    verbs.add_parser("check", help="telephones, coordinates, doubles, what nobody has checked for 180 days")
    covering = verbs.add_parser("coverage", help="which districts have help, as a table and as a map")
    covering.add_argument("--map", type=Path, default=Path(MAP), help=f"where the PNG is written (default {MAP})")
    telling = verbs.add_parser("reports", help="what people said of entries: nobody answers, something is wrong")
    telling.add_argument("--clear", metavar="ID", help="forget what was said of this entry, for it has been checked")


def run(options: argparse.Namespace) -> int:
    """Do it; the exit code is 1 where something is to be mended."""
    match options.what:
        case "import":
            return _import(options.file, options.write)
        case "check":
            return _check()
        case "coverage":
            return _coverage(options.map)
    return asyncio.run(_reports(options.clear))


def _known(gazetteer: Gazetteer) -> dict[str, Centre]:
    entries, wrong = read_directory(CONTENT / FOLDER, gazetteer, f"{CONTENT.name}/{FOLDER}")
    if wrong:
        raise BadContent(wrong)
    return {entry.centre.id: entry.centre for entry in entries}


def _import(path: Path, write: bool) -> int:
    gazetteer = read_map(CONTENT)
    try:
        known = _known(gazetteer)
        done = read_table(path, known, Atlas(gazetteer))
    except BadContent as e:
        print("\n".join(map(str, e.problems)), file=sys.stderr)
        print("First mend what stands there already; nothing was imported.", file=sys.stderr)
        return 1
    except OSError as e:
        print(f"{path.name} cannot be read: {e.strerror}.", file=sys.stderr)
        return 1
    if done.wrong:
        print("\n".join(f"{path.name}: {told}" for told in done.wrong), file=sys.stderr)
        print(f"{len(done.wrong)} to mend; nothing was imported.", file=sys.stderr)
        return 1
    for change in done.changes:
        print(_line(change))
    counts = {what: sum(change.what == what for change in done.changes) for what in ("new", "changed", "same")}
    kept = len(known) - counts["changed"] - counts["same"]
    print(", ".join(f"{count} {what}" for what, count in counts.items()) + f"; {kept} not mentioned, kept.")
    if write:
        changed = {change.centre.id: change.centre for change in done.changes}
        write_directory(CONTENT / FOLDER, (known | changed).values(), gazetteer)
    else:
        print("Nothing was written: this was a trial. Again with --write to do it.")
    return 0


def _line(change: Change) -> str:
    centre = change.centre
    keys = f"  ({', '.join(change.keys)})" if change.keys else ""
    return f"{change.what:8} {centre.id:44} {centre.kind:16} {centre.place:10} {centre.names['ru']}{keys}"


def _library() -> Library:
    return load(CONTENT, read_phrases(LOCALES_FOLDER), today())[0]


def _check() -> int:
    try:
        library = _library()
    except BadContent as e:
        print("\n".join(map(str, e.problems)))
        return 1
    problems = tuple(centre_problems(library, today()))
    for problem in problems:
        print(problem)
    print(f"{len(library.directory)} entries, no mistakes, {len(problems)} reminders.", file=sys.stderr)
    return 0


def _coverage(path: Path) -> int:
    from bot.commands.coverage import draw, table

    library = _library()
    print(table(library))
    draw(library, path)
    print(f"The map: {path}", file=sys.stderr)
    return 0


async def _reports(clear: str | None) -> int:
    from bot.adapters.embedded_redis import NoRedis
    from bot.adapters.redis_store import RedisReports
    from bot.app import Pana
    from bot.service.ports import StoreGone

    pana = Pana(read_settings(), with_nlu=False)
    try:
        async with pana.store_only() as connection:
            reports = RedisReports(connection)
            if clear is not None:
                await reports.clear(clear)
            found = await reports.read()
    except (NoRedis, StoreGone) as e:
        print(e or "The Redis does not answer.", file=sys.stderr)
        return 1
    for id_, what, count in found:
        print(f"{id_:44} {'nobody answers' if what == 'silent' else 'something is wrong'}: {count}")
    print(f"{len(found)} lines. Nobody knows who told so, or when.", file=sys.stderr)
    return 0
