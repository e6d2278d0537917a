"""`python -m bot check`: each thing an editor can get wrong is told once, with file and line and how to mend it."""

import argparse
from datetime import date
from pathlib import Path

import pytest

from bot.commands import check
from bot.core.session import Session
from tests.small import LABEL, Small
from tests.visitor import Visitor

FLOW, KK, RU, EN = "extra/flow.yaml", "extra/kk.md", "extra/ru.md", "extra/en.md"


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """Content without a mistake."""
    return Small(tmp_path)


def _told_once(small: Small, file: str, line: int, *parts: str) -> None:
    """Exactly one mistake, there, in these words."""
    mistakes = small.mistakes()
    assert [(m.file, m.line) for m in mistakes] == [(f"content/{file}" if file else "content", line)], mistakes
    for part in parts:
        assert part in mistakes[0].told, mistakes[0].told
    assert not mistakes[0].mild
    assert str(mistakes[0]).startswith(f"{mistakes[0].file}:{line}: ")


def test_the_small_content_has_no_mistake(small: Small) -> None:
    library, reminders = small.load()
    assert reminders == ()
    assert library.find("extra") == "extra/greeting"
    assert library.find("extra/final") == "extra/last"


UNREADABLE = {
    "misspelt_key": ("    choose: {yes: tools", "    chose: {yes: tools", "chose:", "Did you mean `choose`?"),
    "misspelt_flow_key": ("keep: 24h", "kepe: 24h", "kepe:", "`kepe`", "Did you mean `keep`?"),
    "unknown_key": ("    was: [", "    colour: [", "colour:", "`colour`", "Known here: "),
    "doubled_step": ("  change:\n", "  last:\n", "  last:\n    ask: always\n    choose: {from", "`last`", "twice"),
    "doubled_key": ("keep: 24h", "keep: 24h\nkeep: 12h", "keep: 12h", "`keep` stands here twice; keep one"),
    "doubled_option": ("{yes: tools, no: tools}", "{yes: tools, yes: tools}", "{yes: tools, yes", "`yes`", "twice"),
    "no_yaml": ("choose: {yes: tools, no: tools}", "choose: {yes: tools", "  tools:", "This is no YAML"),
    "tab": ("  ask:\n    choose", "  ask:\n\t\tchoose", "\t\tchoose", "This is no YAML"),
    "no_start": ("start: greeting\n", "", "", "`start:` is missing."),
    "no_about": ("about: Everything an editor may write; nothing else leads here.\n", "", "", "`about:` is missing."),
    "other_name": ("flow: extra", "flow: extras", "flow:", "`extras`", "its folder `extra`"),
    "two_shapes": ("    write: private", "    tick: [a]\n    write: private", "  paper:", "two shapes, tick and write"),
    "no_then": ("    was: [the_last, final]\n    ask: always\n    choose: {change: change, finish: end}",
                "    was: [the_last]", "  last:", "`then:` is missing"),
    "then_beside_choose": ("    choose: {tell:", "    then: last\n    choose: {tell:", "  silent:", "has no meaning"),
    "choose_a_list": ("{yes: tools, no: tools}", "[yes, no]", "  ask:", "`{option: step}`"),
    "empty_arrow": ("{yes: tools, no: tools}", '{yes: "", no: tools}', "  ask:", "An arrow should lead to"),
    "ask_sometimes": ("    ask: always\n    choose: {change", "    ask: once\n    choose: {change", "ask: once",
                      "`ask:` knows only `always`."),
    "unknown_writing": ("write: private", "write: secret", "  paper:", "`write: secret`", "there are private"),
    "word_for_nothing": ("write: private", "write: word", "  paper:", "`write: word` needs `for:`"),
    "for_without_word": ("    up_to: 3", "    for: seal_plan", "  paper:", "`write: word` needs `for:`"),
    "unknown_word_use": ("    up_to: 3", "    for: fun", "  paper:", "`for: fun`", "seal_plan"),
    "too_many_entries": ("up_to: 3", "up_to: 11", "  paper:", "a number from 1 to 10"),
    "no_entries": ("up_to: 3", "up_to: three", "  paper:", "a number from 1 to 10"),
    "kept_too_long": ("keep: 24h", "keep: 25h", "keep:", "up to `24h`"),
    "kept_in_days": ("keep: 24h", "keep: 1d", "keep:", "up to `24h`"),
    "decide_without_else": ("      - then: visit\n", "", "  gate:", "only the last, has no `if`"),
    "decide_else_first": ("      - if: {ask: yes}\n        then: silent", "      - then: silent", "  gate:", "no `if`"),
    "decide_nothing": ("      - if: {ask: yes}\n        then: silent\n      - if: {rule: high_danger}\n"
                       "        then: silent\n      - then: visit", "      nothing", "  gate:", "should be a list"),
    "case_without_then": ("      - if: {ask: yes}\n        then: silent", "      - if: {ask: yes}", "      - if: {ask",
                          "`then:` is missing"),
    "two_conditions": ("{ask: yes}", "{ask: yes, silent: tell}", "      - if: {ask", "`{rule: name}`"),
    "quiet_perhaps": ("quiet: true", "quiet: maybe", "quiet: maybe", "`quiet:` is `true` or is left out."),
    "with_a_word": ("{urgency: now}", "now", "  tell_now:", "`with:` should be"),
    "steps_a_list": ("steps:\n  greeting:\n    then: ask\n", "steps: [greeting]\nold:\n", "old:", "Unknown word `old`"),
}  # fmt: skip
"""What stands there, what the editor makes of it, where it is told, and words of the telling."""


