"""What a turn wants to happen. One commit makes it true."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from bot.core.door import Door
from bot.core.record import Record
from bot.core.reply import Reply
from bot.core.session import Session
from bot.core.talk import Address, Locale

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


class TellEditors(Record):
    """Something about an entry of the directory is not right: nobody answers there (`silent`), or it is `wrong`.
    Nothing says who told so."""

    kind: Literal["tell_editors"] = "tell_editors"
    centre: str
    what: Literal["silent", "wrong"]


class SetDoor(Record):
    """Keep this door instead of the one before; None takes it away."""

    kind: Literal["set_door"] = "set_door"
    door: Door | None


class Erase(Record):
    """Wipe what the channel can wipe, and drop every reply that is still on its way."""

    kind: Literal["erase"] = "erase"


Effect = OpenCase | HushCase | WithdrawCase | TellEditors | SetDoor | Erase


class Turn(Record):
    """What one event leads to: the session as it is afterwards (None: it is over), what is said, what is done."""

    session: Session | None
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()


class Deletion(Record):
    """Tell the channel to wipe the conversation; where it says so, it says it in her language."""

    kind: Literal["deletion"] = "deletion"
    locale: Locale = "kk"


FadingOf = Literal["notice", "vanish", "limit", "stray"]


class Fading(Record):
    """Tell the channel to delete in silence: the line that said how much was deleted (`notice`), everything, since
    her time has come (`vanish`), what will soon be too old to be deleted (`limit`), or only what `traces` name: what
    was on its way when she left (`stray`)."""

    kind: Literal["fading"] = "fading"
    what: FadingOf
    traces: tuple[str, ...] = Field(default=(), repr=False)


Carried = Reply | Deletion | Fading


class Parcel(Record):
    """Something on its way to a channel. A reply expires ten minutes after the message it answers; a deletion never.

    `answers` is the trace of her own message, where she sent one; `living` that of our message which a channel may
    change in place of sending a new one (the postman fills it in when the parcel goes out).
    """

    id: str
    to: Address
    carries: Carried = Field(discriminator="kind")
    due: datetime
    expires: datetime | None = None
    epoch: int = 0
    tries: int = 0
    answers: str | None = Field(default=None, repr=False)
    living: str | None = Field(default=None, repr=False)
