"""What a button carries: at most 64 bytes that name step and option, so that a stale tap is seen as stale."""

import hashlib
from functools import lru_cache

from bot.core.flow import options
from bot.core.library import ACTIONS, Library
from bot.core.talk import Tap
from bot.engine.lists import NEXT
from bot.engine.say import DONE

MOST_BYTES = 64
STALE = Tap(step="", option="")
"""A button that says nothing (any more)."""


def data(step: str, option: str) -> str:
    """The callback data of an option: both names where they fit, else a short hash of each that does not."""
    written = f"{step}:{option}"
    if len(written.encode()) <= MOST_BYTES and not step.startswith("#"):
        return written
    return f"#{_short(step)}:{_short(option)}"


def tap(written: str, library: Library) -> Tap:
    """The tap that a button's data means."""
    step, colon, option = written.partition(":")
    if not colon or not option:
        return STALE
    if not step.startswith("#"):
        return Tap(step=step, option=option)
    known = _known(library)
    step, option = known.get(step[1:], ""), known.get(option, "")
    return Tap(step=step, option=option) if step and option else STALE


def _short(name: str) -> str:
    return hashlib.blake2b(name.encode(), digest_size=9).hexdigest()


class _Same:
    """A library as a key: the same object, until it is swapped."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def __hash__(self) -> int:
        return id(self.library)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.library is self.library


def _known(library: Library) -> dict[str, str]:
    return _table(_Same(library))


@lru_cache(maxsize=2)
def _table(same: _Same) -> dict[str, str]:
    """Hash → name, of every step (also by its old name) and option there is."""
    library = same.library
    steps = {f"{flow.name}/{name}" for flow in library.flows.values() for name in flow.steps}
    named = {option for at in steps for option in options(library.step(at))}
    return {_short(name): name for name in (*steps, *library.renamed, *library.flows, *named, *ACTIONS, DONE, NEXT)}