@pytest.mark.parametrize("slip", UNREADABLE)
def test_a_flow_that_cannot_be_read(small: Small, slip: str) -> None:
    old, new, where, *parts = UNREADABLE[slip]
    small.change(FLOW, old, new)
    _told_once(small, FLOW, small.line(FLOW, where), *parts)


ARROWS = {
    "wrong_target": (
        "answer\n    then: ask",
        "answer\n    then: aks",
        "  reopen:",
        "leads to `aks`",
        "Did you mean `ask`?",
    ),
    "wrong_target_of_option": ("no: tools", "no: nowhere_at_all", "  ask:", "`nowhere_at_all`, which does not exist"),
    "wrong_target_elsewhere": ("then: hotline", "then: hotlin/start", "  visit:", "leads to `hotlin/start`"),
    "wrong_target_beside": ("{skip: paper}", "{skip: papers}", "  tools:", "Did you mean `paper`?"),
    "wrong_afterwards": ("afterwards: silent", "afterwards: silence", "  visit:", "Did you mean `silent`?"),
    "wrong_none": ("none: last", "none: lost_list", "  change:", "leads to `lost_list`"),
    "unknown_rule": ("{rule: high_danger}", "{rule: high}", "  gate:", "`rule: high` is no known rule", "high_danger"),
    "unknown_step_in_if": ("{ask: yes}", "{aks: yes}", "  gate:", "this flow has no step `aks`"),
    "unknown_option_in_if": ("{ask: yes}", "{ask: maybe}", "  gate:", "`ask` has no option `maybe`"),
    "unknown_list": ("{from: plan_answers", "{from: answers", "  change:", "`from: answers` is no known list"),
    "unknown_deed": ("do: reopen_answer", "do: reopen", "  reopen:", "`do: reopen` is no known deed", "reopen_answer"),
    "with_missing": ("    with: {urgency: now}\n", "", "  tell_now:", "needs `with: {urgency: …}`, one of now, soon"),
    "with_wrong": ("{urgency: now}", "{urgency: later}", "  tell_now:", "one of now, soon"),
    "with_too_much": ("{urgency: now}", "{urgency: now, to: all}", "  tell_now:", "takes no `to`"),
    "only_writing": ("    or: {skip: gate}\n    then: gate", "    then: gate", "  paper:", "`or: {skip: …}`"),
    "afterwards_missing": ("    afterwards: silent\n", "", "  visit:", "leads into `hotline`", "with `afterwards:`"),
    "quiet_told_apart": ("not_now: last", "not_now: end", "  tell_now:", "`tell_now` is quiet", "the same screen"),
}


