"""Step, voice and facts → Reply."""

import re
from collections.abc import Callable
from typing import Literal

from bot.core.flow import Choose, Step, Tick, Write, options
from bot.core.phrases import Phrases
from bot.core.reply import Option, Reply, Shape
from bot.core.talk import ANYWHERE
from bot.engine import cards
from bot.engine.lists import LISTS, NEXT, NamedList, fits_one_page, page
from bot.engine.plan import errands, notes
from bot.engine.scene import Scene, flow_of

DONE = "done"
RESERVED = (DONE, NEXT)
"""Options that the engine adds by itself to ticks, writing and lists; no editor may use these names there."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def _bullets(lines: tuple[str, ...]) -> str:
    return "\n".join(f"• {line}" for line in lines)


FILLINGS: dict[str, Callable[[Scene, str], str]] = {
    "plan": lambda scene, flow: _bullets(notes(scene, flow)),
    "errands": lambda scene, flow: _bullets(errands(scene, flow)),
    "four_words": lambda scene, flow: scene.understanding.four_words or "",
    "place_meant": lambda scene, flow: cards.place_meant(scene),
    "centres": lambda scene, flow: cards.cards(scene),
    "pin": lambda scene, flow: cards.pinned(scene),
}
"""What is filled in when it is said; facts were filled in when the words were read."""


def text_of(scene: Scene, at: str) -> str:
    """The words of a step, filled in."""
    text = scene.voice(at).text
    if "{" not in text:
        return text
    return _PLACEHOLDER.sub(lambda m: _fill(scene, m, flow_of(at)), text)


def _fill(scene: Scene, found: re.Match[str], flow: str) -> str:
    filling = FILLINGS.get(found[1])
    return filling(scene, flow) if filling else found[0]


def reply(scene: Scene) -> Reply:
    """The question where she stands now, after all that silent steps have said."""
    at = scene.session.at
    assert at is not None
    step = scene.step(at)
    parts = (scene.remark, *scene.said, text_of(scene, at))
    return Reply(
        step=at,
        text="\n\n".join(part for part in parts if part),
        locale=scene.session.locale,
        shape=shape(step),
        options=offered(scene, at),
        actions=actions(scene),
        asks_place=isinstance(step, Write) and step.what == "place",
        cover=scene.session.mode == "cover",
        portable="{errands}" in scene.voice(at).text,
        pin=cards.pin(scene) if "{pin}" in scene.voice(at).text else None,
        hers=notes(scene, flow_of(at)) if "{plan}" in scene.voice(at).text else (),
    )


def more_actions(scene: Scene) -> Reply:
    """All the actions that always work, for channels that cannot show them on every message."""
    known = {a.id: a for a in actions(scene)}
    language = Option(id="language", label=scene.phrases.say("language"))
    return Reply(
        step=ANYWHERE,
        text=scene.phrases.say("more"),
        locale=scene.session.locale,
        actions=(*known.values(), language),
    )


def shape(step: Step) -> Shape:
    """How the question is put."""
    match step:
        case Tick():
            return "tick"
        case Write(what="word"):
            return "word"
        case Write(what="place"):
            return "place"
        case Write():
            return "write"
        case Choose():
            return "choose"
    return "say"


def offered(scene: Scene, at: str) -> tuple[Option, ...]:
    """The options of the question at `at`, in the order in which they are shown and counted."""
    step = scene.step(at)
    if isinstance(step, Choose) and step.list_from is not None:
        return _listed(scene, LISTS[step.list_from])
    labels = scene.voice(at).labels
    ticks = step.options if isinstance(step, Tick) else ()
    ticked = {i: i in scene.session.draft for i in ticks}
    own = tuple(Option(id=i, label=labels[i], chosen=ticked.get(i)) for i in options(step))
    if isinstance(step, Tick) or (isinstance(step, Write) and scene.session.draft):
        return (*own, Option(id=DONE, label=scene.phrases.say("done")))
    return own


def _listed(scene: Scene, named: NamedList) -> tuple[Option, ...]:
    labels = {i: named.label(scene, i) for i in scene.session.offered}
    short = named.short or (lambda scene, i: None)
    shown = tuple(Option(id=i, label=label, short=short(scene, i)) for i, label in labels.items() if label)
    if fits_one_page(named.ids(scene)):
        return shown
    return (*shown, Option(id=NEXT, label=scene.phrases.say("page_of_list")))


def turn_page(scene: Scene, list_from: str, after: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of the page of a list that follows the page `after`."""
    return page(LISTS[list_from].ids(scene), after)


def actions(scene: Scene) -> tuple[Option, ...]:
    """Back, menu, leave and the numbers: on every screen but the cover's."""
    if scene.session.mode == "cover":
        return ()
    back = (Option(id="back", label=scene.phrases.say("back")),) if scene.session.trail else ()
    return (*back, *always(scene.phrases))


def always(phrases: Phrases) -> tuple[Option, ...]:
    """The actions of every screen outside the cover."""
    keys: tuple[Literal["menu", "leave", "help"], ...] = ("menu", "leave", "help")
    return tuple(Option(id=key, label=phrases.say(key)) for key in keys)
