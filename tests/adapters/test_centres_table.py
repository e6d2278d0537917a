"""A CSV of centres: what it would change, and every way in which it can be wrong, line by line."""

from pathlib import Path

import pytest

from bot.adapters.files.centres_file import file_of, read_directory, write_directory
from bot.adapters.files.centres_table import COLUMNS, read_table
from bot.core.centre import Centre
from bot.engine.atlas import Atlas

ROW = {
    "id": "family-support-kentau",
    "kind": "family_support",
    "name_kk": "Отбасын қолдау орталығы (Кентау)",
    "name_ru": "Центр поддержки семьи (Кентау)",
    "name_en": "Family Support Centre (Kentau)",
    "place": "Кентау, Туркестанская область",
    "phones": "+7 727 250 00 00; 111",
    "takes": "women;children",
    "status": "published",
    "checked_on": "2026-11-01",
    "sources": "https://example.org/a ; a letter of 2026",
}


def table(path: Path, *rows: dict[str, str], columns: tuple[str, ...] = COLUMNS, encoding: str = "utf-8") -> Path:
    """A CSV file with these rows."""
    lines = [",".join(columns)]
    lines += [",".join(f'"{row.get(column, "")}"' for column in columns) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def test_a_new_entry(tmp_path: Path, atlas: Atlas) -> None:
    done = read_table(table(tmp_path / "a.csv", ROW), {}, atlas)
    assert not done.wrong
    (change,) = done.changes
    assert change.what == "new"
    assert change.centre.place == "612010000"
    assert change.centre.phones == ("+7 727 250 00 00", "111")
    assert change.centre.takes == ("women", "children")
    assert change.centre.sources == ("https://example.org/a", "a letter of 2026")


def test_what_is_imported_is_read_back_the_same(tmp_path: Path, atlas: Atlas) -> None:
    row = {**ROW, "lat": "43.52", "lon": "68.51", "coordinates_source": "the akimat", "hours_ru": "Пн–Пт 9–18"}
    centre = read_table(table(tmp_path / "a.csv", row), {}, atlas).changes[0].centre
    write_directory(tmp_path / "centres", [centre], atlas.gazetteer)
    (entry,), wrong = read_directory(tmp_path / "centres", atlas.gazetteer, "centres")
    assert not wrong
    assert entry.centre.but(file="", line=0) == centre
    assert entry.exact
    assert (tmp_path / "centres" / "turkistan.yaml").exists()
    again = read_table(tmp_path / "a.csv", {centre.id: entry.centre}, atlas)
    assert [change.what for change in again.changes] == ["same"]


def test_a_column_that_is_missing_keeps_what_is_known(tmp_path: Path, atlas: Atlas) -> None:
    known = read_table(table(tmp_path / "a.csv", ROW), {}, atlas).changes[0].centre
    few = ("id", "kind", "name_kk", "name_ru", "name_en", "place", "status", "checked_on", "sources", "hours_ru")
    row = {**ROW, "status": "verified", "hours_ru": "Пн–Пт 9–18"}
    (change,) = read_table(table(tmp_path / "b.csv", row, columns=few), {known.id: known}, atlas).changes
    assert change.centre.phones == known.phones
    assert change.keys == ("status", "hours")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"id": "Big Letters"}, "an id is small Latin letters"),
        ({"kind": "school"}, "`kind: school` is not known"),
        ({"status": "sure"}, "`status: sure` is not known"),
        ({"name_kk": ""}, "`name:` needs kk, ru and en"),
        ({"sources": ""}, "`sources:` is missing"),
        ({"place": "Атлантида"}, "is not on the map"),
        ({"place": "Жамбыл"}, "name its district and region"),
        ({"phones": "12"}, "cannot be a telephone number"),
        ({"phones": "+7 727 12"}, "cannot be a telephone number"),
        ({"checked_on": "вчера"}, "is no date"),
        ({"takes": "dogs"}, "`takes: dogs` is not known"),
        ({"lat": "68.5", "lon": "43.5"}, "are swapped"),
        ({"lat": "55.7", "lon": "37.6"}, "are not in Kazakhstan"),
        ({"lat": "51.2", "lon": "71.4"}, "km from Кентау"),
        ({"lat": "north", "lon": "68.5"}, "are no numbers"),
        ({"status": "verified", "checked_on": ""}, "needs the day of the call"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_nothing_is_imported(
    tmp_path: Path, atlas: Atlas, changed: dict[str, str], told: str
) -> None:
    good = {**ROW, "id": "another-one"}
    done = read_table(table(tmp_path / "a.csv", good, {**ROW, **changed}), {}, atlas)
    assert not done.changes
    assert any(line.startswith("line 3: ") and told in line for line in done.wrong), done.wrong


def test_a_doubled_id(tmp_path: Path, atlas: Atlas) -> None:
    done = read_table(table(tmp_path / "a.csv", ROW, ROW), {}, atlas)
    assert done.wrong == ["line 3: the id 'family-support-kentau' stands in line 2 too"]


def test_wrong_columns(tmp_path: Path, atlas: Atlas) -> None:
    done = read_table(table(tmp_path / "a.csv", ROW, columns=("id", "kind", "имя")), {}, atlas)
    assert "line 1: the column name_kk is missing" in done.wrong
    assert "line 1: the column 'имя' is not known" in done.wrong


def test_a_file_in_cp1251(tmp_path: Path, atlas: Atlas) -> None:
    row = {key: value.replace("қ", "к").replace("ғ", "г") for key, value in ROW.items()}
    done = read_table(table(tmp_path / "a.csv", row, encoding="cp1251"), {}, atlas)
    assert done.wrong == ["line 1: the file is not UTF-8 (it looks like cp1251); save it as UTF-8"]


@pytest.mark.parametrize("raw", [b"", b"\x00\x01\x02", b"PK\x03\x04" + bytes(range(256)), b"id;kind\n1;2\n"])
def test_a_file_that_is_no_table(tmp_path: Path, atlas: Atlas, raw: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(raw)
    done = read_table(path, {}, atlas)
    assert done.wrong
    assert not done.changes


def test_a_line_with_too_many_fields(tmp_path: Path, atlas: Atlas) -> None:
    path = table(tmp_path / "a.csv", ROW)
    path.write_text(path.read_text("utf-8").rstrip("\n") + ',"more"\n', encoding="utf-8")
    assert read_table(path, {}, atlas).wrong == ["line 2: it has more or fewer fields than the first line"]


@pytest.mark.parametrize(
    ("place", "file"),
    [
        ("612010000", "turkistan"),
        ("61", "turkistan"),
        ("", "kazakhstan"),
        ("751710000", "almaty-city"),
        ("19", "almaty"),
    ],
)
def test_the_file_of_a_place(atlas: Atlas, place: str, file: str) -> None:
    assert file_of(place, atlas.gazetteer) == file


def test_a_hidden_kind_says_so() -> None:
    centre = Centre(id="x", kind="shelter", names={}, status="published", sources=("s",))
    assert centre.hides
