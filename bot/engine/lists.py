"""The named lists for `choose: {from: …}`: what can be chosen only at run time."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.engine import cards, whereabouts
from bot.engine.plan import answered
from bot.engine.scene import Scene, flow_of

PAGE = 6
"""Rows a page of a list shows; with "more of the list" that is WhatsApp's seven."""
NEXT = "next"


@dataclass(frozen=True)
class NamedList:
    """`ids` gives what can be chosen now; `label` names one of them (None: it is gone), `short` the same where there is
    little room."""

    ids: Callable[[Scene], tuple[str, ...]]
    label: Callable[[Scene, str], str | None]
    short: Callable[[Scene, str], str | None] | None = None


def _plan_answers(scene: Scene) -> tuple[str, ...]:
    """What she answered in the plan she is in: the questions that have a title."""
    flow = flow_of(scene.session.at or "")
    return tuple(at for at, _ in answered(scene, flow) if scene.voice(at).title)


def _doors_meant(scene: Scene) -> tuple[str, ...]:
    """The two likeliest meanings of what she wrote, where they open different doors."""
    heard = scene.understanding
    guesses = [heard.intent, heard.runner_up.intent if heard.runner_up else None]
    named = {_door_name(scene, guess): guess for guess in reversed(guesses) if guess in scene.library.doors}
    return tuple(guess for guess in reversed(named.values()) if guess)


def _door_name(scene: Scene, intent: str | None) -> str | None:
    at = scene.library.doors.get(intent or "")
    if at is None:
        return None
    page, step = scene.library.words[scene.session.locale][flow_of(at)], at.partition("/")[2]
    return (page.voices[step].title if step in page.voices else None) or page.title


LISTS: dict[str, NamedList] = {
    "plan_answers": NamedList(_plan_answers, lambda scene, at: scene.voice(at).title),
    "doors_meant": NamedList(_doors_meant, _door_name),
    "places_meant": NamedList(whereabouts.meant_places, cards.place_label, cards.place_short),
    "regions_meant": NamedList(whereabouts.meant_regions, cards.unit_label, cards.unit_short),
    "districts_meant": NamedList(whereabouts.meant_districts, cards.unit_label, cards.unit_short),
    "entries_shown": NamedList(whereabouts.entries_shown, cards.entry_label, cards.entry_short),
}


def aim(scene: Scene, name: str, chosen: str) -> str | None:
    """Where a chosen item leads by itself; None: where the step says."""
    if chosen == whereabouts.ANOTHER:
        return f"{whereabouts.FLOW}/ask"
    return scene.library.doors.get(chosen) if name == "doors_meant" else None


def page(ids: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    """The page of `ids` that follows the page `after` (the first, if that is empty); round again at the end."""
    if fits_one_page(ids):
        return ids
    last = ids.index(after[-1]) if after and after[-1] in ids else -1
    start = (last + 1) % len(ids)
    return ids[start : start + PAGE]


def fits_one_page(ids: tuple[str, ...]) -> bool:
    """True when no "more of the list" is needed."""
    return len(ids) <= PAGE + 1
