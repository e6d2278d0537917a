"""hear(): what was said means an answer, a door, or nothing; cruel input does no harm; danger comes first."""

from datetime import timedelta

import pytest

from bot.core.door import Door
from bot.core.effect import Erase, OpenCase
from bot.core.flow import Question, Tick, Write
from bot.core.library import Library
from bot.core.reply import PLAIN, TELEGRAM, fit
from bot.core.session import Answer, Session
from bot.core.talk import ANYWHERE, LOCALES, Hello, Tap, Text
from bot.core.understanding import Danger, Meaning, Understanding
from bot.engine.hear import HALF_SURE, SURE, need, never_limited
from bot.engine.turn import LONGEST_ENTRY
from tests.visitor import Visitor

NOW = "он меня сейчас убьёт, он меня бьёт"
SEALED = Understanding(made="sealed", four_words="а б в г")


def _at(library: Library, at: str, answers: dict[str, Answer] | None = None, mode: str = "plain") -> Visitor:
    visitor = Visitor(library)
    visitor.session = Session(locale="ru", chose_locale=True, at=at, answers=answers or {}, mode=mode)
    visitor.comes()
    assert visitor.at == at
    return visitor


def _answer(visitor: Visitor, at: str) -> Answer | None:
    assert visitor.session is not None
    return visitor.session.answers.get(at)


def _kinds(visitor: Visitor) -> list[str]:
    return [effect.kind for effect in visitor.turn.effects]


def _stored(visitor: Visitor) -> str:
    """Everything that would be kept of her: session, door, effects."""
    assert visitor.session is not None
    door = visitor.door.model_dump_json() if visitor.door else ""
    return visitor.session.model_dump_json() + door + visitor.turn.model_dump_json(exclude={"replies"})


def _net_phrase(library: Library, kind: Danger) -> str:
    phrases = library.net.now if kind == "now" else library.net.self_harm
    return " ".join(word.rstrip("*") for word in phrases[0])


# --- numbers, labels, yes and no ---


@pytest.mark.parametrize("said", ["2", " 2 ", "2.", "2)", "２"])
def test_a_number_is_the_option_that_stands_there(library: Library, said: str) -> None:
    visitor = _at(library, "safety_plan/living")
    visitor.says(said)
    assert _answer(visitor, "safety_plan/living") == "apart"


@pytest.mark.parametrize("said", ["0", "5", "99", "-", "100000", "1.5e3", "٢"])
def test_a_number_that_stands_nowhere_is_no_answer(library: Library, said: str) -> None:
    visitor = _at(library, "safety_plan/living")
    visitor.says(said)
    assert _answer(visitor, "safety_plan/living") is None


@pytest.mark.parametrize("said", ["111", "112", "102"])
@pytest.mark.parametrize("at", ["menu/home", "danger/start", "safety_plan/living"])
def test_the_number_of_the_hotline_is_not_the_first_option(library: Library, at: str, said: str) -> None:
    visitor = _at(library, at)
    first = visitor.options[0]
    visitor.says(said)
    twin = _at(library, at)
    twin.taps(first)
    assert visitor.at != twin.at


@pytest.mark.parametrize("locale", LOCALES)
def test_every_label_and_number_of_every_question_answers_it(library: Library, locale: str) -> None:
    for flow in library.flows.values():
        for name, step in flow.steps.items():
            if not isinstance(step, Question) or getattr(step, "list_from", None):
                continue
            visitor = Visitor(library, locale)  # type: ignore[arg-type]
            mode = "cover" if flow.name == "cover" else "plain"
            at = f"{flow.name}/{name}"
            visitor.session = Session(locale=locale, chose_locale=True, at=at, mode=mode)
            visitor.comes()
            _same_by_label_and_tap(visitor)


def _same_by_label_and_tap(visitor: Visitor) -> None:
    for number, option in enumerate(visitor.sees.options, 1):
        tapped, said, counted = visitor.copy(), visitor.copy(), visitor.copy()
        tapped.taps(option.id)
        said.says(option.label.upper())
        assert said.turn == tapped.turn, (visitor.at, option.label)
        if not isinstance(visitor.library.step(visitor.at), Tick):
            counted.says(f"{number}")
            assert counted.turn == tapped.turn, (visitor.at, number)