@pytest.mark.parametrize("slip", ARROWS)
def test_an_arrow_that_is_wrong(small: Small, slip: str) -> None:
    old, new, where, *parts = ARROWS[slip]
    small.change(FLOW, old, new)
    if slip == "only_writing":
        _without_labels(small, "- skip: {label} one\n")
    _told_once(small, FLOW, small.line(FLOW, where), *parts)


def _without_labels(small: Small, line: str) -> None:
    for file, label in ((KK, LABEL["kk"]), (RU, LABEL["ru"]), (EN, LABEL["en"])):
        small.change(file, line.format(label=label), "")


def test_a_start_that_does_not_exist(small: Small) -> None:
    small.change(FLOW, "start: greeting", "start: greetings")
    told = {(m.line, m.told) for m in small.mistakes()}
    assert (1, "`start: greetings`: there is no such step.") in told


def test_a_step_that_nothing_leads_to(small: Small) -> None:
    small.change(FLOW, "{change: change, finish: end}", "{change: ask, finish: end}")
    told = [(m.file, m.line, m.told) for m in small.mistakes()]
    assert told == [
        (f"content/{FLOW}", small.line(FLOW, f"  {step}:"), f"Nothing leads to the step `{step}`; {MEND}")
        for step in ("change", "reopen")
    ]


MEND = "lead to it or take it out."


def test_a_circle_without_a_question(small: Small) -> None:
    small.change(FLOW, "    do: reopen_answer\n    then: ask", "    do: reopen_answer\n    then: reopen")
    _told_once(small, FLOW, small.line(FLOW, "  reopen:"), "`reopen` leads back to itself without asking")


def test_a_step_of_the_same_name_in_another_flow_is_no_circle(small: Small) -> None:
    """`start` of a flow that leads into `hotline/start` comes back from there."""
    for file in (FLOW, KK, RU, EN):
        small.put(file, small.text(file).replace("visit", "start"))
    small.change(FLOW, "then: hotline", "then: hotline/start")
    assert small.mistakes() == ()


def test_a_circle_through_decide_is_told(small: Small) -> None:
    """What can only go round would stop her conversation with an error."""
    small.change(FLOW, "      - then: visit", "      - then: gate")
    told = [m.told for m in small.mistakes()]
    assert any("`gate` leads back to itself" in each for each in told), told


def test_a_circle_of_answered_questions_is_told(small: Small) -> None:
    """In a flow that keeps answers the way leads on through answered questions; this one has no open one."""
    small.change(FLOW, "{skip: paper}", "{skip: ask}")
    visitor = Visitor(small.load()[0]) if not small.mistakes() else None
    if visitor is not None:
        visitor.session = Session(locale="ru", at="extra/ask")
        visitor.taps("yes")
        visitor.taps("skip")
        assert visitor.at != "", "her conversation stands still"


def test_too_many_options(small: Small) -> None:
    small.change(FLOW, "{yes: tools, no: tools}", "{yes: tools, no: tools, " + ", ".join(
        f"o{n}: tools" for n in range(6)) + "}")  # fmt: skip
    mistakes = [m for m in small.mistakes() if m.file.endswith("flow.yaml")]
    assert [(m.line, m.told) for m in mistakes] == [
        (small.line(FLOW, "  ask:"), "`ask` has 8 options; a list on WhatsApp holds 7.")
    ]


def test_too_many_ticks(small: Small) -> None:
    small.change(FLOW, "[hammer, saw]", "[hammer, saw, " + ", ".join(f"t{n}" for n in range(9)) + "]")
    assert "`tools` has 11 ticks; 10 at most." in [m.told for m in small.mistakes()]


def test_the_same_tick_twice(small: Small) -> None:
    small.change(FLOW, "[hammer, saw]", "[hammer, saw, saw]")
    _told_once(small, FLOW, small.line(FLOW, "  tools:"), "has the same option twice")


