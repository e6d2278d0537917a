"""Case: what an operator of 111 is told."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from bot.core.effect import OpenCase, Urgency
from bot.core.record import Record
from bot.core.talk import Address, Locale

Stage = Literal["waiting", "delivered", "seen", "taken", "closed"]


class Entry(Record):
    """One line of a case's log: what happened, and when. Never what was said."""

    at: datetime
    what: str


class Case(Record):
    """A call for help. `id` is short and speakable ("K-7F3QA"); address, place and note are sealed with it."""

    id: str
    address: Address
    locale: Locale
    urgency: Urgency
    may_write: bool
    place: str | None = Field(default=None, repr=False)
    stage: Stage = "waiting"
    log: tuple[Entry, ...] = ()


def opened(id_: str, address: Address, locale: Locale, alarm: OpenCase, now: datetime) -> Case:
    """A new case made of an alarm; `now` is when it is read, the alarm says when it was written."""
    return Case(
        id=id_,
        address=address,
        locale=locale,
        urgency=alarm.urgency,
        may_write=alarm.may_write,
        place=alarm.place,
        log=(Entry(at=alarm.written_at, what="written"), Entry(at=now, what="opened")),
    )


def added(case: Case, alarm: OpenCase, now: datetime) -> Case:
    """The same case after a further alarm: it may become more urgent, never less."""
    return case.but(
        urgency="now" if "now" in (case.urgency, alarm.urgency) else "soon",
        may_write=alarm.may_write,
        place=alarm.place or case.place,
        log=(*case.log, Entry(at=now, what="alarm_again")),
    )


def hushed(case: Case, now: datetime) -> Case:
    """The same case after she left: the alarm stands, nothing is written to her until she writes first."""
    return case.but(may_write=False, log=(*case.log, Entry(at=now, what="left")))
