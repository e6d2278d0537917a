"""What was said → an answer, a door, or "I did not understand". Danger comes first."""

from dataclasses import dataclass
from typing import Literal

from bot.core.flow import Choose, Tick, Write
from bot.core.folding import fold
from bot.core.library import ACTIONS, COVER, COVER_LOST, DID_YOU_MEAN, HELLO, NOT_UNDERSTOOD, SENT_SOMETHING
from bot.core.phrases import PhraseKey
from bot.core.place import NOWHERE
from bot.core.reply import Option
from bot.core.talk import ANYWHERE, Hello, Other, Spot, Tap, Text
from bot.core.understanding import Danger
from bot.engine.say import DONE, offered
from bot.engine.scene import Scene
from bot.engine.whereabouts import MEANT_LISTS

SURE, HALF_SURE = 0.59, 0.33
"""From here on a meaning opens its door (right in 90 % of what is opened); from here on it is asked back (the right
one is among the two offered in 70 % at that edge). Else the main doors are shown. Measured: nlu/README.md, "doubt"."""

DANGER_DOORS: dict[Danger, str] = {"now": "danger_now", "self_harm": "self_harm"}


@dataclass(frozen=True, slots=True)
class Act:
    """She asked for something that works in every state."""

    action: str


@dataclass(frozen=True, slots=True)
class Pick:
    """She chose an option of the question that was asked."""

    option: str


@dataclass(frozen=True, slots=True)
class Ticked:
    """She named all her ticks at once."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wrote:
    """She wrote what the question asked for; `danger` was heard in it."""

    entry: str
    danger: Danger | None = None


@dataclass(frozen=True, slots=True)
class Go:
    """A door opens. `uncover`: the cover comes off first."""

    target: str
    uncover: bool = False


@dataclass(frozen=True, slots=True)
class Maybe:
    """Danger may be in it, though it surely means something else: one line about danger, then `target`."""

    danger: Danger
    target: str


@dataclass(frozen=True, slots=True)
class Again:
    """The question is asked again, with a remark before it."""

    remark: PhraseKey | None = None


Heard = Act | Pick | Ticked | Wrote | Go | Maybe | Again
Need = Literal["nothing", "ears", "map", "seal_plan", "open_plan", "own_word", "check_word"]
"""What the world must be asked before the turn: the understanding, the map about a point, or the vault about a word."""


def need(scene: Scene) -> Need:
    """What must be known before this event can be heard."""
    if isinstance(scene.event.body, Spot) and scene.session.mode != "cover":
        return "map"
    if not isinstance(scene.event.body, Text) or exactly(scene) is not None:
        return "nothing"
    if scene.session.mode == "cover":
        return "check_word" if scene.door and not scene.door.empty else "nothing"
    step = _question(scene)
    if isinstance(step, Write) and step.what == "word":
        return step.use or "nothing"
    return "ears"


def asks_place(scene: Scene) -> bool:
    """True where the question is where she is, or which of several places she means."""
    step = _question(scene)
    if isinstance(step, Choose):
        return step.list_from in MEANT_LISTS
    return isinstance(step, Write) and step.what == "place"


def never_limited(scene: Scene) -> bool:
    """True for what the flood limit must let through: *leave*, and danger caught by the net (P6)."""
    heard = exactly(scene)
    if isinstance(heard, Act):
        return heard.action == "leave"
    danger = {scene.library.doors.get(intent) for intent in DANGER_DOORS.values()}
    return (isinstance(heard, Wrote) and heard.danger is not None) or (isinstance(heard, Go) and heard.target in danger)


def hear(scene: Scene) -> Heard:
    """What the event means here and now."""
    return exactly(scene) or _by_understanding(scene)


def exactly(scene: Scene) -> Heard | None:
    """What can be heard without any understanding: taps, numbers, labels, words that always work, and the net."""
    cover = scene.session.mode == "cover"
    match scene.event.body:
        case Hello(link=link):
            return _hello(scene, link)
        case Tap(step=step, option=option):
            return _tap(scene, step, option)
        case Text(text=text):
            return _cover_text(scene, text) if cover else _text(scene, text)
        case Spot(lat=lat, lon=lon):
            return Go(COVER_LOST) if cover else _spot(scene, lat, lon)
        case Other():
            return Go(COVER_LOST if cover else SENT_SOMETHING)


def _hello(scene: Scene, link: str | None) -> Heard:
    """What follows a hyphen says only where a code hangs (`school-17`), and is not looked at."""
    links, opens = scene.library.links, link or ""
    if at := links.get(opens) or links.get(opens.partition("-")[0]):
        return Go(at, uncover=True)
    if scene.session.mode == "cover":
        return Go(COVER)
    return Again() if scene.session.at else Go(HELLO)


def _tap(scene: Scene, step: str, option: str) -> Heard:
    cover = scene.session.mode == "cover"
    if step == ANYWHERE and option in ACTIONS and not (cover and option not in ("leave", "kk", "ru", "en")):
        return Act(option)
    at = scene.session.at
    if at is not None and scene.library.find(step) == at and option in _ids(scene):
        return Pick(option)
    return Go(COVER) if cover else Again("old_button")


def _cover_text(scene: Scene, text: str) -> Heard | None:
    """Behind the cover only the cover's own options, and *leave*, are heard."""
    if scene.library.shortcuts.get(fold(text)) == "leave":
        return Act("leave")
    picked = _option(scene, text)
    if picked or (scene.door and not scene.door.empty):
        return picked
    return Go(COVER_LOST)