def test_an_option_with_a_name_of_the_engine(small: Small) -> None:
    for file in (FLOW, KK, RU, EN):
        small.put(file, small.text(file).replace("saw", "done"))
    _told_once(small, FLOW, small.line(FLOW, "  tools:"), "`done` is the engine's own name", "something else")


def test_a_meaning_that_no_flow_opens_on(small: Small) -> None:
    small.change("doors/flow.yaml", "quick_exit, ", "")
    _told_once(small, "", 1, "No flow opens on `quick_exit`", "`opens_on:`")


def test_a_meaning_that_two_flows_open_on(small: Small) -> None:
    small.change(FLOW, "links: [extra]", "links: [extra]\nopens_on: [thank]")
    _told_once(small, FLOW, 1, "`thank` opens this flow and `doors`; it can open one.")


def test_a_meaning_that_nobody_knows(small: Small) -> None:
    small.change(FLOW, "links: [extra]", "links: [extra]\nopens_on: [thanks]")
    _told_once(small, FLOW, 1, "`thanks` is no known meaning")


def test_a_link_to_a_step_that_does_not_exist(small: Small) -> None:
    small.change(FLOW, "links: [extra]", "links: {extra: greeting, more: gone}")
    _told_once(small, FLOW, 1, "`more` opens `gone`, but there is no such step.")


def test_a_link_that_two_flows_have(small: Small) -> None:
    small.change("hotline/flow.yaml", "start: start", "links: [extra]\nstart: start")
    assert any("`extra`" in m.told for m in small.mistakes())


def test_a_landmark_that_is_missing(small: Small) -> None:
    for file in ("flow.yaml", "kk.md", "ru.md", "en.md"):
        small.put(f"settings/{file}", small.text(f"settings/{file}").replace("language", "tongue"))
    told = {(m.file, m.line, m.told) for m in small.mistakes()}
    assert ("content", 1, "`settings/language` must exist; the engine goes there by name.") in told


def test_an_aside_whose_first_option_is_not_go_on(small: Small) -> None:
    small.change("danger/flow.yaml", "{go_on: end, now: start}", "{now: start, go_on: end}")
    line = small.line("danger/flow.yaml", "  aside:")
    _told_once(small, "danger/flow.yaml", line, "`danger` needs a step `aside`", "first option leading to `end`")


