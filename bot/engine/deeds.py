"""The named deeds for `do:`: what should happen besides talking, as effects of the turn."""

from collections.abc import Callable
from typing import Literal, cast

from bot.core.door import Door, Vanishing
from bot.core.effect import Erase, HushCase, OpenCase, SetDoor, WithdrawCase
from bot.core.flow import Write
from bot.core.talk import LOCALES, Locale
from bot.engine import whereabouts
from bot.engine.scene import Scene, flow_of

Using = dict[str, str]


def open_case(scene: Scene, using: Using) -> None:
    """Write a case. A step `may_write` and a step that writes a place, in the same flow, belong to it and are
    forgotten here (P19)."""
    flow = flow_of(scene.session.at or "")
    answers = dict(scene.session.answers)
    places = [name for name, step in scene.library.flows[flow].steps.items() if _asks_place(step)]
    place = [entry for name in places for entry in _entries(answers.pop(f"{flow}/{name}", ()))]
    may_write = answers.get(f"{flow}/may_write") == "yes"
    urgency = cast(Literal["now", "soon"], using["urgency"])
    scene.effects.append(
        OpenCase(
            urgency=urgency,
            may_write=may_write,
            place=", ".join(place) or None,
            written_at=scene.event.at,
        )
    )
    scene.session = scene.session.but(answers=answers)


def _asks_place(step: object) -> bool:
    return isinstance(step, Write) and step.what == "place"


def _entries(answer: str | tuple[str, ...]) -> tuple[str, ...]:
    return () if isinstance(answer, str) else answer


def set_locale(scene: Scene, using: Using) -> None:
    """Change the language, also behind the cover."""
    locale = cast(Locale, using["locale"])
    scene.session = scene.session.but(locale=locale, chose_locale=True)
    if scene.door is not None:
        set_door(scene, scene.door.but(locale=locale))


def set_door(scene: Scene, door: Door | None) -> None:
    """Keep `door` from now on; an empty one is none."""
    scene.door = None if door is None or (door.empty and not door.cover) else door
    scene.effects = [e for e in scene.effects if not isinstance(e, SetDoor)]
    scene.effects.append(SetDoor(door=scene.door))


def _door(scene: Scene) -> Door:
    return scene.door or Door(locale=scene.session.locale)


def keep_plan(scene: Scene, using: Using) -> None:
    """Keep the plan that the vault has sealed with the word just written."""
    if scene.understanding.made is not None:
        set_door(scene, _door(scene).but(plan=scene.understanding.made))


def open_plan(scene: Scene, using: Using) -> None:
    """Take the opened plan back; it replaces the answers of a plan begun anew."""
    if scene.understanding.plan is not None:
        drop_plan(scene, using)
        scene.session = scene.session.but(answers={**scene.session.answers, **scene.understanding.plan})


def drop_plan(scene: Scene, using: Using) -> None:
    """Forget the answers of all plans and of all flows they may visit: those that keep answers."""
    flows = scene.library.flows
    kept = {at: answer for at, answer in scene.session.answers.items() if not flows[flow_of(at)].keep_hours}
    scene.session = scene.session.but(answers=kept)


def drop_kept_plan(scene: Scene, using: Using) -> None:
    """Forget the sealed plan."""
    if scene.door is not None:
        set_door(scene, scene.door.but(plan=None))


def reopen_answer(scene: Scene, using: Using) -> None:
    """Forget the answer chosen in the step `change` of this flow, so that it is asked again."""
    answers = dict(scene.session.answers)
    chosen = answers.pop(f"{flow_of(scene.session.at or '')}/change", "")
    if isinstance(chosen, str):
        answers.pop(chosen, None)
    scene.session = scene.session.but(answers=answers)


def set_own_word(scene: Scene, using: Using) -> None:
    """Keep the salted hash that the vault has made of her word."""
    if scene.understanding.made is not None:
        set_door(scene, _door(scene).but(word=scene.understanding.made))


def drop_own_word(scene: Scene, using: Using) -> None:
    """Forget her word."""
    if scene.door is not None:
        set_door(scene, scene.door.but(word=None))


def set_vanishing(scene: Scene, using: Using) -> None:
    """Keep when messages vanish after her last one, where the channel can delete them."""
    set_door(scene, _door(scene).but(vanishing=cast(Vanishing, VANISHING_AFTER[using["after"]])))


def put_on_cover(scene: Scene, using: Using) -> None:
    """From now on a harmless helper. Her answers stay, sealed, until the session ends."""
    set_door(scene, _door(scene).but(cover=True))
    scene.session = scene.session.but(mode="cover", stack=(), trail=())


def leave(scene: Scene, using: Using) -> None:
    """End the conversation, wipe what can be wiped, keep the door with its cover on; an open case is hushed."""
    scene.effects.append(HushCase())
    if scene.door is not None and scene.door.hides:
        set_door(scene, scene.door.but(cover=True))
    scene.effects.append(Erase())
    scene.over = True


def forget(scene: Scene, using: Using) -> None:
    """Leave, and forget all that was kept for her."""
    leave(scene, using)
    scene.effects.append(WithdrawCase())
    set_door(scene, None)


DEEDS: dict[str, Callable[[Scene, Using], None]] = {
    deed.__name__: deed
    for deed in (
        open_case, set_locale, keep_plan, open_plan, drop_plan, drop_kept_plan, reopen_answer,
        set_own_word, drop_own_word, set_vanishing, put_on_cover, leave, forget,
        whereabouts.keep_place, whereabouts.narrow_place, whereabouts.find_centres, whereabouts.tell_editors,
    )
}  # fmt: skip

FINAL = frozenset({"keep_plan", "drop_plan", "drop_kept_plan", "set_own_word", "drop_own_word"})
"""After these, Back does not lead into what was done."""

VANISHING_AFTER: dict[str, int] = {"never": 0, "5min": 5, "1h": 60, "24h": 1440}
"""As written in YAML → minutes."""

NEEDS: dict[str, dict[str, tuple[str, ...]]] = {
    "open_case": {"urgency": ("now", "soon")},
    "set_locale": {"locale": LOCALES},
    "set_vanishing": {"after": tuple(VANISHING_AFTER)},
    "tell_editors": {"what": ("silent", "wrong")},
}
"""What a deed must be given under `with`, and the values it takes."""
