"""fold(): many spellings of one word become one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.folding import fold

CYRILLIC, LATIN = "абвгеёийкмнорстухыюяәғқңөұүһі", "abcdeikmnoprtxyz"
SAME = [
    ("ПОМОГИТЕ!!!", "помогите"),
    ("  помогите ,  мне\n", "помогите мне"),
    ("помогиииите", "помогите"),
    ("Көмек керек", "комек керек"),
    ("ӘҒҚҢӨҰҮҺІЁ", "агкноуухие"),
    ("удали всё", "удали все"),
    ("по-русски", "по русски"),
    ("snake_case", "snake case"),
    ("пoмoгитe", "помогите"),
    ("мeня", "меня"),
    ("help", "help"),
    ("please, HELP me", "please help me"),
    ("１ ３", "1 3"),
    ("и\u0306", "й"),
    ("\u202eпомогите", "помогите"),
    ("по\u200bмо\u00adгите", "помогите"),
    ("уби\u0301л", "убил"),
    ("МEНЯ", "меня"),
    ("MEНЯ", "меня"),
    ("помoооогите", "помогите"),
    ("🙂", ""),
    ("...", ""),
    ("", ""),
]


@pytest.mark.parametrize(("written", "folded"), SAME)
def test_spellings_that_are_the_same(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_words_without_cyrillic_letters_stay_latin() -> None:
    assert fold("oxy пoмoгитe") == "oxy помогите"


def test_two_letters_in_a_row_are_no_dragging() -> None:
    assert fold("ванна мессенджер") == "ванна мессенджер"
    assert fold("аашық") == "аашык"


def test_latin_i_is_the_kazakh_i() -> None:
    """Keyboards without Kazakh letters give a Latin i: "менi", "бiр", "бiздi"."""
    assert fold("менi") == fold("мені")
    assert fold("бiздi") == fold("бізді")


def test_a_number_is_not_a_dragged_out_letter() -> None:
    """The hotline's number must not become the first option."""
    assert fold("111") == "111"


@given(
    st.text(alphabet=CYRILLIC + CYRILLIC.upper() + " -,.!_", max_size=60)
    | st.text(alphabet=LATIN + LATIN.upper() + " -,.!_", max_size=60)
)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=80))
def test_anything_folds_to_words_and_single_spaces(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert all(word.isalnum() for word in folded.split())