WORDS = {
    "too_long_for_a_button": ("- yes: Выбор one", "- yes: " + "ы" * 21, "## ask", "21 characters; 20 fit"),
    "too_long_for_a_row": ("- skip: Выбор three", "- skip: " + "ы" * 61, "## tools", "61 characters; 60 fit"),
    "like_a_shortcut": ("- yes: Выбор one", "- yes: Меню!", "## ask", "«Меню!» is a word that always works (menu)"),
    "betraying_label": ("- yes: Выбор one", "- yes: Полиция", "## ask", "the label «Полиция» betrays («полиция»)"),
    "same_labels": ("- yes: Выбор one", "- yes: выбор, TWO", "## ask", "two options are both called"),
    "label_missing": ("- yes: Выбор one\n", "", "## ask", "`yes` has no label: add `- yes: …`"),
    "label_of_nobody": ("- yes: Выбор one\n", "- yes: Выбор one\n- maybe: Может\n", "## ask", "`maybe` belongs to no"),
    "betraying_start": ("## ask\n\nСпок", "## ask\n\n**Насилие** – нет.\n\nСпок", "## ask", "first 40", "«насилие»"),
    "says_nothing": ("## ask\n\nСпокойное слово.\n", "## ask\n", "## ask", "it says nothing."),
    "too_long_text": ("## ask\n\n", "## ask\n\n" + "Слово. " * 100, "## ask", "700 at most"),
    "raw_number": (
        "## ask\n\n",
        "## ask\n\nЭто просто слова, а потом уже номер 102.\n",
        "## ask",
        "«102»",
        "`{hotline}`",
    ),
    "raw_mobile": ("## ask\n\n", "## ask\n\nПишите +7 701 123 45 67.\n", "## ask", "«+7 701 123 45 67»", "number"),
    "raw_number_in_note": ("### note: yes\n", "### note: yes\nЗвонить 112. ", "## ask", "«112»", "telephone number"),
    "unknown_fact": ("## ask\n\n", "## ask\n\n{hotlin} и слова.\n", "## ask", "`{hotlin}`", "facts.yaml"),
    "unknown_fact_in_label": ("- yes: Выбор one", "- yes: {lex}", "## ask", "`{lex}`", "add it to facts.yaml"),
    "long_title": ("### title\nВыбор\n", "### title\n" + "ы" * 25 + "\n", "## ask", "its title has 25 characters; 24"),
    "betraying_title": ("### title\nВыбор\n", "### title\nНасилие\n", "## ask", "«Насилие» betrays"),
    "note_of_nobody": ("### note: yes", "### note: yep", "## ask", "no option `yep` to make a note for"),
    "long_page_title": ("title: Выбор", "title: " + "ы" * 25, "", "The title has 25 characters; 24 fit."),
    "betraying_page_title": ("title: Выбор", "title: Про насилие", "", "The title betrays («насилие»)"),
    "step_of_nobody": ("## silent", "## loud\n\nСлово.\n\n## silent", "## loud", "no step of this name that speaks"),
    "words_for_a_deed": ("## silent", "## gate\n\nСлово.\n\n## silent", "## gate", "no step of this name that speaks"),
    "no_front": ("---\ntitle", "title", "", "The front matter", "is missing"),
    "front_unknown": ("reviewer: a lawyer", "reviwer: a lawyer", "", "unknown word `reviwer`"),
    "front_date": ("reviewed: 2026-11-01", "reviewed: yesterday", "", "`reviewed` is a date"),
    "front_title": ("title: Выбор\n", "", "", "it needs title, reviewed"),
    "words_of_nobody": ("## greeting", "Слово.\n\n## greeting", "Слово.\n\n##", "Words before the first `## step`"),
    "doubled_step": ("## silent", "## ask\n\nСлово.\n\n## silent", "## ask\n\nСлово.", "`## ask` stands here twice"),
    "doubled_label": (
        "- yes: Выбор one\n",
        "- yes: Да\n- yes: Да, да\n",
        "- yes: Да\n",
        "label `yes` stands here twice",
    ),
    "doubled_note": ("### note: yes", "### note: yes\nA\n\n### note: yes", "### note: yes\nСпок", "stands here twice"),
    "wrong_heading": ("- yes: Выбор one", "### nota: yes\n\n- yes: Выбор one", "### nota", "`### title`, `### note"),
}


@pytest.mark.parametrize("slip", WORDS)
def test_words_that_are_wrong(small: Small, slip: str) -> None:
    old, new, where, *parts = WORDS[slip]
    small.change(RU, old, new)
    mistakes = [m for m in small.mistakes() if not _follows(slip, m.told)]
    line = small.line(RU, where)
    assert [(m.file, m.line) for m in mistakes] == [(f"content/{RU}", line)], mistakes
    assert all(part in mistakes[0].told for part in parts), mistakes[0].told


def _follows(slip: str, told: str) -> bool:
    """What a slip brings with it: a note that is now missing here, a doubt about the other languages."""
    return slip == "note_of_nobody" and "missing here" in told


@pytest.mark.parametrize(("length", "fits"), [(24, True), (25, False)])
def test_three_options_have_rows_of_24(small: Small, length: int, fits: bool) -> None:
    small.change(FLOW, "{tell: tell_now, not_now: last}", "{tell: tell_now, not_now: last, third: last}")
    for file in (KK, RU, EN):
        label = LABEL["ru" if file == RU else "kk" if file == KK else "en"]
        small.change(file, f"- not_now: {label} two\n", f"- not_now: {label} two\n- third: {'ы' * length}\n")
    assert [m.told.endswith(f"{length} characters; 24 fit on a button here.") for m in small.mistakes()] == (
        [] if fits else [True] * 3
    )


