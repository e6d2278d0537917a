"""fit() and split(): every reply in the shape that a channel can carry."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.centre import Precision
from bot.core.phrases import PhraseKey
from bot.core.reply import PLAIN, TELEGRAM, WEB, WHATSAPP, Capabilities, Option, Pin, Reply, fit, split
from bot.core.talk import ANYWHERE, Locale

ALL = {"telegram": TELEGRAM, "whatsapp": WHATSAPP, "plain": PLAIN, "web": WEB}
ACTIONS = tuple(Option(id=i, label=i) for i in ("back", "menu", "leave", "help"))


class KeyPhrases:
    """Phrases that say their own keys."""

    locale: Locale = "en"

    def say(self, key: PhraseKey, **values: object) -> str:
        return f"<{key}>"

    def date(self, day: date, to: Precision = "day") -> str:
        return day.isoformat()

    def distance(self, km: int) -> str:
        return f"{km} km"


SAY = KeyPhrases()


def _options(count: int, label: str = "label") -> tuple[Option, ...]:
    return tuple(Option(id=f"o{n}", label=f"{label} {n}") for n in range(1, count + 1))


def _reply(count: int = 0, actions: bool = True, **more: object) -> Reply:
    reply = Reply(step="a/b", text="Text.", locale="en", shape="choose")
    return reply.but(options=_options(count), actions=ACTIONS if actions else (), **more)


def _one(reply: Reply, can: Capabilities) -> Reply:
    (piece,) = fit(reply, can, SAY)
    return piece


def _ids(options: tuple[Option, ...]) -> list[str]:
    return [option.id for option in options]


@pytest.mark.parametrize("can", [TELEGRAM, WEB])
@pytest.mark.parametrize("count", [0, 1, 7, 12])
def test_a_channel_with_an_action_row_carries_the_reply_as_it_is(can: Capabilities, count: int) -> None:
    assert _one(_reply(count), can) == _reply(count)
    assert _one(_reply(count, shape="tick"), can) == _reply(count, shape="tick")


def test_a_pin_goes_with_the_last_message_where_the_channel_has_pins() -> None:
    pin = Pin(lat=43.2, lon=76.9)
    *before, last = fit(_reply(1, pin=pin, text="Sentence. " * 600), TELEGRAM, SAY)
    assert before
    assert (last.pin, {piece.pin for piece in before}) == (pin, {None})
    for can in (WHATSAPP, PLAIN, WEB):
        assert [piece.pin for piece in fit(_reply(1, pin=pin), can, SAY)] == [None]


@pytest.mark.parametrize("count", [1, 2])
def test_whatsapp_has_buttons_for_two_options_and_more(count: int) -> None:
    piece = _one(_reply(count), WHATSAPP)
    assert (piece.carried, piece.options) == ("buttons", _options(count))
    assert piece.actions == (Option(id="more", label="<more>"),)


def test_whatsapp_has_only_more_where_nothing_is_asked() -> None:
    piece = _one(_reply(0), WHATSAPP)
    assert (piece.carried, _ids(piece.actions)) == ("buttons", ["more"])


@pytest.mark.parametrize("count", [3, 5, 7])
def test_whatsapp_has_a_list_for_more_options_with_the_actions_last(count: int) -> None:
    piece = _one(_reply(count), WHATSAPP)
    assert (piece.carried, piece.options) == ("list", _options(count))
    assert _ids(piece.actions) == ["back", "help", "more"]
    assert len(piece.options) + len(piece.actions) <= WHATSAPP.rows


def test_a_list_has_no_back_where_there_is_no_way_back() -> None:
    piece = _one(_reply(4).but(actions=ACTIONS[1:]), WHATSAPP)
    assert _ids(piece.actions) == ["help", "more"]


def test_a_label_too_long_for_a_button_goes_into_a_list_and_is_never_cut() -> None:
    long = (Option(id="o", label="x" * 24),)
    piece = _one(_reply().but(options=long), WHATSAPP)
    assert (piece.carried, piece.options) == ("list", long)
    exact = (Option(id="o", label="x" * 20),)
    assert _one(_reply().but(options=exact), WHATSAPP).carried == "buttons"


def test_the_screen_of_all_actions_is_a_list_of_its_own() -> None:
    everything = (*ACTIONS, Option(id="language", label="language"))
    piece = _one(Reply(step=ANYWHERE, text="More", locale="en", actions=everything), WHATSAPP)
    assert (piece.carried, piece.actions) == ("list", everything)


@pytest.mark.parametrize(("count", "carried"), [(3, "buttons"), (4, "list"), (7, "list")])
def test_without_actions_all_buttons_are_for_options(count: int, carried: str) -> None:
    piece = _one(_reply(count, actions=False), WHATSAPP)
    assert (piece.carried, piece.options, piece.actions) == (carried, _options(count), ())


def test_ticks_on_whatsapp_are_by_number_and_more_stays_a_button() -> None:
    options = (Option(id="a", label="Papers", chosen=True), Option(id="b", label="Money"))
    piece = _one(_reply(shape="tick").but(options=options), WHATSAPP)
    assert piece.text == "Text.\n\n1. ✓ Papers\n2. Money\n<tick_by_number>"
    assert (piece.carried, _ids(piece.actions)) == ("numbers", ["more"])


def test_plain_text_has_numbers_and_no_buttons() -> None:
    piece = _one(_reply(3), PLAIN)
    assert piece.text == "Text.\n\n1. label 1\n2. label 2\n3. label 3\n<choose_by_number>"
    assert (piece.carried, piece.actions) == ("numbers", ())


def test_plain_text_without_options_asks_for_no_number() -> None:
    assert _one(_reply(0, shape="write"), PLAIN).text == "Text."


def test_a_long_text_is_split_and_the_options_stand_on_the_last_piece() -> None:
    paragraph = "Слово за словом. " * 20
    reply = _reply(2, text="\n\n".join([paragraph.strip()] * 6), asks_place=True)
    pieces = fit(reply, WHATSAPP, SAY)
    assert len(pieces) >= 2
    assert all(len(piece.text) <= WHATSAPP.text_with_options for piece in pieces)
    assert all(not piece.options and not piece.actions and not piece.asks_place for piece in pieces[:-1])
    assert {piece.carried for piece in pieces[:-1]} == {"text"}
    assert pieces[-1].options == _options(2)
    assert pieces[-1].asks_place


def test_without_buttons_the_longer_limit_holds() -> None:
    reply = _reply(0, actions=False, text="ы" * 1500)
    assert len(fit(reply, WHATSAPP, SAY)) == 1
    assert len(fit(reply.but(actions=ACTIONS), WHATSAPP, SAY)) == 2


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("short", 10, ("short",)),
        ("exactly te", 10, ("exactly te",)),
        ("one two.\n\nthree four", 15, ("one two.", "three four")),
        ("one. two.\nthree four", 15, ("one. two.", "three four")),
        ("One two. Three four", 15, ("One two.", "Three four")),
        ("one two three four", 15, ("one two three", "four")),
        ("abcdefghijkl", 5, ("abcde", "fghij", "kl")),
        ("", 5, ("",)),
    ],
)
def test_text_is_cut_at_paragraphs_lines_sentences_words(text: str, limit: int, pieces: tuple[str, ...]) -> None:
    assert split(text, limit) == pieces


@given(st.text(max_size=300), st.integers(min_value=1, max_value=60))
def test_split_loses_nothing_but_spaces_and_keeps_the_limit(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(
    text=st.text(alphabet="абв .!?\n", min_size=1, max_size=6000),
    labels=st.lists(st.text(alphabet="абв ", min_size=1, max_size=24), max_size=7),
    shape=st.sampled_from(["choose", "tick", "write"]),
    channel=st.sampled_from(sorted(ALL)),
)
def test_every_piece_fits_and_nothing_is_lost(text: str, labels: list[str], shape: str, channel: str) -> None:
    can = ALL[channel]
    options = tuple(Option(id=str(n), label=label) for n, label in enumerate(labels))
    pieces = fit(_reply(text=text, shape=shape).but(options=options), can, SAY)
    assert all(len(piece.text) <= can.text for piece in pieces)
    last = pieces[-1]
    if last.options or last.actions:
        assert len(last.text) <= can.text_with_options
    joined = "".join("".join(piece.text for piece in pieces).split())
    assert joined.startswith("".join(text.split()))
    assert all("".join(label.split()) in joined for label in labels) or last.carried != "numbers"
    assert last.options == options


@given(text=st.text(alphabet="абв .\n", min_size=1, max_size=4000), channel=st.sampled_from(sorted(ALL)))
def test_no_piece_is_blank(text: str, channel: str) -> None:
    """A provider refuses a message without text. `check` sees to it that a step says something."""
    if text.strip():
        assert all(piece.text.strip() for piece in fit(_reply(2, text=text), ALL[channel], SAY))