def _text(scene: Scene, text: str) -> Heard | None:
    action = scene.library.shortcuts.get(fold(text))
    picked = _option(scene, text, action)
    if picked is not None:
        return picked
    if action in ACTIONS:
        return Act(action)
    danger = scene.library.net.catch(text)
    if danger is None:
        return Go(NOT_UNDERSTOOD) if not fold(text) and not _writes(scene) else None
    return Wrote(text, danger) if _writes(scene) else Go(scene.library.doors[DANGER_DOORS[danger]])


def _spot(scene: Scene, lat: float, lon: float) -> Heard:
    if asks_place(scene) and _writes(scene):
        return Wrote(f"{lat:.2f}, {lon:.2f}")
    return Go(scene.library.doors["find_centre"])


def _by_understanding(scene: Scene) -> Heard:
    body, heard = scene.event.body, scene.understanding
    assert isinstance(body, Text)
    if scene.session.mode == "cover":
        return Go("menu/home", uncover=True) if heard.opened else Go(COVER_LOST)
    if _writes(scene):
        return Wrote(body.text, heard.danger)
    if heard.danger is None:
        return _answer_to_question(scene) or Go(_door_meant(scene))
    if heard.sure >= SURE and heard.intent != DANGER_DOORS[heard.danger]:
        return Maybe(heard.danger, _door_meant(scene))
    return Go(scene.library.doors[DANGER_DOORS[heard.danger]])


def _answer_to_question(scene: Scene) -> Heard | None:
    """A place in other words, where it was asked which; yes and no, where the question has such options."""
    heard, ids = scene.understanding, _ids(scene)
    if asks_place(scene) and heard.found != NOWHERE:
        named = [place.id for place in (heard.found.place, *heard.found.others) if place and place.id in ids]
        return Pick(named[0]) if named else Go(scene.library.doors["find_centre"])
    for intent, option in (("affirm", "yes"), ("deny", "no")):
        if heard.intent == intent and option in ids and heard.sure >= SURE:
            return Pick(option)
    return None


def _door_meant(scene: Scene) -> str:
    """The door of what she seems to mean: sure, it opens; half sure, it is asked back; else the main doors."""
    heard, doors = scene.understanding, scene.library.doors
    if heard.intent in doors and heard.sure >= HALF_SURE:
        return doors[heard.intent] if heard.sure >= SURE else DID_YOU_MEAN
    return NOT_UNDERSTOOD if scene.session.at else HELLO


def _option(scene: Scene, text: str, action: str | None = None) -> Heard | None:
    """The option that a label, a number, yes, no, all, none or done names."""
    options = _options(scene)
    said = fold(text)
    if not options or not said:
        return None
    step = _question(scene)
    ticks = [o.id for o in options if isinstance(step, Tick) and o.id in step.options]
    if ticks and action in ("all", "none"):
        return Ticked(tuple(ticks) if action == "all" else ())
    if action in ("yes", "no", DONE) and action in {o.id for o in options}:
        return Pick(action)
    numbers = _numbers(said, options)
    if numbers is not None:
        ticked = tuple(n for n in numbers if n != DONE)
        return Ticked(ticked) if ticks and ticked and set(ticked) <= set(ticks) else Pick(numbers[0])
    return next((Pick(o.id) for o in options if fold(o.label) == said), None)


def _numbers(said: str, options: tuple[Option, ...]) -> list[str] | None:
    """The ids that "2" or "1 3 5" names by position; None where the message is anything else."""
    parts = said.split()
    if not all(part.isascii() and part.isdigit() and len(part) < 3 for part in parts):
        return None
    chosen = [int(part) for part in parts]
    if not all(1 <= n <= len(options) for n in chosen):
        return None
    return [options[n - 1].id for n in dict.fromkeys(chosen)]


def _question(scene: Scene) -> Choose | Tick | Write | None:
    at = scene.session.at
    step = scene.step(at) if at else None
    return step if isinstance(step, Choose | Tick | Write) else None


def _writes(scene: Scene) -> bool:
    return isinstance(_question(scene), Write)


def _options(scene: Scene) -> tuple[Option, ...]:
    return offered(scene, scene.session.at) if scene.session.at else ()


def _ids(scene: Scene) -> set[str]:
    at = scene.session.at
    step = scene.step(at) if at else None
    if isinstance(step, Choose) and step.list_from is not None:
        return {*scene.session.offered, "next"}
    return {option.id for option in _options(scene)}