def test_a_label_is_measured_with_its_facts_filled_in(small: Small) -> None:
    small.change("facts.yaml", "police: ", "long: " + "ы" * 21 + "\npolice: ")
    small.change(RU, "- yes: Выбор one", "- yes: '{long}'")
    _told_once(small, RU, small.line(RU, "## ask"), "has 23 characters; 20 fit")


def test_labels_of_exactly_the_longest_lengths_fit(small: Small) -> None:
    small.change(RU, "- yes: Выбор one", "- yes: " + "ы" * 20)
    small.change(RU, "- hammer: Выбор one", "- hammer: " + "ы" * 60)
    small.change(RU, "title: Выбор", "title: " + "ы" * 24)
    assert small.mistakes() == ()


def test_a_betraying_word_after_the_first_40_characters_may_stand(small: Small) -> None:
    small.change(RU, "## ask\n\n", "## ask\n\n" + "Слово " * 7 + "насилие.\n")
    assert small.mistakes() == ()


def test_a_betraying_fact_is_seen_in_the_first_40_characters(small: Small) -> None:
    small.change(RU, "## ask\n\n", "## ask\n\n**{hotline}** – ночью и днём.\n")
    _told_once(small, RU, small.line(RU, "## ask"), "first 40 characters betray («111»)")


def test_a_note_in_one_language_only(small: Small) -> None:
    small.change(RU, "### note: yes\n", "### note: no\nЗаметка.\n\n### note: yes\n")
    assert [(m.file, m.line, m.told) for m in small.mistakes()] == [
        (f"content/{file}", small.line(file, "## ask"), f"`## ask`: `### note: no` is missing here, {ELSEWHERE}")
        for file in (EN, KK)
    ]


ELSEWHERE = "but stands in another language."


def test_a_step_without_words_in_one_language(small: Small) -> None:
    small.change(EN, "## silent", "## ask2")
    told = [(m.file, m.line, m.told) for m in small.mistakes()]
    assert (f"content/{EN}", 1, "The step `silent` has no words here: add `## silent`.") in told
    assert all(file == f"content/{EN}" for file, _, _ in told)


def test_notes_in_a_flow_that_keeps_nothing(small: Small) -> None:
    small.change(FLOW, "keep: 24h\n", "")
    told = {(m.file, m.told) for m in small.mistakes()}
    assert len(told) == 6
    assert all("the flow keeps no answers (`keep: 24h`)" in each for _, each in told)


def test_notes_without_a_title(small: Small) -> None:
    for file, label in ((KK, LABEL["kk"]), (RU, LABEL["ru"]), (EN, LABEL["en"])):
        small.change(file, f"### title\n{label}\n", "")
    assert {(m.file, m.line) for m in small.mistakes()} == {
        (f"content/{file}", small.line(file, "## ask")) for file in (KK, RU, EN)
    }
    assert all("no `### title`" in m.told for m in small.mistakes())


def test_a_misspelt_heading_after_a_note_is_told(small: Small) -> None:
    """It would be read as words of the note, and be shown in her plan."""
    small.change(RU, "### note: yes\nСпокойное слово.\n", "### note: yes\nСлово.\n\n### nota: no\nСлово.\n")
    mistakes = small.mistakes()
    assert [(m.file, m.line) for m in mistakes] == [(f"content/{RU}", small.line(RU, "### nota"))]


def test_a_language_that_is_missing(small: Small) -> None:
    (small.folder / KK).unlink()
    _told_once(small, KK, 1, "This language is missing.")


@pytest.mark.parametrize("file", ["facts.yaml", "shortcuts.yaml", "danger.yaml", "betraying.yaml"])
def test_a_file_that_is_missing(small: Small, file: str) -> None:
    (small.folder / file).unlink()
    told = {(m.file, m.line, m.told) for m in small.mistakes()}
    assert (f"content/{file}", 1, "This file is missing.") in told


