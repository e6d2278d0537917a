"""Reading the data: situations, places, and a clear sentence for every mistake."""

from pathlib import Path

import pytest

from components import corpus

INTENTS = ["greet", "thank", "find_centre"]


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_blocks_are_situations_and_marks_become_places(tmp_path):
    block = "- intent: find_centre # a remark\n  examples: |\n    - где центр в [Шу](place)?\n    - куда идти\n"
    put(tmp_path, "ru/find_centre.yml", f'version: "3.1"\nnlu:\n{block}{block.replace("куда", "а куда")}')
    found, mistakes = corpus.read(tmp_path, INTENTS)
    assert not mistakes
    assert [one.text for one in found] == ["где центр в Шу?", "куда идти", "где центр в Шу?", "а куда идти"]
    assert len({one.situation for one in found}) == 2
    assert found[0].text[slice(*found[0].places[0])] == "Шу"
    assert (found[0].line, found[0].tongue, found[0].intent) == (5, "ru", "find_centre")


@pytest.mark.parametrize(
    ("name", "text", "line", "words"),
    [
        ("ru/greet.yml", "nlu:\n- intent: gret\n  examples: |\n    - привет\n", 2, "'gret' is no intent"),
        (
            "ru/greet.yml",
            "nlu:\n- intent: thank\n  examples: |\n    - спасибо\n",
            2,
            "does not belong into a file",
        ),
        (
            "ru/greet.yml",
            "nlu:\n- intent: greet\n  examples: |\n    - привет\n    здравствуй\n",
            5,
            "is no example",
        ),
        (
            "ru/greet.yml",
            "nlu:\n- intent: greet\n  examples: |\n    - [x](town) привет\n",
            4,
            "(place) can be marked",
        ),
        ("ru/greet.yml", "nlu:\n- intent: greet\n", 2, "needs an intent and examples"),
        ("ru/greet.yml", "nlu: 3\n", 1, "no list called nlu"),
        ("ru/greet.yml", "nlu: [\n", 2, "no YAML"),
        ("fr/greet.yml", "nlu: []\n", 1, "the folder must be one of"),
    ],
)
def test_every_mistake_is_a_sentence_with_its_line(tmp_path, name, text, line, words):
    path = put(tmp_path, name, text)
    mistakes = corpus.read(tmp_path, INTENTS)[1]
    assert [(one.path, one.line) for one in mistakes] == [(path, line)]
    assert words in str(mistakes[0])


def test_the_same_sentence_under_two_intents_is_a_mistake(tmp_path):
    put(tmp_path, "ru/greet.yml", "nlu:\n- intent: greet\n  examples: |\n    - Рада вам\n")
    put(tmp_path, "mixed/thank.yml", "nlu:\n- intent: thank\n  examples: |\n    - рада вам\n")
    mistakes = corpus.read(tmp_path, INTENTS)[1]
    assert len(mistakes) == 1
    assert "stands under" in str(mistakes[0])
