"""The ends that a delivery can have: what a channel says of a parcel."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """The parcel has arrived. `trace` is the channel's id of the message, so that it can be deleted; `gone` are the
    traces of messages that it has replaced or deleted, `left` those of what else it has, or may have, left there."""

    trace: str | None = None
    gone: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Later:
    """Not now; try again after so many seconds."""

    seconds: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unsure:
    """Nobody knows whether it has arrived; try again after so many seconds. `trace` says, in the channel's own way,
    where to look for what may have arrived, when everything is to be deleted."""

    seconds: float
    trace: str | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Never:
    """It can never arrive: the channel refuses it. A dead letter, for somebody to look at."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unwanted:
    """She has closed this way (blocked us): nothing is owed to her here any more."""


@dataclass(frozen=True, slots=True)
class Wiped:
    """The messages with the traces `gone` are deleted; `notice` is the trace of a line that said so. `all`: nothing
    is left there, also not what *leave* took off."""

    gone: tuple[str, ...] = ()
    notice: str | None = None
    all: bool = True


Delivery = Sent | Later | Unsure | Never | Unwanted | Wiped