def test_four_words_that_are_missing(small: Small) -> None:
    (small.folder / "four_words/ru.txt").unlink()
    told = {(m.file, m.told) for m in small.mistakes()}
    assert ("content/four_words/ru.txt", "This file is missing.") in told


def test_four_words_that_are_too_few(small: Small) -> None:
    small.put("four_words/ru.txt", "\n".join(small.text("four_words/ru.txt").split()[:511]))
    _told_once(small, "four_words/ru.txt", 1, "511 words are too few; 512 at least.")


def test_four_words_that_look_the_same(small: Small) -> None:
    small.put("four_words/kk.txt", small.text("four_words/kk.txt") + "көз\nкоз\n")
    _told_once(small, "four_words/kk.txt", 1, "A word stands here twice")


def test_a_shortcut_that_means_two_things(small: Small) -> None:
    small.change("shortcuts.yaml", "[меню, menu]", "[меню, menu, ПОМОЩЬ!]")
    line = small.line("shortcuts.yaml", "menu:")
    _told_once(small, "shortcuts.yaml", line, "`ПОМОЩЬ!` stands under `menu` and under `help`")


def test_a_shortcut_that_can_do_nothing(small: Small) -> None:
    small.change("shortcuts.yaml", "leave:", "leaf:")
    told = [(m.file, m.told) for m in small.mistakes()]
    assert told == [
        ("content/shortcuts.yaml", "There is no word for `leave`."),
        ("content/shortcuts.yaml", "`leaf` is nothing a shortcut can do."),
    ]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("shortcuts.yaml", "leave: [выйти, exit]", "leave: выйти"),
        ("danger.yaml", "  ru:\n    - он меня бьет\n    - бьет прямо сейчас", "  ru: он меня бьет"),
        ("danger.yaml", "  ru:\n    - он меня бьет\n", "  - он меня бьет\n  - бьет\nold:\n  ru:\n"),
        ("danger.yaml", "self_harm:", "sefl_harm:"),
        ("danger.yaml", "  ru:\n    - не хочу", "  rus:\n    - не хочу"),
        ("betraying.yaml", "ru: [насил, полиц]", "ru: насил"),
        ("betraying.yaml", "ru:", "rus:"),
        ("facts.yaml", "  ru: № 1\n", ""),
    ],
    ids=lambda part: part[:22].strip(),
)
def test_tables_that_would_be_misread_in_silence(small: Small, file: str, old: str, new: str) -> None:
    """A net without phrases, a shortcut for every letter, a fact that is empty in one language."""
    small.change(file, old, new)
    assert f"content/{file}" in {m.file for m in small.mistakes()}


def test_mistakes_of_several_files_are_all_told(small: Small) -> None:
    small.change("hotline/flow.yaml", "{ok: end}", "{ok: edn}")
    small.change(FLOW, "{rule: high_danger}", "{rule: low_danger}")
    small.change(RU, "- yes: Выбор one", "- yes: Меню")
    small.change(EN, "## ask\n\n", "## ask\n\n{nothing}\n")
    (small.folder / "menu/kk.md").unlink()
    small.change("facts.yaml", "police", "hotline")
    files = [m.file for m in small.mistakes()]
    assert files == sorted(files)
    assert {
        "content/hotline/flow.yaml", f"content/{FLOW}", f"content/{RU}", f"content/{EN}", "content/menu/kk.md",
        "content/facts.yaml",
    } == set(files)  # fmt: skip


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
def test_line_endings_of_windows_are_read(small: Small, ending: str) -> None:
    before, _ = small.load()
    for path in small.folder.rglob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"\n", ending.encode()))
    after, _ = small.load()
    assert after.flows == before.flows
    assert after.words == before.words
    assert after.four_words == before.four_words


