"""The net: phrases that always mean danger, over small nets and over the real one."""

import pytest

from bot.core.folding import fold
from bot.core.library import Library
from bot.core.net import Net, phrase
from bot.core.talk import LOCALES

NET = Net(
    now=tuple(map(phrase, ("мені ұрып жатыр*", "он меня убивает", "he is hitting me", "meni uryp zhatyr"))),
    self_harm=tuple(map(phrase, ("не хочу жить", "өмір сүргім келмейді"))),
    unless=tuple(map(phrase, ("в кино", "кинода", "сери*"))),
)


@pytest.mark.parametrize(
    "text",
    [
        "он меня убивает",
        "Он меня УБИВАЕТ!!!",
        "помогите, он  меня\nубивает прямо здесь",
        "он, меня — убивает",
        "он меня убиваааает",
        "oн мeня yбивaeт",
        "мені ұрып жатыр",
        "мени урып жатыр",
        "күйеуім мені ұрып жатырған",
        "He is hitting me, please",
        "meni uryp zhatyr",
    ],
)
def test_danger_is_caught_however_it_is_written(text: str) -> None:
    assert NET.catch(text) == "now"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🙂",
        "он меня",
        "убивает он меня",
        "он меня не убивает",
        "он меня убивает в кино",
        "сериал: он меня убивает",
        "мені кинода ұрып жатыр",
        "он меня убиваете",
        "мен ұрып жатыр",
    ],
)
def test_what_is_no_certain_danger_is_left_alone(text: str) -> None:
    assert NET.catch(text) is None


def test_now_comes_before_self_harm() -> None:
    assert NET.catch("не хочу жить") == "self_harm"
    assert NET.catch("не хочу жить, он меня убивает") == "now"


def test_the_star_stands_for_any_ending_and_for_none() -> None:
    net = Net(now=(phrase("бьёт*"),))
    assert [net.catch(word) for word in ("бьет", "бьётся", "добьёт", "бье")] == ["now", "now", None, None]


def test_a_stem_of_one_letter_works_too() -> None:
    assert Net(now=(phrase("я* умираю"),)).catch("я умираю") == "now"


def test_a_phrase_is_folded_as_the_message_is() -> None:
    assert phrase("Мені ҰРЫП жатыр*") == ("мени", "урып", "жатыр*")


@pytest.mark.parametrize("written", ["I don't want to live", "он сейчас-то меня убьёт", "Он меня бьёт!"])
def test_punctuation_inside_a_phrase_does_not_make_it_dead(written: str) -> None:
    assert Net(now=(phrase(written),)).catch(written) == "now"


def test_latin_i_in_a_kazakh_word_does_not_slip_through() -> None:
    assert NET.catch("менi ұрып жатыр") == "now"


def test_an_empty_phrase_does_not_catch_everything() -> None:
    """An empty line in danger.yaml must not make every message an alarm."""
    assert Net(now=(phrase(""),)).catch("здравствуйте") is None
    assert Net(now=(phrase("*"),)).catch("здравствуйте") is None


def test_a_very_long_message_does_not_break_it() -> None:
    assert NET.catch("слово " * 17_000 + "он меня убивает") == "now"


def test_every_phrase_of_the_real_net_catches_itself(library: Library) -> None:
    net = library.net
    assert len(net.now) > 100
    assert len(net.self_harm) > 50
    for kind, phrases in (("now", net.now), ("self_harm", net.self_harm)):
        for words in phrases:
            message = " ".join(word.rstrip("*") for word in words)
            assert Net(now=net.now, self_harm=net.self_harm, unless=net.unless).catch(message) == kind, words


def test_every_word_of_the_real_net_can_be_met_in_a_message(library: Library) -> None:
    """A word with a space or a mark inside, or a lone star, would be dead or catch everything."""
    for words in (*library.net.now, *library.net.self_harm, *library.net.unless):
        assert words
        assert all(fold(word.rstrip("*")) == word.rstrip("*") != "" for word in words), words
        assert all(len(word.split()) == 1 for word in words), words


SPEAKS_OF_IT = {("feelings", "how", "heavy")}
"""Labels that say the danger itself: whoever types one of them elsewhere should be heard."""


def test_no_label_or_title_of_the_content_is_caught(library: Library) -> None:
    for locale in LOCALES:
        for flow, page in library.words[locale].items():
            assert library.net.catch(page.title) is None, (locale, flow)
            for name, voice in page.voices.items():
                assert library.net.catch(voice.title or "") is None, (locale, flow, name)
                for option, label in voice.labels.items():
                    if (flow, name, option) not in SPEAKS_OF_IT:
                        assert library.net.catch(label) is None, (locale, flow, name, label)


def test_no_text_of_the_content_is_caught(library: Library) -> None:
    """Except where the words for it are taught ("do you not want to live?")."""
    for locale in LOCALES:
        for flow, page in library.words[locale].items():
            for name, voice in page.voices.items():
                if flow != "self_harm":
                    assert library.net.catch(voice.text) is None, (locale, flow, name)


def test_no_shortcut_is_caught(library: Library) -> None:
    assert [word for word in library.shortcuts if library.net.catch(word)] == []
