"""What the words for a place mean: any language, script, case or spelling; never certain of the wrong one."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.files import read_map
from bot.commands.places_report import kazakh_cases, russian_cases
from bot.core.place import NOWHERE, Found
from bot.engine.atlas import Atlas
from bot.engine.atlas.spelling import skeleton
from bot.settings import CONTENT


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    """The whole map."""
    return Atlas(read_map(CONTENT))


def _ids(found: Found) -> list[str]:
    return [place.id for place in (found.place, *found.others) if place]


@pytest.mark.parametrize(
    "words",
    [
        ("Талдықорған", "Талдыкорган", "Taldyqorğan", "Taldykorgan"),
        ("Шымкент", "Чимкент", "Shymkent", "Şymkent"),
        ("Кзыл-Орда".replace("-", ""), "Кзылорда"),
        ("Өскемен", "Oskemen", "Öskemen"),
        ("Щучинск", "Shchuchinsk"),
    ],
)
def test_one_skeleton_for_many_spellings(words: tuple[str, ...]) -> None:
    assert len({skeleton(word) for word in words}) == 1


@pytest.mark.parametrize(
    ("words", "id_"),
    [
        ("Талдықорғанда", "331010000"),
        ("кентау турк обл", "612010000"),
        ("кентау, түркістан облысы", "612010000"),
        ("Мерке", "315430100"),
        ("я живу в Мерке", "315430100"),
        ("Мерке ауданы", "315400000"),
        ("Меркенский район", "315400000"),
        ("р-н Т. Рыскулова", "315000000"),
        ("вко", "63"),
        ("ШҚО", "63"),
        ("Шығыс Қазақстан облысы", "63"),
        ("область Абай", "10"),
        ("Абай облысы Абай ауданы", "103200000"),
        ("г. Аксу Павлодарская обл", "551610000"),
        ("алматинской обл талгар", "196220100"),
        ("Алматы", "750000000"),
        ("алматыда тұрамын", "750000000"),
        ("Алма-Ата", "750000000"),
        ("Нұр-Сұлтан", "710000000"),
        ("чимкент", "790000000"),
        ("shymkentte", "790000000"),
        ("в Усть-Каменогорске", "631010000"),
        ("Оскемен", "631010000"),
        ("Петрик", "591010000"),
        ("Семее", "101010000"),
        ("Алматы, Медеуский район", "751710000"),
        ("мкр Самал, Алматы", "750000000"),
        ("село Панфилово Талгарский район", "196253100"),
    ],
)
def test_certain(atlas: Atlas, words: str, id_: str) -> None:
    found = atlas.find(words)
    assert found.place is not None, [place.names["ru"] for place in found.others[:5]]
    assert found.place.id == id_
    assert not found.others


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("Жамбыл", {"31", "314045300", "113649200"}),
        ("Ақсу", {"551610000"}),
        ("Талдыкогран", {"331010000"}),
        ("между Таразом и Шу", {"311010000", "316621100"}),
        ("Красный Яр", {"111033100"}),
        ("из Абая", {"353220100"}),
    ],
)
def test_asked_back(atlas: Atlas, words: str, ids: set[str]) -> None:
    found = atlas.find(words)
    assert found.place is None
    assert ids <= {place.id for place in found.others}


def test_towns_come_first_among_namesakes(atlas: Atlas) -> None:
    assert atlas.find("Ақсу").others[0].id == "551610000"


@pytest.mark.parametrize(
    "words", ["Ташкент", "в Москве", "Омск", "Bishkek", "из Бишкека", "Россия", "Санкт-Петербурге"]
)
def test_abroad_is_told_apart(atlas: Atlas, words: str) -> None:
    found = atlas.find(words)
    assert found.abroad
    assert not found.place
    assert not found.others


@pytest.mark.parametrize("words", ["", "   ", "123", "!!!", "🙂🙂🙂", "ыыыщщщ", "العربية", "не знаю", "\x00\u202e"])
def test_nobody_knows(atlas: Atlas, words: str) -> None:
    assert atlas.find(words) == NOWHERE


@pytest.mark.parametrize(
    "words",
    [
        "'; DROP TABLE places; --",
        "<script>alert(1)</script>",
        "SELECT * FROM x",
        "в Караганде? где-где",
        "а у вас негров",
    ],
)
def test_nonsense_is_never_certain(atlas: Atlas, words: str) -> None:
    assert atlas.find(words).place is None


def test_a_hundred_kilobytes_take_no_longer(atlas: Atlas) -> None:
    began = time.perf_counter()
    atlas.find("абай " * 20_000)
    once = time.perf_counter() - began
    began = time.perf_counter()
    atlas.find("абай " * 60)
    assert once < 20 * (time.perf_counter() - began) + 1  # the same work: only the first signs are looked at


@given(words=st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_has_an_answer(words: str) -> None:
    found = _ATLAS().find(words)
    assert not (found.place and found.others)


def _ATLAS() -> Atlas:  # noqa: N802 (hypothesis takes no fixture of a module)
    if not _made:
        _made.append(Atlas(read_map(CONTENT)))
    return _made[0]


_made: list[Atlas] = []


def test_every_inflected_district_centre_is_found_or_offered(atlas: Atlas) -> None:
    units = atlas.gazetteer.units
    missed = []
    for centre in set(atlas.gazetteer.centres.values()):
        unit = units[centre]
        for form in (unit.kk, unit.ru, *kazakh_cases(unit.kk), *russian_cases(unit.ru)):
            found = atlas.find(form)
            if unit.id not in _ids(found) and not (
                found.place and atlas.gazetteer.centres.get(found.place.id) == centre
            ):
                missed.append((form, unit.ru))
    assert not missed


@pytest.mark.parametrize(
    ("lat", "lon", "id_"), [(50.41, 80.25, "101010000"), (43.24, 76.9, "750000000"), (51.17, 71.43, "710000000")]
)
def test_a_point_in_a_town(atlas: Atlas, lat: float, lon: float, id_: str) -> None:
    found = atlas.around(lat, lon)
    assert found.place is not None
    assert found.place.id == id_


@pytest.mark.parametrize(("lat", "lon"), [(42.0, 50.6), (0.0, 0.0), (89.0, 10.0), (-43.2, 76.9)])
def test_a_point_in_the_sea_is_nowhere(atlas: Atlas, lat: float, lon: float) -> None:
    found = atlas.around(lat, lon)
    assert found.place is None


@pytest.mark.parametrize(("lat", "lon"), [(41.31, 69.25), (42.87, 74.58), (55.0, 73.4)])
def test_a_point_abroad(atlas: Atlas, lat: float, lon: float) -> None:
    assert atlas.around(lat, lon).abroad


def test_a_settlement_without_coordinates_stands_at_its_okrug_or_district(atlas: Atlas) -> None:
    units = atlas.gazetteer.units
    borrowed = [unit for unit in units.values() if not unit.own]
    assert len(borrowed) > 5000
    for unit in borrowed[::97]:
        okrug = units.get(f"{unit.id[:6]}100")
        outer = [okrug, units.get(unit.district), units.get(atlas.gazetteer.centres.get(unit.district, ""))]
        outer.append(units.get(unit.region))
        assert (unit.lat, unit.lon) in {(one.lat, one.lon) for one in outer if one}


def test_a_weak_match_is_asked_back(atlas: Atlas) -> None:
    unsure = next(u for u in atlas.gazetteer.units.values() if not u.sure and len(u.ru) > 6)
    assert atlas.find(f"{unsure.ru}, {atlas.gazetteer.units[unsure.district].ru}").place is None
