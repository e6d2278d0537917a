"""The report's own parts: letters, tables, figures, on answers made up here."""

import pytest

from components.corpus import Sentence
from letters import folded, latin, script
from pictures import calibration
from report import Asked, alarms, f1, places, rewritten, table, worst

WORDS = "мен Таразда тұрамын"


def asked(intent, said, sure=0.9, raised=None, marked=()):
    twin = Sentence(WORDS, intent, "kk", "kk:1", 1, ((4, 11),))
    return Asked(twin, said, sure, raised, 0.5 if raised else 0.01, list(marked), "kk", 1.0)


def test_letters():
    assert folded("Қызым ұрып жатыр, Әке") == "Кызым урып жатыр, Аке"
    assert [latin("қызым жылай", number) for number in range(3)] == ["kyzym zhylay", "qyzym jylai", "qyzym jylai"]
    assert latin("Шымкент ұл", 1) == "Şymkent ūl"
    assert [script(text) for text in ("ұрады", "урады", "urady")] == ["own", "cyrillic", "latin"]


def test_danger_figures():
    found = [asked("danger_now", "greet", raised="now"), asked("self_harm", "self_harm"), asked("greet", "greet")]
    found += [asked("greet", "greet", raised="now")]
    assert alarms({"x": found}).splitlines()[2] == "| x | 2 | 0.500 | 0.500 | 0.500 |"
    assert alarms({"x": found[2:3]}).splitlines()[2] == "| x | 0 | – | – | 0.000 |"


def test_place_figures():
    found = [asked("greet", "greet", marked=[(4, 11)]), asked("greet", "greet", marked=[(0, 3)])]
    assert places({"x": found}).splitlines()[2] == "| x | 2 | 0.500 | 0.500 |"


def test_macro_f1_and_calibration_and_worst():
    found = [asked("greet", "greet", 1.0), asked("thank", "greet", 0.95), asked("thank", "thank", 0.35)]
    assert f1(found) == pytest.approx((2 / 3 + 2 / 3) / 2)
    assert calibration(found) == [(0.35, 1.0, 1), (pytest.approx(0.975), 0.5, 2)]
    assert "thank | greet" in worst(found)
    assert len(worst(found).splitlines()) == 3


def test_a_table_is_markdown():
    assert table(["a", "b"], [["x", 0.5]]) == "| a | b |\n| --- | --- |\n| x | 0.500 |\n"


def test_places_move_with_the_letters():
    found = rewritten(asked("greet", "greet").twin, lambda text: text.replace("м", "mm"))
    assert found.text[slice(*found.places[0])] == "Таразда"
