"""guess_locale(): a language only where it is plain."""

import pytest

from bot.core.talk import Locale
from bot.engine.tongue import guess_locale


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("менің күйеуім", "kk"),
        ("Қалай", "kk"),
        ("мен не істеймін, комектесиндер", "kk"),
        ("муж меня бьёт", "ru"),
        ("ПОМОГИТЕ", "ru"),
        ("что мне делать", "ru"),
        ("my husband hits me", "en"),
        ("Please, HELP me!", "en"),
        ("он мені ұрды", "kk"),
    ],
)
def test_plain_cases(text: str, locale: Locale) -> None:
    assert guess_locale(text) == locale


@pytest.mark.parametrize("text", ["", "🙂", "1 3 5", "ок", "Алматы", "zhargon", "\u202e", "мен он"])
def test_what_could_be_any_language_is_not_guessed(text: str) -> None:
    assert guess_locale(text) is None


def test_a_tie_is_no_guess() -> None:
    assert guess_locale("привет hello") is None
    assert guess_locale("привет hello help") == "en"
