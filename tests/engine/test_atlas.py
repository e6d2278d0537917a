"""What the words for a place mean: any language, script, case or spelling; never certain of the wrong one."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.places_report import kazakh_cases, russian_cases
from bot.core.place import NOWHERE, Found
from bot.engine.atlas import Atlas
from bot.engine.atlas.spelling import skeleton


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
def test_any_text_has_an_answer(atlas: Atlas, words: str) -> None:
    found = atlas.find(words)
    assert not (found.place and found.others)


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


@pytest.mark.parametrize(
    ("words", "towns"),
    [
        ("мама в Уральске а я в Атырау", {"271010000", "231010000"}),
        ("Мы из Уральска, сейчас в Актобе", {"271010000", "151010000"}),
        ("между Тараз и Шымкент", {"311010000", "790000000"}),
        ("мама в Алматы я в Таразе", {"750000000", "311010000"}),
        ("Ақтөбе Мұғалжар", {"151010000", "154800000"}),
        ("я сейчас в Москве но сама из Тараза", {"311010000"}),
    ],
)
def test_two_towns_are_never_one_for_certain(atlas: Atlas, words: str, towns: set[str]) -> None:
    found = atlas.find(words)
    assert found.place is None
    assert towns <= {place.id for place in found.others}


@pytest.mark.parametrize(
    ("words", "id_"),
    [
        ("Темиртау, ул. Мичурина", "352410000"),
        ("Алматы, мкр Аксай", "750000000"),
        ("г. Уральск, Абая 5", "271010000"),
        ("Ақтөбе қ., Абай даңғылы", "151010000"),
        ("Астана, ул. Кабанбай батыра", "710000000"),
        ("Рудный, Горняков 50", "392410000"),
        ("Қаскелеңнен 5 км", "195220100"),
        ("Атырау Балыкши", "231010000"),
        ("43.25, 76.95", "750000000"),
        ("с. Садовое, Бухар-Жырауский район", "354045200"),
        ("Казалинский р-н с.Аранды", "434433200"),
    ],
)
def test_streets_numbers_and_neighbours_do_not_hide_the_place(atlas: Atlas, words: str, id_: str) -> None:
    found = atlas.find(words)
    assert found.place is not None, [place.names["ru"] for place in found.others[:5]]
    assert found.place.id == id_


@pytest.mark.parametrize(
    "words", ["дома", "жоқ", "сәлем", "ок", "мама", "далада", "+7 701 111 22 33", "15", "ул. Абая 5"]
)
def test_everyday_words_are_no_place(atlas: Atlas, words: str) -> None:
    assert atlas.find(words).place is None


@pytest.mark.parametrize("words", ["Киев", "Минск", "Иран", "из Канады", "Ереван", "Самаркандта"])
def test_abroad_is_not_taken_for_a_village(atlas: Atlas, words: str) -> None:
    found = atlas.find(words)
    assert found.place is None
    assert found.abroad


def test_a_long_message_of_names_takes_bounded_work(atlas: Atlas) -> None:
    assert atlas.find("жамбыл " * 60).place is None
