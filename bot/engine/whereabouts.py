"""Where she is, for one answer: kept as a settlement or about a kilometre, and dropped as soon as it is given (P19).

The answers under `nearest_centre/…` that these deeds write: `meant` (ids of places), `spot` (two numbers), `near`
(what is shown: id of an entry, kilometres). The steps are in content/nearest_centre/flow.yaml.
"""

from collections.abc import Callable
from typing import Literal, cast

from bot.core.effect import TellEditors
from bot.core.flow import Write
from bot.core.place import Place, Unit, place_of
from bot.core.session import Answer
from bot.core.talk import Spot
from bot.engine.nearest import KINDS, nearest
from bot.engine.scene import Scene

FLOW = "nearest_centre"
MEANT, SPOT, NEAR, KIND, CHOSEN = "meant", "spot", "near", "kind", "which_entry"
CHOICES = ("which", "which_district", "which_region")
MEANT_LISTS = ("regions_meant", "districts_meant", "places_meant")
"""The lists of which one item is the place she means."""
UNSURE = "?"
"""Stands after the ids of places that must be asked about."""
FEW = 4
"""Places that can be asked between at once; of more, the region is asked first, then the district."""
MOST_KEPT = 60
ANOTHER = "another_place"
"""The item of those lists that leads back to the question where she is."""


def _ids(scene: Scene, name: str) -> tuple[str, ...]:
    answer = scene.session.answers.get(f"{FLOW}/{name}", ())
    return (answer,) if isinstance(answer, str) else answer


def _remember(scene: Scene, drop: tuple[str, ...] = (), **kept: Answer) -> None:
    gone = {f"{FLOW}/{name}" for name in drop}
    answers = {at: answer for at, answer in scene.session.answers.items() if at not in gone}
    scene.session = scene.session.but(answers=answers | {f"{FLOW}/{name}": answer for name, answer in kept.items()})


def keep_place(scene: Scene, using: dict[str, str]) -> None:
    """Keep what the map found in what she wrote or shared, and forget how she put it."""
    found, body = scene.understanding.found, scene.event.body
    steps = scene.library.flows[FLOW].steps
    written = tuple(name for name, step in steps.items() if isinstance(step, Write) and step.what == "place")
    _remember(scene, (*written, MEANT, SPOT, NEAR))
    if found.place is not None:
        _remember(scene, meant=(found.place.id,))
        if isinstance(body, Spot):
            _remember(scene, spot=(f"{body.lat:.2f}", f"{body.lon:.2f}"))
    elif found.others:
        _remember(scene, meant=(*(place.id for place in found.others[:MOST_KEPT]), UNSURE))


def narrow_place(scene: Scene, using: dict[str, str]) -> None:
    """Of the places meant, keep those that fit what was chosen: a region, a district, or the place itself."""
    name, chosen = next(((name, ids[0]) for name in CHOICES if (ids := _ids(scene, name))), ("", ""))
    meant = [
        u for u in _units(scene, MEANT) if chosen == u.id or (name != "which" and chosen in (u.district, u.region))
    ]
    _remember(scene, CHOICES, meant=tuple(unit.id for unit in meant))


def find_centres(scene: Scene, using: dict[str, str]) -> None:
    """Note what is nearest of the kind chosen, and forget where she is."""
    place, spot = _place(scene), _ids(scene, SPOT)
    kinds = KINDS[next(iter(_ids(scene, KIND)), "any")]
    near = nearest(scene.library.directory, place, kinds, _point(spot)) if place else ()
    shown = tuple(f"{one.entry.centre.id} {'' if one.km is None else one.km}".strip() for one in near)
    _remember(scene, (MEANT, SPOT, KIND), near=shown)


def tell_editors(scene: Scene, using: dict[str, str]) -> None:
    """Tell the editors that something about the chosen entry is not right; nothing says who did."""
    what = cast(Literal["silent", "wrong"], using["what"])
    scene.effects.extend(TellEditors(centre=id_, what=what) for id_ in _ids(scene, CHOSEN))
    _remember(scene, (CHOSEN,))


def _point(spot: tuple[str, ...]) -> tuple[float, float] | None:
    return (float(spot[0]), float(spot[1])) if len(spot) == 2 else None


def _units(scene: Scene, name: str) -> list[Unit]:
    units = scene.library.gazetteer.units
    return [units[id_] for id_ in _ids(scene, name) if id_ in units]


def _place(scene: Scene) -> Place | None:
    return next((place_of(unit) for unit in _units(scene, MEANT)), None)


def shown(scene: Scene) -> tuple[tuple[str, int | None], ...]:
    """The entries of the answer on the screen: id, kilometres."""
    pairs = (line.partition(" ") for line in _ids(scene, NEAR))
    return tuple((id_, int(km) if km else None) for id_, _, km in pairs if id_ in scene.library.entries)


def place_known(scene: Scene) -> bool:
    """One place is meant, for certain."""
    return len(_ids(scene, MEANT)) == 1


def place_abroad(scene: Scene) -> bool:
    """She named a place outside Kazakhstan."""
    return scene.understanding.found.abroad is not None


def place_in_many_regions(scene: Scene) -> bool:
    """More places are meant than can be asked between, in several regions."""
    return len(_units(scene, MEANT)) > FEW and len(_regions(scene)) > 1


def place_in_many_districts(scene: Scene) -> bool:
    """More places of one region are meant than can be asked between, in several districts."""
    return len(_units(scene, MEANT)) > FEW and len(_districts(scene)) > 1


def place_asked_back(scene: Scene) -> bool:
    """Several places may be meant, or one that is not certain."""
    return bool(_ids(scene, MEANT))


def on_the_map(scene: Scene) -> bool:
    """The answer holds an entry whose very place is known and may be shown."""
    return any(scene.library.entries[id_].exact for id_, _ in shown(scene))


RULES: dict[str, Callable[[Scene], bool]] = {
    rule.__name__: rule
    for rule in (
        place_known, place_abroad, place_in_many_regions, place_in_many_districts, place_asked_back, on_the_map,
    )
}  # fmt: skip


def meant_places(scene: Scene) -> tuple[str, ...]:
    """The ids of the places that may be meant, likeliest first, and the way to say that it is none of them."""
    return _or_another(tuple(unit.id for unit in _units(scene, MEANT)))


def meant_regions(scene: Scene) -> tuple[str, ...]:
    """The ids of the regions they lie in."""
    return _or_another(_regions(scene))


def meant_districts(scene: Scene) -> tuple[str, ...]:
    """The ids of the districts they lie in; a place without a district stands for itself."""
    return _or_another(_districts(scene))


def _regions(scene: Scene) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unit.region for unit in _units(scene, MEANT)))


def _districts(scene: Scene) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unit.district or unit.id for unit in _units(scene, MEANT)))


def _or_another(ids: tuple[str, ...]) -> tuple[str, ...]:
    return (*ids, ANOTHER) if ids else ()


def entries_shown(scene: Scene) -> tuple[str, ...]:
    """The ids of the entries on the screen."""
    return tuple(id_ for id_, _ in shown(scene))