@pytest.mark.parametrize("said", ["да", "Да!", "ага", "иә", "yes", "ДА"])
def test_yes_answers_a_question_that_has_it(library: Library, said: str) -> None:
    visitor = _at(library, "quiet_help/is_it_now")
    visitor.says(said)
    assert _answer(visitor, "quiet_help/is_it_now") == "yes"


@pytest.mark.parametrize("said", ["нет", "жоқ", "жок", "no", "Nope"])
def test_no_answers_a_question_that_has_it(library: Library, said: str) -> None:
    visitor = _at(library, "quiet_help/is_it_now")
    visitor.says(said)
    assert _answer(visitor, "quiet_help/is_it_now") == "no"


def test_understood_yes_and_no_answer_too_when_sure(library: Library) -> None:
    for intent, sure, expected in (("affirm", 0.9, "yes"), ("deny", SURE, "no"), ("affirm", 0.3, None)):
        visitor = _at(library, "quiet_help/is_it_now")
        visitor.says("так точно", Understanding(intent=intent, sure=sure, source="nlu"))
        assert _answer(visitor, "quiet_help/is_it_now") == expected


# --- ticks ---


@pytest.mark.parametrize(
    ("said", "ticked"),
    [
        ("1 3", ("papers", "keys")),
        ("3, 1", ("keys", "papers")),
        ("1,3;5", ("papers", "keys", "medicine")),
        ("2 2 2", ("money",)),
        ("все", ("papers", "money", "keys", "charger", "medicine", "clothes", "children", "dear")),
        ("Бәрі!", ("papers", "money", "keys", "charger", "medicine", "clothes", "children", "dear")),
        ("ничего", ()),
        ("none", ()),
    ],
)
def test_ticks_by_number(library: Library, said: str, ticked: tuple[str, ...]) -> None:
    visitor = _at(library, "safety_plan/bag")
    visitor.says(said)
    assert _answer(visitor, "safety_plan/bag") == ticked
    assert visitor.at == "safety_plan/more"


def test_a_number_beside_the_ticks_is_the_button_there(library: Library) -> None:
    visitor = _at(library, "safety_plan/bag")
    visitor.says("9")
    assert _answer(visitor, "safety_plan/bag") == "skip"


def test_every_number_that_is_shown_can_be_answered(library: Library) -> None:
    """Also that of "Done"."""
    visitor = _at(library, "safety_plan/bag")
    visitor.taps("papers")
    text = fit(visitor.sees, PLAIN, library.phrases["ru"])[-1].text
    assert "10. " in text
    visitor.says("10")
    assert _answer(visitor, "safety_plan/bag") == ("papers",)
    assert visitor.at == "safety_plan/more"


def test_ticks_by_tap_are_set_and_taken_away(library: Library) -> None:
    visitor = _at(library, "safety_plan/bag")
    for option in ("money", "papers", "money"):
        visitor.taps(option)
    assert [o.id for o in visitor.sees.options if o.chosen] == ["papers"]
    assert _answer(visitor, "safety_plan/bag") is None
    visitor.says("готово")
    assert _answer(visitor, "safety_plan/bag") == ("papers",)


# --- taps that are old or forged ---


@pytest.mark.parametrize(
    ("step", "option"),
    [
        ("safety_plan/children", "yes"),
        ("safety_plan/living", "never_there"),
        ("safety_plan/living", "next"),
        ("safety_plan/living", "done"),
        ("safety_plan", "together"),
        ("no_flow/no_step", "x"),
        ("", ""),
        ("/", "/"),
        ("*", "open_case"),
        ("*", ""),
        ("quiet_help/keep_now", ""),
        ("cover/home", "stains"),
    ],
)
def test_a_stale_or_forged_tap_asks_again_and_does_nothing(library: Library, step: str, option: str) -> None:
    visitor = _at(library, "safety_plan/living")
    visitor.does(Tap(step=step, option=option))
    assert visitor.at == "safety_plan/living"
    assert visitor.session is not None
    assert visitor.session.answers == {}
    assert visitor.turn.effects == ()
    assert visitor.sees.text.startswith(library.phrases["ru"].say("old_button"))


