"""The directory as it is served: sourced, honest, and an answer for everybody, wherever she writes from."""

from datetime import timedelta

import pytest

from bot.core.centre import HIDDEN_KINDS
from bot.core.library import Library
from bot.core.talk import LOCALES, Locale
from bot.core.understanding import Understanding
from bot.engine.atlas import Atlas
from bot.engine.nearest import KINDS, nearest
from tests.conftest import TODAY
from tests.visitor import Visitor

FIVE_YEARS = timedelta(days=5 * 365)


def test_every_entry_has_its_sources_and_its_names(library: Library) -> None:
    assert library.directory
    for entry in library.directory:
        centre = entry.centre
        assert centre.sources, centre.id
        assert all(centre.names[locale].strip() for locale in LOCALES), centre.id
        assert entry.place is not None or centre.place == "", centre.id


def test_nobody_has_called_yet_and_none_says_so(library: Library) -> None:
    assert not [entry.centre.id for entry in library.directory if entry.centre.status == "verified"]


def test_what_is_published_has_a_date_that_is_not_too_old(library: Library) -> None:
    for entry in library.directory:
        if entry.centre.status == "published":
            assert entry.centre.checked_on is not None, entry.centre.id
            assert entry.centre.checked_on >= TODAY - FIVE_YEARS - timedelta(days=31), entry.centre.id


def test_a_hidden_entry_holds_no_way_to_its_door(library: Library) -> None:
    hidden = [entry.centre for entry in library.directory if entry.centre.kind in HIDDEN_KINDS]
    assert hidden
    for centre in hidden:
        assert centre.hides, centre.id
        assert not centre.address, centre.id
        assert centre.lat is None, centre.id


def test_what_the_notes_warn_of_is_not_in_it(library: Library) -> None:
    words = [" ".join(entry.centre.names.values()) for entry in library.directory]
    for warned in ("Дағдарыс»", "НеМолчи", "«Көмек»", "Чехова"):
        assert not any(warned in names for names in words), warned
    assert not any("Чехова" in " ".join(entry.centre.address.values()) for entry in library.directory)


def _regions(library: Library) -> list[str]:
    return sorted({unit.region for unit in library.gazetteer.units.values()})


@pytest.mark.parametrize("locale", LOCALES)
def test_somebody_in_each_region_gets_an_answer_that_the_directory_supports(
    library: Library, atlas: Atlas, locale: Locale
) -> None:
    regions = _regions(library)
    assert len(regions) == 20
    units = library.gazetteer.units
    for region in regions:
        centre = units.get(library.gazetteer.centres.get(region, "")) or units[f"{region}0000000"]
        found = atlas.find({"kk": centre.kk, "ru": centre.ru, "en": centre.en}[locale])
        places = [place for place in (found.place, *found.others) if place and place.id == centre.id]
        assert places, (region, locale)
        near = nearest(library.directory, places[0], KINDS["any"])
        assert near, (region, locale)
        assert all(one.entry.centre.id in library.entries for one in near)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_cards_show_what_may_be_shown(library: Library, atlas: Atlas, locale: Locale, kind: str) -> None:
    for region in _regions(library):
        units = library.gazetteer.units
        centre = units.get(library.gazetteer.centres.get(region, "")) or units[f"{region}0000000"]
        visitor = Visitor(library, locale)
        visitor.comes("centre")
        visitor.says("x", Understanding(found=atlas.around(centre.lat, centre.lon)))
        visitor.taps(kind)
        assert visitor.at == "nearest_centre/found", (region, kind)
        assert library.facts[locale]["hotline"] in visitor.sees.text
        shown = (
            [line.split(" ")[0] for line in visitor.session.answers["nearest_centre/near"]] if visitor.session else []
        )
        for id_ in shown:
            shown_centre = library.entries[id_].centre
            assert shown_centre.names[locale] in visitor.sees.text
            for address in shown_centre.address.values():
                assert address in visitor.sees.text
            for phone in shown_centre.phones:
                assert phone in visitor.sees.text
