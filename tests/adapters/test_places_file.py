"""content/places/: read whole, made of a gazetteer's files, and refused with file and line where those are wrong."""

import csv
import io
from pathlib import Path

import pytest

from bot.adapters.files import read_map
from bot.adapters.files.places_file import SOURCES, BadGazetteer, import_gazetteer, latin, read_gazetteer
from bot.settings import CONTENT

TABLES = {
    "regions.csv": """\
kato2,name_kk,name_ru,name_en,aliases,centre_kato,lat,lon
61,Түркістан облысы,Туркестанская область,Turkistan Region,ЮКО|ОҚО,611010000,43.3,68.3
79,Шымкент,Шымкент,Shymkent,,790000000,42.3,69.6
""",
    "districts.csv": """\
kato,region,kind,parent_city,name_kk,name_ru,name_en,aliases,centre_kato,lat,lon
612000000,61,city,,Кентау,Кентау,Kentau,,612010000,43.5,68.5
790000000,79,city,,Шымкент,Шымкент,Shymkent,,790000000,42.3,69.6
791110000,79,city_district,790000000,Абай ауданы,Абайский район,Abay District,,,,
""",
    "settlements.csv": """\
kato,type,name_kk,name_ru,name_en,aliases,district,lat,lon,population,quality
612010000,city,Кентау,Кентау,,KTU|Kentaw|肯套|Кентау қ,612000000,43.51,68.51,,A
612035100,village,Ащысай,Ачисай,,,612000000,43.6,68.9,12,B
612035200,village,Қызыл,Кызыл,,,612000000,,,,
790000000,city,Шымкент,Шымкент,Shymkent,Чимкент,790000000,42.31,69.59,,A
""",
}
ROWS = {name: list(csv.DictReader(io.StringIO(text))) for name, text in TABLES.items()}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A gazetteer of seven places."""
    folder = tmp_path / "source"
    folder.mkdir()
    for name, rows in ROWS.items():
        write(folder / name, rows)
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A map without units, with what is our own."""
    folder = tmp_path / "places"
    folder.mkdir()
    (folder / "spoken.csv").write_text("id,name\n612010000,Кентуха\n", encoding="utf-8")
    (folder / "abroad.csv").write_text("kk,ru,en,lat,lon\nТашкент,Ташкент,Tashkent,41.3,69.3\n", encoding="utf-8")
    return folder


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def test_import_and_read(source: Path, target: Path) -> None:
    assert import_gazetteer(source, target) == 7
    found = read_gazetteer(target)
    assert {unit.id: unit.kind for unit in found.units.values()} == {
        "61": "region", "612000000": "district", "791110000": "city_district", "612010000": "city",
        "612035100": "village", "612035200": "village", "790000000": "city",
    }  # fmt: skip
    kentau = found.units["612010000"]
    assert kentau.also == ("Kentaw", "Кентау қ", "Кентуха")
    assert kentau.en == "Kentau"
    assert found.centres["61"] == "611010000"
    village = found.units["612035200"]
    assert (village.lat, village.lon) == (43.6, 68.9)
    assert not village.own


def test_the_great_cities_stand_once(source: Path, target: Path) -> None:
    import_gazetteer(source, target)
    assert [unit.id for unit in read_gazetteer(target).units.values() if unit.ru == "Шымкент"] == ["790000000"]


@pytest.mark.parametrize(
    ("file", "row", "changed", "told"),
    [
        ("settlements.csv", 0, {"kato": "x12"}, "settlements.csv:2: kato should have nine digits"),
        ("settlements.csv", 1, {"name_kk": ""}, "settlements.csv:3: a name is missing"),
        (
            "settlements.csv",
            1,
            {"lat": "68.9", "lon": "43.6"},
            ":3: the coordinates are not in Kazakhstan",
        ),
        ("settlements.csv", 1, {"lat": "north"}, "settlements.csv:3: the coordinates are no numbers"),
        ("settlements.csv", 1, {"kato": "612010000"}, "612010000 stands there twice"),
        ("settlements.csv", 1, {"district": "999000000"}, "612035100: there is no district 999000000"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(
    source: Path, target: Path, file: str, row: int, changed: dict[str, str], told: str
) -> None:
    rows = [{**one, **(changed if n == row else {})} for n, one in enumerate(ROWS[file])]
    write(source / file, rows)
    with pytest.raises(BadGazetteer) as caught:
        import_gazetteer(source, target)
    assert told in "\n".join(caught.value.told)
    assert not (target / "units.csv").exists()


def test_missing_files_columns_and_encodings(source: Path, target: Path) -> None:
    (source / "regions.csv").unlink()
    write(source / "districts.csv", [{"kato": "1"}])
    (source / "settlements.csv").write_bytes("kato,type\n1,село".encode("cp1251"))
    with pytest.raises(BadGazetteer) as caught:
        import_gazetteer(source, target)
    told = "\n".join(caught.value.told)
    assert "regions.csv is missing" in told
    assert "districts.csv: the column name_kk is missing" in told
    assert "settlements.csv is not UTF-8" in told


def test_the_map_that_is_served_is_whole() -> None:
    units = read_map(CONTENT).units
    assert sum(unit.kind == "region" for unit in units.values()) == 17
    assert (
        sum(unit.kind in ("city", "township", "village", "station", "siding", "minor") for unit in units.values())
        > 13_000
    )
    assert all(unit.kk and unit.ru and unit.en for unit in units.values())
    assert all(40 < unit.lat < 56 and 46 < unit.lon < 88 for unit in units.values())


def test_names_in_latin_letters_where_none_is_recorded() -> None:
    assert latin("Ачисай") == "Achisay"
    assert latin("Жаңа жол") == "Zhana Zhol"


def test_every_column_named_is_one_that_is_read() -> None:
    assert set(SOURCES) == set(ROWS)
    for name, columns in SOURCES.items():
        assert set(columns) <= set(ROWS[name][0])
