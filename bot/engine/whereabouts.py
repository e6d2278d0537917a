"""Where she is, for one answer: kept as a settlement or about a kilometre, and dropped as soon as it is given (P19).

The answers under `nearest_centre/…` that these deeds write: `meant` (ids of places), `spot` (two numbers), `found`
(what is shown: id of an entry, kilometres). The steps are in content/nearest_centre/flow.yaml.
"""

from collections.abc import Callable
from typing import Literal, cast

from bot.core.effect import TellEditors
from bot.core.place import Place, Unit, place_of
from bot.core.session import Answer
from bot.core.talk import Spot
from bot.engine.nearest import KINDS, nearest
from bot.engine.scene import Scene, flow_of

ASKED, MEANT, SPOT, FOUND, KIND, CHOSEN = "ask", "meant", "spot", "found", "kind", "which_entry"
FEW = 4
"""Places that can be asked between at once; of more, the region is asked first, then the district."""
MOST_KEPT = 60


def _key(scene: Scene, name: str) -> str:
    return f"{flow_of(scene.session.at or '')}/{name}"


def _ids(scene: Scene, name: str) -> tuple[str, ...]:
    answer = scene.session.answers.get(_key(scene, name), ())
    return (answer,) if isinstance(answer, str) else answer


def _remember(scene: Scene, drop: tuple[str, ...] = (), **kept: Answer) -> None:
    gone = {_key(scene, name) for name in drop}
    answers = {at: answer for at, answer in scene.session.answers.items() if at not in gone}
    scene.session = scene.session.but(answers=answers | {_key(scene, name): answer for name, answer in kept.items()})


def keep_place(scene: Scene, using: dict[str, str]) -> None:
    """Keep what the map found in what she wrote or shared, and forget how she put it."""
    found, body = scene.understanding.found, scene.event.body
    _remember(scene, (ASKED, MEANT, SPOT, FOUND))
    places = (found.place,) if found.place else found.others[:MOST_KEPT]
    if places:
        _remember(scene, meant=tuple(place.id for place in places))
    if places and isinstance(body, Spot):
        _remember(scene, spot=(f"{body.lat:.2f}", f"{body.lon:.2f}"))
    scene.sure_place = found.place is not None


def narrow_place(scene: Scene, using: dict[str, str]) -> None:
    """Of the places meant, keep those that fit what was chosen: a region, a district, or the place itself."""
    chosen = next((ids[0] for name in ("which", "which_district", "which_region") if (ids := _ids(scene, name))), "")
    meant = [unit for unit in _units(scene, MEANT) if chosen in (unit.id, unit.district, unit.region)]
    _remember(scene, ("which", "which_district", "which_region"), meant=tuple(unit.id for unit in meant))
    scene.sure_place = len(meant) == 1


def find_centres(scene: Scene, using: dict[str, str]) -> None:
    """Note what is nearest of the kind chosen, and forget where she is."""
    place, spot = _place(scene), _ids(scene, SPOT)
    kinds = KINDS[next(iter(_ids(scene, KIND)), "any")]
    near = nearest(scene.library.directory, place, kinds, _point(spot)) if place else ()
    shown = tuple(f"{one.entry.centre.id} {'' if one.km is None else one.km}".strip() for one in near)
    _remember(scene, (ASKED, MEANT, SPOT, KIND), found=shown)


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
    pairs = (line.partition(" ") for line in _ids(scene, FOUND))
    return tuple((id_, int(km) if km else None) for id_, _, km in pairs if id_ in scene.library.entries)


def place_known(scene: Scene) -> bool:
    """One place is meant, for certain."""
    return scene.sure_place and len(_ids(scene, MEANT)) == 1


def place_abroad(scene: Scene) -> bool:
    """She named a place outside Kazakhstan."""
    return scene.understanding.found.abroad is not None


def place_in_many_regions(scene: Scene) -> bool:
    """More places are meant than can be asked between, in several regions."""
    return len(_units(scene, MEANT)) > FEW and len(meant_regions(scene)) > 1


def place_in_many_districts(scene: Scene) -> bool:
    """More places of one region are meant than can be asked between, in several districts."""
    return len(_units(scene, MEANT)) > FEW and len(meant_districts(scene)) > 1


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
    """The ids of the places that may be meant, likeliest first."""
    return tuple(unit.id for unit in _units(scene, MEANT))


def meant_regions(scene: Scene) -> tuple[str, ...]:
    """The ids of the regions they lie in."""
    return tuple(dict.fromkeys(unit.region for unit in _units(scene, MEANT)))


def meant_districts(scene: Scene) -> tuple[str, ...]:
    """The ids of the districts they lie in; a place without a district stands for itself."""
    return tuple(dict.fromkeys(unit.district or unit.id for unit in _units(scene, MEANT)))


def entries_shown(scene: Scene) -> tuple[str, ...]:
    """The ids of the entries on the screen."""
    return tuple(id_ for id_, _ in shown(scene))
