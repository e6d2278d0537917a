"""Marks: how Telegram's message ids are written down as traces, and where to look for a message nobody knows of."""

from collections.abc import Iterable
from dataclasses import dataclass

AT_MOST = 1000
"""Ids that are tried where it is not known what was sent."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A trace read: the ids of one reply (a pin among them), the last of them the one with buttons. `keyboard` holds
    the button that shares a place; `portable` may not be edited, for she takes it along; `notice` is the line after a
    wipe; `after` says that something may have been sent after that id."""

    ids: tuple[int, ...] = ()
    keyboard: int | None = None
    portable: bool = False
    notice: bool = False
    after: int | None = None

    def __str__(self) -> str:
        written = [f"{'n' if self.notice else ''}{i}{'+' if self.portable else ''}" for i in self.ids]
        keyboard = [f"{self.keyboard}k"] if self.keyboard else []
        return " ".join([*written, *keyboard, *([f"?{self.after}"] if self.after is not None else [])])

    @property
    def all(self) -> tuple[int, ...]:
        """Every id in it."""
        return (*self.ids, *([self.keyboard] if self.keyboard else []))


def read(trace: str | None) -> Mark:
    """The mark that a trace is; an empty one where it is none of ours."""
    words = (trace or "").split()
    ids = [_id(word.strip("n+")) for word in words if not word.endswith("k") and not word.startswith("?")]
    keyboards = [_id(word[:-1]) for word in words if word.endswith("k")]
    return Mark(
        ids=tuple(i for i in ids if i is not None),
        keyboard=next(iter(keyboards), None),
        portable="+" in (trace or ""),
        notice="n" in (trace or ""),
        after=next((_id(word[1:]) for word in words if word.startswith("?")), None),
    )


def _id(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() else None


def newest(*traces: str | None) -> int | None:
    """The highest id in these traces: whatever is sent from now on has a higher one."""
    return max((i for trace in traces for i in read(trace).all), default=None)


def between(known: Iterable[int], after: Iterable[int]) -> list[int]:
    """The ids to try where something may have been sent after each of `after`: those that follow, not the known."""
    starts, there = sorted(set(after)), set(known)
    if not starts:
        return []
    share = AT_MOST // len(starts) or 1
    tried = {i for start in starts for i in range(start + 1, start + 1 + share)}
    return sorted(tried - there)[:AT_MOST]
