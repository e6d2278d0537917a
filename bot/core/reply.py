"""Reply: what is said. fit(): the same in the shape that a channel can carry: buttons, else a list, else numbers."""

import re
from typing import Literal

from pydantic import Field

from bot.core.phrases import Phrases
from bot.core.record import Record
from bot.core.talk import ANYWHERE, Locale

Shape = Literal["say", "choose", "tick", "write", "place", "word"]
Carried = Literal["text", "buttons", "list", "numbers"]


class Option(Record):
    """One button: `id` comes back in a tap. `chosen` is None for what cannot be ticked. `short` is the label where
    there is little room: only items of lists known at run time have one, for `check` cannot see those."""

    id: str
    label: str
    short: str | None = None
    chosen: bool | None = None


class Pin(Record):
    """A place on the map, in degrees. Never shown by repr: where somebody is sent says where she is."""

    lat: float = Field(repr=False, ge=-90, le=90)
    lon: float = Field(repr=False, ge=-180, le=180)


class Reply(Record):
    """One message to her: text in light Markdown, the options of the step, and the actions that always work.

    `portable`: she asked for it to take along, so it may be copied and sent on. `hers` are the lines of the text that
    come from her answers: a channel that can hides them until they are tapped. `pin` stands on a map beside the text,
    where the channel has one.
    """

    kind: Literal["reply"] = "reply"
    step: str
    text: str
    locale: Locale
    shape: Shape = "say"
    options: tuple[Option, ...] = ()
    actions: tuple[Option, ...] = ()
    asks_place: bool = False
    cover: bool = False
    portable: bool = False
    hers: tuple[str, ...] = ()
    pin: Pin | None = None
    carried: Carried = "buttons"


class Capabilities(Record):
    """What a channel can carry: lengths in characters, counts of buttons and list rows. No rows: there is no list."""

    text: int
    text_with_options: int
    buttons: int
    button_label: int
    rows: int = 0
    row_label: int = 0
    action_row: bool = False
    place_button: bool = False
    can_delete: bool = False
    can_edit: bool = False
    pin: bool = False


TELEGRAM = Capabilities(
    text=4096, text_with_options=4096, buttons=100, button_label=64,
    action_row=True, place_button=True, can_delete=True, can_edit=True, pin=True,
)  # fmt: skip
WHATSAPP = Capabilities(text=4096, text_with_options=1024, buttons=3, button_label=20, rows=10, row_label=24)
WEB = Capabilities(
    text=20_000, text_with_options=20_000, buttons=100, button_label=200,
    action_row=True, place_button=True, can_delete=True, can_edit=True,
)  # fmt: skip
PLAIN = Capabilities(text=1000, text_with_options=1000, buttons=0, button_label=0)

LIST_ACTIONS = ("back", "help", "more")
"""The last section of a WhatsApp list; "more" opens the other actions. Leaves seven rows for a step's own options."""


def fit(reply: Reply, can: Capabilities, phrases: Phrases) -> tuple[Reply, ...]:
    """Return `reply` as one or more messages that the channel can carry; options and pin go with the last one.

    A label is never cut: `check` refuses one that is too long for any channel.
    """
    shaped = _shape(reply if can.pin else reply.but(pin=None), can, phrases)
    limit = can.text_with_options if shaped.options or shaped.actions else can.text
    pieces = split(shaped.text, limit)
    before = tuple(
        shaped.but(text=piece, options=(), actions=(), asks_place=False, pin=None, carried="text")
        for piece in pieces[:-1]
    )
    return (*before, shaped.but(text=pieces[-1]))


def _shape(reply: Reply, can: Capabilities, phrases: Phrases) -> Reply:
    if can.action_row:
        return reply
    if not can.buttons or (reply.shape == "tick" and reply.options):
        return _numbers(reply, can, phrases)
    more = Option(id="more", label=phrases.say("more"))
    short = all(len(option.label) <= can.button_label for option in reply.options)
    if not short:
        reply = reply.but(options=tuple(_shortened(option, can.row_label) for option in reply.options))
    if not reply.actions:
        return reply.but(carried="buttons" if short and len(reply.options) <= can.buttons else "list")
    if reply.step != ANYWHERE and short and len(reply.options) < can.buttons:
        return reply.but(actions=(more,), carried="buttons")
    if reply.step == ANYWHERE:
        return reply.but(carried="list")
    known = {action.id: action for action in (*reply.actions, more)}
    return reply.but(actions=tuple(known[i] for i in LIST_ACTIONS if i in known), carried="list")


def _shortened(option: Option, most: int) -> Option:
    return option.but(label=option.short) if option.short and len(option.label) > most else option


def _numbers(reply: Reply, can: Capabilities, phrases: Phrases) -> Reply:
    """Options by number in the text. Where there are buttons too (WhatsApp), "More…" stays one."""
    lines = [f"{n}. {'✓ ' if o.chosen else ''}{o.label}" for n, o in enumerate(reply.options, 1)]
    if lines:
        lines.append(phrases.say("tick_by_number" if reply.shape == "tick" else "choose_by_number"))
    actions = (Option(id="more", label=phrases.say("more")),) if can.buttons and reply.actions else ()
    text = "\n\n".join(part for part in (reply.text, "\n".join(lines)) if part)
    return reply.but(text=text, actions=actions, carried="numbers")


def split(text: str, limit: int) -> tuple[str, ...]:
    """Cut `text` into pieces of at most `limit` characters: at paragraphs, sentences, words, else anywhere."""
    pieces = []
    while len(text) > limit:
        cut = _cut(text, limit)
        pieces.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return (*pieces, text)


def _cut(text: str, limit: int) -> int:
    head = text[: limit + 1]
    for boundary in (r"\n\n", r"\n", r"[.!?…]\s", r"\s"):
        ends = [m.end() for m in re.finditer(boundary, head) if m.end() <= limit and m.start() > 0]
        if ends:
            return ends[-1]
    return limit
