"""The normaliser: every spelling of one word has the same skeleton, and tokens know where they stood."""

import pytest

from components.reading import LIMIT, skeleton, tokens, typed


@pytest.mark.parametrize(
    "spellings",
    [
        ["күйеуім", "куйеуим", "kuieuim", "küieuım", "kuyeuim", "КҮЙЕУІМ"],
        ["жатыр", "jatyr", "zhatyr", "jatır", "Jatyr"],
        ["қызым", "кызым", "qyzym", "kyzym"],
        ["меня", "menya", "menia"],
        ["боюсь", "boyus", "boius"],
        ["что", "chto", "4to"],
        ["ұрып", "урып", "uryp", "urip"],
    ],
)
def test_spellings_of_one_word_share_a_skeleton(spellings):
    assert len({skeleton(typed(word)) for word in spellings}) == 1


def test_look_alike_letters_are_put_right():
    assert typed("мeня") == "меня"  # a Latin e
    assert typed("кiм") == "кім"  # a Latin i


def test_stretched_letters_and_hidden_signs_go():
    assert typed("помогитееееее") == "помогите"
    assert typed("по\u00adмо\u200bги") == "помоги"
    assert typed("кино\u0306") == typed("кинŏ".replace("ŏ", "о\u0306"))


def test_tokens_stand_where_they_stood():
    text = "Көмек!! 😀 где я?"
    found = tokens(text)
    assert [text[token.start : token.end] for token in found] == ["Көмек", "😀", "где", "я", "?"]


def test_only_the_beginning_of_a_long_text_is_read():
    assert tokens("а " * 100_000)[-1].end <= LIMIT


@pytest.mark.parametrize("text", ["", " ", "\0", "\ud800", "مرحبا", "你好", "😀" * 3000, "\u202e\u200b", "1" * 5000])
def test_nothing_breaks_it(text):
    assert isinstance(tokens(text), list)
