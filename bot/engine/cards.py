"""How a place and an entry of the directory are named and shown: cards, labels, the pin on the map."""

import re

from bot.core.centre import Centre, Entry, Named
from bot.core.phrases import PhraseKey
from bot.core.place import Unit
from bot.core.reply import Pin
from bot.core.talk import Locale
from bot.engine.scene import Scene
from bot.engine.whereabouts import ANOTHER, meant_places, shown

ROW = 24
"""Characters of the shortest row a channel has (WhatsApp's list)."""

FAR = 100
"""Kilometres from which on also a hidden entry says that it is far; told in steps of fifty."""
TOLD_FROM = 3
"""Kilometres to the middle of a town or district from which on they say something."""

_KIND_WORDS = re.compile(
    r"\b(область|облысы|район|ауданы|имени|атындағы|Region|District|of|город|қаласы)\b\.?", re.IGNORECASE
)


def place_label(scene: Scene, id_: str) -> str | None:
    """A settlement with its district and region, or a district with its region."""
    units, locale = scene.library.gazetteer.units, scene.session.locale
    unit = units.get(id_)
    if id_ == ANOTHER or unit is None:
        return scene.phrases.say("another_place") if id_ == ANOTHER else None
    around = [units.get(unit.district), units.get(unit.region)]
    names = [_name(outer, locale) for outer in around if outer and outer.id != id_]
    own = {unit.kk, unit.ru, unit.en}  # a city is also the district of its own name: it is named once
    return ", ".join([_name(unit, locale), *(name for name in names if name not in own)])


def place_short(scene: Scene, id_: str) -> str | None:
    """What tells this one from the others: the region where they differ in it, else the district, else the name."""
    if id_ == ANOTHER:
        return place_label(scene, id_)
    units, locale = scene.library.gazetteer.units, scene.session.locale
    meant = [units[i] for i in scene.session.offered if i in units]
    unit = units[id_]
    if len({other.region for other in meant}) == len(meant):
        return unit_short(scene, unit.region)
    if len({other.district for other in meant}) == len(meant):
        return unit_short(scene, unit.district or unit.id)
    return _cut(_name(unit, locale))


def unit_label(scene: Scene, id_: str) -> str | None:
    """A region or district, in her language."""
    if id_ == ANOTHER:
        return scene.phrases.say("another_place")
    unit = _outer(scene, id_)
    return _name(unit, scene.session.locale) if unit else None


def unit_short(scene: Scene, id_: str) -> str | None:
    """The same without the words that say what it is."""
    label = unit_label(scene, id_)
    return _cut(" ".join(_KIND_WORDS.sub("", label).split()) or label) if label else None


def _outer(scene: Scene, id_: str) -> Unit | None:
    """The unit of an id; of Astana, Almaty and Shymkent, whose region is the city itself, that city."""
    units = scene.library.gazetteer.units
    return units.get(id_) or units.get(f"{id_}0000000")


def _name(unit: Unit, locale: Locale) -> str:
    return {"kk": unit.kk, "ru": unit.ru, "en": unit.en}[locale]


def _cut(label: str) -> str:
    return label if len(label) <= ROW else f"{label[: ROW - 1]}…"


def place_meant(scene: Scene) -> str:
    """A line that says which place was understood; nothing where none is known (any more)."""
    place = next(iter(meant_places(scene)), None)
    label = place_label(scene, place) if place else None
    return scene.phrases.say("place_meant", place=label) if label else ""


def entry_label(scene: Scene, id_: str) -> str | None:
    """The name of an entry, in her language."""
    entry = scene.library.entries.get(id_)
    return entry.centre.names[scene.session.locale] if entry else None


def entry_short(scene: Scene, id_: str) -> str | None:
    """Its first words, numbered as on the screen."""
    label = entry_label(scene, id_)
    number = next((n for n, (other, _) in enumerate(shown(scene), 1) if other == id_), 0)
    return _cut(f"{number}. {label}") if label else None


def cards(scene: Scene) -> str:
    """The entries of the answer, one paragraph each; a sentence where there is none."""
    found = [_card(scene, scene.library.entries[id_], km, n) for n, (id_, km) in enumerate(shown(scene), 1)]
    return "\n\n".join(found) or scene.phrases.say("card_none")


def _card(scene: Scene, entry: Entry, km: int | None, number: int) -> str:
    centre, locale, say = entry.centre, scene.session.locale, scene.phrases.say
    lines = [
        f"**{number}. {centre.names[locale]}**",
        _where(scene, entry, km),
        *(f"☎ `{phone}`" for phone in centre.phones),
        f"WhatsApp: `{centre.whatsapp}`" if centre.whatsapp else "",
        say("card_hours", hours=_told(centre.hours, locale)) if centre.hours else "",
        _address(scene, centre),
        _told(centre.services, locale),
        _state(scene, centre),
    ]
    return "\n".join(line for line in lines if line)


def _told(named: Named, locale: Locale) -> str:
    """In her language; what a source gives in one language only is shown as it stands there."""
    return named.get(locale) or next(iter(named.values()), "")


def _where(scene: Scene, entry: Entry, km: int | None) -> str:
    """Its town and how far; of a hidden one only that it is far, where it is; of a line, which is called, nothing."""
    if entry.centre.kind == "hotline":
        return ""
    say, distance = scene.phrases.say, scene.phrases.distance
    if entry.centre.hides:
        return say("card_far", km=distance(50 * round(km / 50))) if km is not None and km >= FAR else ""
    place = entry.place.names[scene.session.locale] if entry.place else ""
    if km is None or (km < TOLD_FROM and not entry.exact):
        return place
    return say("card_near" if entry.exact else "card_about", place=place, km=distance(km))


def _address(scene: Scene, centre: Centre) -> str:
    hotline = scene.library.facts[scene.session.locale].get("hotline", "")
    if centre.kind == "hotline":
        return ""
    if centre.hides:
        return scene.phrases.say("card_hidden", hotline=hotline)
    if centre.address:
        return scene.phrases.say("card_address", address=_told(centre.address, scene.session.locale))
    return scene.phrases.say("card_ask", hotline=hotline)


def _state(scene: Scene, centre: Centre) -> str:
    """Who says so, and when: checked by somebody of the project, published by a source, or said without a place."""
    if centre.status == "unverified" or centre.checked_on is None:
        hotline = scene.library.facts[scene.session.locale].get("hotline", "")
        return scene.phrases.say("card_unverified", hotline=hotline)
    key: PhraseKey = "card_verified" if centre.status == "verified" else "card_published"
    return scene.phrases.say(key, date=scene.phrases.date(centre.checked_on, centre.checked_to))


def pinned(scene: Scene) -> str:
    """The name of the entry that stands on the map, or nothing."""
    entry = _on_the_map(scene)
    return entry.centre.names[scene.session.locale] if entry else ""


def pin(scene: Scene) -> Pin | None:
    """The point of the first entry of the answer whose very place is known and may be shown."""
    entry = _on_the_map(scene)
    return Pin(lat=entry.lat, lon=entry.lon) if entry and entry.lat is not None and entry.lon is not None else None


def _on_the_map(scene: Scene) -> Entry | None:
    entries = (scene.library.entries[id_] for id_, _ in shown(scene))
    return next((entry for entry in entries if entry.exact), None)