@pytest.mark.parametrize("file", [FLOW, RU, "facts.yaml", "shortcuts.yaml", "danger.yaml", "four_words/ru.txt"])
def test_the_mark_that_notepad_writes_first_is_no_mistake(small: Small, file: str) -> None:
    """A byte order mark cannot be seen in an editor, so no sentence could tell where it stands."""
    before, _ = small.load()
    small.put(file, b"\xef\xbb\xbf" + small.text(file).encode())
    assert small.mistakes() == ()
    after, _ = small.load()
    assert (after.flows, after.words, after.facts) == (before.flows, before.words, before.facts)
    assert (after.shortcuts, after.net, after.four_words) == (before.shortcuts, before.net, before.four_words)


@pytest.mark.parametrize("file", [RU, "facts.yaml", "danger.yaml", "betraying.yaml", "four_words/ru.txt"])
def test_bytes_of_old_windows_are_told(small: Small, file: str) -> None:
    small.put(file, (small.text(file).replace("№", "N") + "\n# слово\n").encode("cp1251", "replace"))
    told = {(m.file, m.line, m.told) for m in small.mistakes()}
    assert (f"content/{file}", 1, "This file is not UTF-8 text.") in told


def test_a_flow_in_bytes_of_old_windows_is_told(small: Small) -> None:
    small.put(FLOW, (small.text(FLOW) + "# слово\n").encode("cp1251"))
    _told_once(small, FLOW, 1, "This file is not UTF-8 text.")


def test_a_character_that_yaml_cannot_hold_is_told(small: Small) -> None:
    small.change(FLOW, "about: Every", "about: \x0bEvery")
    assert {m.file for m in small.mistakes()} == {f"content/{FLOW}"}


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words\n"])
def test_a_flow_that_is_no_table(small: Small, text: str) -> None:
    small.put(FLOW, text)
    _told_once(small, FLOW, 1, "This file should be a list of `key: value` lines.")


def test_reviews_are_reminders_and_no_mistakes(small: Small) -> None:
    small.change(RU, "reviewed: 2026-11-01", "reviewed: null")
    small.change(EN, "reviewed: 2026-11-01", "reviewed: 2025-11-21")
    small.change(KK, "reviewed: 2026-11-01", "reviewed: 2025-11-22")
    _, reminders = small.load()
    assert [(r.file, r.line, r.mild) for r in reminders] == [(f"content/{EN}", 1, True), (f"content/{RU}", 1, True)]
    assert "more than 365 days old" in reminders[0].told
    assert "Nobody has reviewed this page yet" in reminders[1].told


def _checks(small: Small, monkeypatch: pytest.MonkeyPatch, strict: bool = False) -> int:
    monkeypatch.setattr(check, "CONTENT", small.folder)
    monkeypatch.setattr(check, "today", lambda: date(2026, 11, 22))
    parser = argparse.ArgumentParser()
    check.arguments(parser)
    return check.run(parser.parse_args(["--strict"] if strict else []))


@pytest.mark.parametrize("strict", [False, True])
def test_the_verb_exits_0_where_all_is_well(
    small: Small, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], strict: bool
) -> None:
    assert _checks(small, monkeypatch, strict) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "10 flows, 25 steps, no mistakes, 0 reminders.\n"


@pytest.mark.parametrize(("strict", "code"), [(False, 0), (True, 1)])
def test_reminders_exit_1_only_when_strict(
    small: Small, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], strict: bool, code: int
) -> None:
    small.change(RU, "reviewed: 2026-11-01", "reviewed: null")
    assert _checks(small, monkeypatch, strict) == code
    told = f"content/{RU}:1: Nobody has reviewed this page yet (`reviewed: null`). (reminder)\n"
    assert capsys.readouterr().out == told


@pytest.mark.parametrize("strict", [False, True])
def test_mistakes_exit_1_and_are_printed_with_file_and_line(
    small: Small, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], strict: bool
) -> None:
    small.change(FLOW, "{rule: high_danger}", "{rule: low_danger}")
    assert _checks(small, monkeypatch, strict) == 1
    said = capsys.readouterr()
    assert said.out.startswith(f"content/{FLOW}:{small.line(FLOW, '  gate:')}: `rule: low_danger` is no known rule;")
    assert said.out.count("\n") == 1
    assert said.err == "1 to mend.\n"
