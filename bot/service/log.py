"""note(): the only way anything is logged. Event names and listed fields; never text, name, number or place (P20)."""

import logging
from typing import Literal, get_args

_log = logging.getLogger("pana")

Field = Literal["channel", "count", "error", "kind", "person", "seconds", "step", "tries", "where"]
FIELDS = frozenset(get_args(Field))


def note(event: str, *, level: int = logging.INFO, **fields: object) -> None:
    """Write one line: `event key=value …`. Fields not listed are a bug of ours and raise ValueError."""
    if unknown := set(fields) - FIELDS:
        raise ValueError(f"{', '.join(sorted(unknown))}: not a field that may be logged")
    told = " ".join(f"{key}={value}" for key, value in fields.items() if value is not None)
    _log.log(level, "%s %s", event, told)


def bug(event: str, error: BaseException, **fields: object) -> None:
    """Note an error by its type and place; its message may hold her words and is left out."""
    places = []
    frame = error.__traceback__
    while frame is not None:
        code = frame.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{frame.tb_lineno}")
        frame = frame.tb_next
    note(event, level=logging.ERROR, error=type(error).__name__, where=">".join(places[-6:]), **fields)
