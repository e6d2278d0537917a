"""The glossary: stems, endings, negation, pairs, and Russian typed in Latin letters."""

import time

import pytest

from components.kazakh import Glossary, russian
from components.reading import tokens

WORDS = Glossary(["# a remark", "муж: күйеу", "бьёт: ұр", "взять: ал", "до свидания: сау_бол", "конь: ат"])


@pytest.mark.parametrize("text", ["күйеуім ұрады", "куйеуим урады", "kuieuim urady"])
def test_stems_are_found_under_endings_in_every_spelling(text):
    assert WORDS.say(tokens(text)) == "муж бьёт"


def test_negation_is_kept():
    assert WORDS.say(tokens("алмады")) == "не взять"


def test_pairs_come_first():
    assert WORDS.say(tokens("сау болыңыз")) == "до свидания"


def test_a_short_stem_does_not_swallow_other_words():
    assert WORDS.say(tokens("атмосфера")) == "атмосфера"


def test_russian_stays_and_latin_russian_is_written_back():
    assert WORDS.say(tokens("вчера избил")) == "вчера избил"
    assert russian("menya") == "меня"
    assert russian("ubyu") == "убю"


def test_the_real_glossary_reads_and_has_no_empty_meaning():
    real = Glossary.read()
    assert len(real.meanings) > 800
    assert all(real.meanings.values())


def test_no_word_takes_long():
    started = time.perf_counter()
    for word in ("ұр" + "ма" * 1000 + "ш", "ал" + "а" * 2000, "күйеу" * 400, "menya" * 400):
        WORDS.say(tokens(word))
    assert time.perf_counter() - started < 0.5