def test_a_tap_before_anything_was_asked_opens_the_door(library: Library) -> None:
    visitor = Visitor(library)
    visitor.does(Tap(step="quiet_help/where", option="skip"))
    assert visitor.at == "menu/home"
    assert visitor.turn.effects == ()


# --- words that always work ---


@pytest.mark.parametrize("locale", LOCALES)
def test_leave_works_at_every_question_in_every_spelling(library: Library, locale: str) -> None:
    words = [word for word, action in library.shortcuts.items() if action == "leave"]
    questions = [f"{f.name}/{n}" for f in library.flows.values() for n, s in f.steps.items() if isinstance(s, Question)]
    for at in questions:
        visitor = Visitor(library, locale)  # type: ignore[arg-type]
        mode = "cover" if at.startswith("cover/") else "plain"
        visitor.session = Session(locale=locale, at=at, mode=mode)
        for word in words:
            goes = visitor.copy()
            goes.says(word.upper() + "!")
            assert goes.session is None, (at, word)
            assert Erase() in goes.turn.effects
            assert {effect.kind for effect in goes.turn.effects} <= {"erase", "hush_case"}
            assert goes.turn.replies == ()


@pytest.mark.parametrize(
    ("said", "at"),
    [("меню", "menu/home"), ("МЕНЮ.", "menu/home"), ("помогите!", "hotline/start"), ("көмек", "hotline/start"),
     ("тіл", "settings/language"), ("language", "settings/language")],
)  # fmt: skip
@pytest.mark.parametrize("writing", ["safety_plan/code_word", "quiet_help/where", "settings/word"])
def test_shortcuts_work_in_write_steps_and_are_not_stored(library: Library, writing: str, said: str, at: str) -> None:
    visitor = _at(library, writing)
    visitor.says(said)
    assert visitor.at == at
    assert visitor.session is not None
    assert visitor.session.answers == {}


def test_a_language_is_changed_in_the_middle_of_writing(library: Library) -> None:
    visitor = _at(library, "safety_plan/code_word")
    visitor.says("қазақша")
    assert visitor.at == "safety_plan/code_word"
    assert visitor.sees.locale == "kk"
    assert visitor.sees.text == library.voice("kk", "safety_plan/code_word").text


# --- cruel input ---


CRUEL = ["", "   ", "\n\n", "\x00", "\x00\x00a", "🙂", "👩‍👧", "\u202eтекст", "\u200b", "\ufeff", "...", "—", "{plan}",
         "%s", "<b>", "*", "/start", "́", "ھەلو", "שלום", "a" * 5000, "\ud800"]  # fmt: skip


@pytest.mark.parametrize("said", CRUEL)
@pytest.mark.parametrize("at", ["menu/home", "safety_plan/bag", "safety_plan/code_word", "settings/word", "cover/home"])
def test_cruel_input_always_gets_a_question(library: Library, at: str, said: str) -> None:
    mode = "cover" if at.startswith("cover/") else "plain"
    visitor = _at(library, at, mode=mode)
    visitor.says(said)
    assert visitor.session is not None
    assert isinstance(library.step(visitor.at), Question)
    assert visitor.sees.text
    assert visitor.turn.effects == ()
    assert "\x00" not in _stored(visitor)


@pytest.mark.parametrize("said", ["🙂", "...", "👩‍👧", "\u202e\u200b"])
def test_emoji_only_is_answered_kindly(library: Library, said: str) -> None:
    visitor = _at(library, "menu/home")
    visitor.says(said)
    assert visitor.at == "not_understood/start"
    assert need(_at(library, "menu/home").scene(Text(text=said))) == "nothing"


def test_null_bytes_are_left_out_of_an_entry(library: Library) -> None:
    visitor = _at(library, "safety_plan/code_word")
    visitor.says("крас\x00ный")
    assert _answer(visitor, "safety_plan/code_word") == ("красный",)


def test_right_to_left_marks_do_not_hide_a_shortcut_or_danger(library: Library) -> None:
    visitor = _at(library, "menu/home")
    visitor.says("\u202eвыход\u202c")
    assert visitor.session is None
    visitor = _at(library, "menu/home")
    visitor.says(f"\u202e{_net_phrase(library, 'now')}\u202c")
    assert visitor.at == "danger/start"


