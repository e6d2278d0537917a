"""What a turn wants to happen. One commit makes it true."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from bot.core.door import Door
from bot.core.record import Record
from bot.core.reply import Reply
from bot.core.session import Session
from bot.core.talk import Address

Urgency = Literal["now", "soon"]


class OpenCase(Record):
    """Write a case for the operators; where one is open already, it is added to."""

    kind: Literal["open_case"] = "open_case"
    urgency: Urgency
    may_write: bool
    place: str | None = Field(default=None, repr=False)
    written_at: datetime


class HushCase(Record):
    """She left: nothing is written to her until she writes first. The alarm stands."""

    kind: Literal["hush_case"] = "hush_case"


class WithdrawCase(Record):
    """She asked to be forgotten: a case that nobody has seen yet goes with the rest, a seen one is hushed."""

    kind: Literal["withdraw_case"] = "withdraw_case"


class SetDoor(Record):
    """Keep this door instead of the one before; None takes it away."""

    kind: Literal["set_door"] = "set_door"
    door: Door | None


class Erase(Record):
    """Wipe what the channel can wipe, and drop every reply that is still on its way."""

    kind: Literal["erase"] = "erase"


Effect = OpenCase | HushCase | WithdrawCase | SetDoor | Erase


class Turn(Record):
    """What one event leads to: the session as it is afterwards (None: it is over), what is said, what is done."""

    session: Session | None
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()


class Deletion(Record):
    """Tell the channel to wipe the conversation."""

    kind: Literal["deletion"] = "deletion"


Carried = Reply | Deletion


class Parcel(Record):
    """Something on its way to a channel. A reply expires ten minutes after the message it answers; a deletion never."""

    id: str
    to: Address
    carries: Carried = Field(discriminator="kind")
    due: datetime
    expires: datetime | None = None
    epoch: int = 0
    tries: int = 0