@pytest.mark.parametrize("at", ["menu/home", "safety_plan/code_word", "safety_plan/bag_place", "settings/word"])
def test_a_hundred_kilobytes_are_not_stored(library: Library, at: str) -> None:
    visitor = _at(library, at)
    visitor.says("слово " * 17_000)
    assert visitor.at != ""
    assert len(_stored(visitor)) < 2_000


def test_danger_is_heard_at_the_end_of_a_very_long_message(library: Library) -> None:
    visitor = _at(library, "menu/home")
    visitor.says("слово " * 17_000 + _net_phrase(library, "now"))
    assert visitor.at == "danger/start"


@pytest.mark.parametrize("length", [LONGEST_ENTRY, LONGEST_ENTRY + 1])
def test_an_entry_has_a_longest_length(library: Library, length: int) -> None:
    visitor = _at(library, "safety_plan/code_word")
    visitor.says("ы" * 2 + "б" + "ц ж" * ((length - 3) // 3) + "щ" * ((length - 3) % 3))
    kept = _answer(visitor, "safety_plan/code_word")
    if length <= LONGEST_ENTRY:
        assert kept is not None
        assert visitor.at == "safety_plan/bag"
    else:
        assert kept is None
        assert visitor.at == "safety_plan/code_word"
        assert str(LONGEST_ENTRY) in visitor.sees.text
        assert str(length) in visitor.sees.text


# --- secret words ---


SECRET = "шкаф тюлень облако"


@pytest.mark.parametrize("at", ["settings/word", "safety_plan/seal", "kept_plan/word"])
@pytest.mark.parametrize("locale", LOCALES)
def test_a_secret_word_is_never_stored_or_said(library: Library, at: str, locale: str) -> None:
    visitor = Visitor(library, locale)  # type: ignore[arg-type]
    visitor.door = Door(locale="ru", plan="sealed before")
    visitor.session = Session(locale=locale, at=at)
    visitor.says(SECRET, Understanding(made="made", intent="greet", sure=1.0))
    for part in (SECRET, *SECRET.split()):
        assert part not in _stored(visitor)
        assert part not in visitor.turn.model_dump_json()


def test_a_word_step_asks_the_vault_and_not_the_ears(library: Library) -> None:
    for at, asked in (
        ("settings/word", "own_word"),
        ("safety_plan/seal", "seal_plan"),
        ("kept_plan/word", "open_plan"),
    ):
        assert need(_at(library, at).scene(Text(text=SECRET))) == asked
    assert need(_at(library, "safety_plan/code_word").scene(Text(text=SECRET))) == "ears"
    assert need(_at(library, "safety_plan/code_word").scene(Text(text="меню"))) == "nothing"
    assert need(_at(library, "menu/home").scene(Hello())) == "nothing"


@pytest.mark.parametrize(("at", "word"), [("settings/word", "абв"), ("safety_plan/seal", "одиннадцать")])
def test_a_word_that_is_too_short_is_asked_for_again(library: Library, at: str, word: str) -> None:
    visitor = _at(library, at)
    visitor.says(word, SEALED)
    assert visitor.at == at
    assert _kinds(visitor) == []
    visitor.says(word + "ы", SEALED)
    assert visitor.at != at
    assert _kinds(visitor) == ["set_door"]


def test_a_secret_that_sounds_like_danger_is_kept_or_said_to_be_lost(library: Library) -> None:
    """The vault must be asked, else she is told that a word is kept which nobody kept."""
    phrase = _net_phrase(library, "now")
    visitor = _at(library, "settings/word")
    asked = need(visitor.scene(Text(text=phrase)))
    visitor.says(phrase, SEALED if asked == "own_word" else Understanding())
    assert visitor.at != "settings/word_kept" or (visitor.door is not None and visitor.door.word is not None)


# --- danger ---


@pytest.mark.parametrize(("kind", "at"), [("now", "danger/start"), ("self_harm", "self_harm/start")])
@pytest.mark.parametrize("where", ["menu/home", "safety_plan/living", "safety_plan/bag", "rights/start"])
def test_danger_in_free_text_opens_its_door(library: Library, kind: Danger, at: str, where: str) -> None:
    by_net = _at(library, where)
    by_net.says(_net_phrase(library, kind))
    assert by_net.at == at
    by_nlu = _at(library, where)
    intent = {"now": "danger_now", "self_harm": "self_harm"}[kind]
    by_nlu.says("непонятные слова", Understanding(intent=intent, sure=0.4, danger=kind, source="nlu"))
    assert by_nlu.at == at


@pytest.mark.parametrize(("kind", "aside"), [("now", "danger/aside"), ("self_harm", "self_harm/aside")])
@pytest.mark.parametrize("where", ["menu/home", "safety_plan/living"])
def test_danger_that_may_be_meant_is_one_line_before_the_door(
    library: Library, kind: Danger, aside: str, where: str
) -> None:
    visitor = _at(library, where)
    visitor.says("как развестись", Understanding(intent="rights_divorce_children", sure=0.9, danger=kind, source="nlu"))
    assert visitor.at == aside
    assert visitor.options[0] == "go_on"
    visitor.taps("go_on")
    assert visitor.at == library.doors["rights_divorce_children"]
    visitor.acts("back")
    assert visitor.at == aside
    visitor.taps("go_on")
    visitor.taps("now" if "now" in visitor.options else visitor.options[-1])


@pytest.mark.parametrize(("kind", "at"), [("now", "danger/aside"), ("self_harm", "self_harm/aside")])
@pytest.mark.parametrize("by", ["net", "nlu"])
@pytest.mark.parametrize(("where", "then"), [("safety_plan/code_word", "safety_plan/bag"), ("quiet_help/where", None)])
def test_danger_while_writing_is_one_line_and_the_entry_is_kept(
    library: Library, kind: Danger, at: str, by: str, where: str, then: str | None
) -> None:
    visitor = _at(library, where, {"quiet_help/is_it_now": "yes", "quiet_help/may_write": "no"})
    said = _net_phrase(library, kind) if by == "net" else "непонятные слова"
    visitor.says(said, Understanding() if by == "net" else Understanding(danger=kind, source="nlu"))
    assert visitor.at == at
    assert visitor.options[0] == "go_on"
    assert "\n\n" not in visitor.sees.text
    if then is None:  # the alarm does not wait for another tap
        (case,) = visitor.turn.effects
        assert isinstance(case, OpenCase)
        assert case.place == said
    else:
        assert _answer(visitor, where) == (said,)
    visitor.taps("go_on")
    assert visitor.at == (then or "quiet_help/truth")


def test_danger_in_the_second_of_several_entries_comes_back_to_the_writing(library: Library) -> None:
    several = [
        f"{f.name}/{n}" for f in library.flows.values() for n, s in f.steps.items()
        if isinstance(s, Write) and s.up_to > 1
    ]  # fmt: skip
    for at in several:
        visitor = _at(library, at)
        visitor.says("первое")
        assert visitor.at == at
        visitor.says(_net_phrase(library, "now"))
        assert visitor.at == "danger/aside"
        visitor.taps("go_on")
        assert visitor.at == at
        assert _answer(visitor, at) == ("первое", _net_phrase(library, "now"))


def test_a_long_entry_full_of_danger_is_heard_and_not_kept(library: Library) -> None:
    visitor = _at(library, "safety_plan/code_word")
    visitor.says("слово " * 60 + _net_phrase(library, "now"))
    assert visitor.at == "danger/aside"
    assert _answer(visitor, "safety_plan/code_word") is None
    visitor.taps("go_on")
    assert visitor.at == "safety_plan/code_word"


def test_the_flood_limit_never_stops_leave_and_danger(library: Library) -> None:
    visitor = _at(library, "safety_plan/living")
    assert never_limited(visitor.scene(Text(text="выход")))
    assert never_limited(visitor.scene(Tap(step=ANYWHERE, option="leave")))
    assert never_limited(visitor.scene(Text(text=_net_phrase(library, "now"))))
    assert never_limited(visitor.scene(Text(text=_net_phrase(library, "self_harm"))))
    writing = _at(library, "safety_plan/code_word")
    assert never_limited(writing.scene(Text(text=_net_phrase(library, "now"))))
    for text in ("1", "меню", "слова", ""):
        assert not never_limited(visitor.scene(Text(text=text)))


# --- meanings ---


MEANT = Understanding(
    intent="rights_housing", sure=0.4, runner_up=Meaning(intent="find_centre", sure=0.3), source="nlu"
)


def test_a_sure_meaning_opens_its_door(library: Library) -> None:
    visitor = _at(library, "menu/home")
    visitor.says("слова", MEANT.but(sure=SURE))
    assert visitor.at == library.doors["rights_housing"]


@pytest.mark.parametrize("sure", [HALF_SURE, SURE - 0.01])
def test_a_half_sure_meaning_offers_doors(library: Library, sure: float) -> None:
    visitor = _at(library, "menu/home")
    visitor.says("слова", MEANT.but(sure=sure))
    assert visitor.at == "not_understood/did_you_mean"
    assert visitor.options == ("rights_housing", "find_centre")
    visitor.taps("find_centre")
    assert visitor.at == "nearest_centre/ask"


def test_an_unsure_meaning_is_not_understood(library: Library) -> None:
    visitor = _at(library, "menu/home")
    visitor.says("слова", MEANT.but(sure=HALF_SURE - 0.01))
    assert visitor.at == "not_understood/start"


def test_what_nobody_understood_at_the_very_beginning_is_welcomed(library: Library) -> None:
    visitor = Visitor(library)
    visitor.says("слова")
    assert visitor.at == "menu/hello"


def test_a_meaning_does_not_disturb_who_writes(library: Library) -> None:
    visitor = _at(library, "safety_plan/code_word")
    visitor.says("красный чайник", MEANT.but(sure=1.0))
    assert _answer(visitor, "safety_plan/code_word") == ("красный чайник",)


def test_a_shared_place_is_about_a_kilometre(library: Library) -> None:
    visitor = _at(library, "quiet_help/where", {"quiet_help/is_it_now": "yes"})
    visitor.shares(43.238949, 76.889709)
    (case,) = visitor.turn.effects
    assert isinstance(case, OpenCase)
    assert case.place == "43.24, 76.89"
    assert "43." not in (visitor.session.model_dump_json() if visitor.session else "")


def test_a_voice_message_is_answered_and_not_stored(library: Library) -> None:
    visitor = _at(library, "safety_plan/living")
    visitor.sends("voice")
    assert visitor.at.startswith("i_cannot_write/")


# --- late ---


def _late(visitor: Visitor, body: Text | Tap | Hello) -> None:
    visitor.does(body, at=visitor.now - timedelta(minutes=15))


@pytest.mark.parametrize("body", [Text(text="выход"), Tap(step=ANYWHERE, option="leave")])
def test_a_late_leave_is_obeyed(library: Library, body: Text | Tap) -> None:
    visitor = _at(library, "safety_plan/living")
    visitor.door = Door(locale="ru", word="hashed")
    _late(visitor, body)
    assert visitor.session is None
    assert {effect.kind for effect in visitor.turn.effects} >= {"erase", "set_door"}
    assert visitor.door.cover
    assert visitor.turn.replies == ()


def test_a_late_alarm_opens_a_case_and_is_not_answered(library: Library) -> None:
    visitor = _at(library, "quiet_help/where", {"quiet_help/is_it_now": "yes"})
    written = visitor.now - timedelta(minutes=15)
    visitor.does(Text(text="Абай"), at=written)
    (case,) = visitor.turn.effects
    assert isinstance(case, OpenCase)
    assert (case.place, case.written_at) == ("Абай", written)
    assert visitor.turn.replies == ()


@pytest.mark.parametrize(
    "body",
    [Text(text="1"), Text(text="меню"), Text(text="слова"), Tap(step="safety_plan/living", option="apart"), Hello()],
)
def test_everything_else_that_is_late_waits_for_her_next_message(library: Library, body: Text | Tap | Hello) -> None:
    visitor = _at(library, "safety_plan/living")
    before = visitor.session
    _late(visitor, body)
    assert visitor.session == before
    assert (visitor.turn.replies, visitor.turn.effects) == ((), ())


def test_nine_minutes_are_not_late(library: Library) -> None:
    visitor = _at(library, "safety_plan/living")
    visitor.does(Text(text="1"), at=visitor.now - timedelta(minutes=9))
    assert _answer(visitor, "safety_plan/living") == "together"
    assert visitor.turn.replies


# --- the cover ---


def _covered(library: Library, word: str | None = "hashed") -> Visitor:
    visitor = Visitor(library, "ru", TELEGRAM)
    visitor.door = Door(locale="ru", cover=True, word=word)
    visitor.comes()
    assert visitor.at == "cover/home"
    return visitor


def test_a_wrong_word_shows_only_the_cover(library: Library) -> None:
    visitor = _covered(library)
    assert need(visitor.scene(Text(text="неверное"))) == "check_word"
    visitor.says("неверное", Understanding(intent="menu", sure=1.0, danger="now"))
    assert visitor.at == "cover/lost"
    assert visitor.turn.effects == ()


def test_her_own_word_opens(library: Library) -> None:
    visitor = _covered(library)
    visitor.says("верное", Understanding(opened=True))
    assert visitor.at == "menu/home"
    assert visitor.session is not None
    assert visitor.session.mode == "plain"
    assert visitor.door is not None
    assert not visitor.door.cover


def test_without_a_word_no_text_opens(library: Library) -> None:
    visitor = _covered(library, word=None)
    assert need(visitor.scene(Text(text="слово"))) == "nothing"
    visitor.says("слово", Understanding(opened=True))
    assert visitor.at == "cover/lost"


@pytest.mark.parametrize("link", ["school", "school-17", "school-almaty-3"])
def test_a_code_that_hangs_in_a_school_opens_what_is_for_the_young(library: Library, link: str) -> None:
    visitor = Visitor(library)
    visitor.comes(link)
    assert visitor.at == library.links["teen"]
    visitor.comes("-17")
    assert visitor.at == library.links["teen"]


def test_a_known_link_opens_and_an_unknown_one_does_not(library: Library) -> None:
    visitor = _covered(library)
    visitor.comes("unknown")
    assert visitor.at == "cover/home"
    visitor.comes("help")
    assert visitor.at == "menu/hello"
    assert visitor.door is not None
    assert not visitor.door.cover


def test_old_buttons_in_the_cover_show_the_cover(library: Library) -> None:
    visitor = _covered(library)
    for step, option in (("menu/home", "plan"), ("*", "menu"), ("*", "help"), ("*", "back"), ("*", "more")):
        visitor.taps(option, step)
        assert visitor.at == "cover/home"
        assert visitor.sees.text == library.voice("ru", "cover/home").text
        assert visitor.sees.actions == ()


@pytest.mark.parametrize("by", ["word", "tap"])
def test_leave_in_the_cover_still_wipes(library: Library, by: str) -> None:
    visitor = _covered(library)
    visitor.says("выход") if by == "word" else visitor.acts("leave")
    assert visitor.session is None
    assert "erase" in {effect.kind for effect in visitor.turn.effects}
    assert visitor.turn.replies == ()
    visitor.comes()
    assert visitor.at == "cover/home"


def test_the_language_can_be_changed_by_tap_in_the_cover(library: Library) -> None:
    visitor = _covered(library)
    visitor.acts("en")
    assert visitor.sees.text == library.voice("en", "cover/home").text
    assert visitor.door is not None
    assert visitor.door.locale == "en"


def test_a_place_or_a_voice_message_in_the_cover_shows_the_cover(library: Library) -> None:
    visitor = _covered(library)
    visitor.shares(43.2, 76.9)
    assert visitor.at == "cover/lost"
    visitor.sends("voice")
    assert visitor.at == "cover/lost"


def test_putting_on_the_cover_leaves_no_way_back(library: Library) -> None:
    visitor = Visitor(library, "ru", TELEGRAM)
    visitor.comes()
    visitor.taps("safe")
    visitor.taps("settings")
    visitor.taps("cover_now")
    visitor.taps("put_on")
    assert visitor.at == "cover/home"
    assert visitor.session is not None
    assert (visitor.session.stack, visitor.session.trail, visitor.sees.actions) == ((), (), ())
    visitor.acts("back")
    assert visitor.at == "cover/home"
