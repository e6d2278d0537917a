"""Promises about the words that structure can test, over the real content. Meaning is for a reader (product.md)."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from bot.adapters.files.words_file import read_words
from bot.core.door import Door
from bot.core.flow import Choose, Question, Tick, Write
from bot.core.folding import fold
from bot.core.library import LANGUAGE, Library
from bot.core.session import Answer, Session
from bot.core.talk import LOCALES, Locale
from bot.core.understanding import Understanding
from bot.core.words import Voice, Words
from bot.settings import CONTENT
from tests.visitor import Visitor

QUOTED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"", re.S)
WHY: dict[Locale, re.Pattern[str]] = {
    "kk": re.compile(r"\b(неге|неліктен)\b", re.I),
    "ru": re.compile(r"\b(почему|зачем|отчего)\b", re.I),
    "en": re.compile(r"\bwhy\b", re.I),
}
INFORMAL: dict[Locale, re.Pattern[str]] = {
    "kk": re.compile(r"\b(сен|сенің|саған|сені|сенде|сенен|сенімен|өзің|өзіңді|өзіңе)\b", re.I),
    "ru": re.compile(r"\b(ты|тебя|тебе|тобой|тобою|твой|твоя|твоё|твое|твои|твоего|твоей|твоим|твоих|твою)\b", re.I),
}
FULL_PLAN: dict[str, Answer] = {
    "safety_plan/living": "together", "safety_plan/children": "yes", "safety_plan/signs": ("strangling", "weapon"),
    "safety_plan/doctor": "noted", "safety_plan/numbers": "go_on", "safety_plan/rooms": ("door",),
    "safety_plan/exits": ("keys",), "safety_plan/people": ("neighbour",), "safety_plan/bag": ("papers",),
    "safety_plan/code_word": ("полиция, убивает",),
}  # fmt: skip


@pytest.fixture(scope="module")
def pages(library: Library) -> dict[str, dict[Locale, Words]]:
    """The pages as they are written, facts not filled in."""
    return {
        flow: {locale: read_words(CONTENT / flow / f"{locale}.md", f"{flow}/{locale}.md") for locale in LOCALES}
        for flow in library.flows
    }


def _voices(pages: dict[str, dict[Locale, Words]]) -> Iterator[tuple[str, dict[Locale, Voice]]]:
    """Every step that speaks, in three languages."""
    for flow, page in pages.items():
        for name in page["ru"].voices:
            yield f"{flow}/{name}", {locale: page[locale].voices[name] for locale in LOCALES}


def _all_texts(library: Library, locale: Locale) -> Iterator[tuple[str, str]]:
    for flow, page in library.words[locale].items():
        yield f"{flow}: title", page.title
        for name, voice in page.voices.items():
            for text in (voice.text, voice.title or "", *_lines(voice)):
                yield f"{flow}/{name}", text


def _lines(voice: Voice) -> list[str]:
    return [*voice.labels.values(), *voice.notes.values(), *voice.errands.values()]


def _same(found: dict[Locale, object]) -> bool:
    return all(value == found["ru"] for value in found.values())


# --- P5: the same in three languages ---


def test_the_same_steps_in_the_same_order_in_three_languages(pages: dict[str, dict[Locale, Words]]) -> None:
    for flow, page in pages.items():
        assert _same({locale: list(page[locale].voices) for locale in LOCALES}), flow


def test_the_same_options_notes_errands_and_titles_in_three_languages(pages: dict[str, dict[Locale, Words]]) -> None:
    for at, voices in _voices(pages):
        assert _same({locale: list(voice.labels) for locale, voice in voices.items()}), at
        assert _same({locale: set(voice.notes) for locale, voice in voices.items()}), at
        assert _same({locale: set(voice.errands) for locale, voice in voices.items()}), at
        assert _same({locale: bool(voice.title) for locale, voice in voices.items()}), at
        assert all(all(_lines(voice)) for voice in voices.values()), at


def test_the_same_facts_paragraphs_and_bullets_in_three_languages(pages: dict[str, dict[Locale, Words]]) -> None:
    for at, voices in _voices(pages):
        assert _same({locale: _filled_in(voice.text) for locale, voice in voices.items()}), at
        assert _same({locale: voice.text.count("\n\n") for locale, voice in voices.items()}), at
        assert _same({locale: voice.text.count("•") for locale, voice in voices.items()}), at
        for kind in ("notes", "errands"):
            lines = {locale: getattr(voice, kind) for locale, voice in voices.items()}
            found = {
                locale: {option: _filled_in(line) for option, line in each.items()} for locale, each in lines.items()
            }
            assert _same(dict(found)), at


def _filled_in(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_no_text_of_one_language_stands_in_another(library: Library) -> None:
    """A page that was copied and not translated; only the choice of a language speaks all three."""
    for flow, page in library.words["ru"].items():
        for name in page.voices:
            texts = {library.words[locale][flow].voices[name].text for locale in LOCALES}
            assert len(texts) == 3 or f"{flow}/{name}" == LANGUAGE, (flow, name)


def test_every_fact_is_there_in_three_languages(library: Library) -> None:
    assert _same({locale: set(library.facts[locale]) for locale in LOCALES})
    for locale in LOCALES:
        assert all(value.strip() for value in library.facts[locale].values())


# --- P3: the voice ---


@pytest.mark.parametrize("locale", LOCALES)
def test_nobody_is_asked_why(library: Library, locale: Locale) -> None:
    """Only in words that are quoted as not to be said."""
    asked = [(at, text) for at, text in _all_texts(library, locale) if WHY[locale].search(QUOTED.sub("", text))]
    assert asked == []


@pytest.mark.parametrize("locale", ["kk", "ru"])
def test_everybody_is_addressed_formally(library: Library, locale: Locale) -> None:
    """«Ты» and «сен» stand only in quoted words of somebody to somebody."""
    slips = [(at, text) for at, text in _all_texts(library, locale) if INFORMAL[locale].search(QUOTED.sub("", text))]
    assert slips == []


@pytest.mark.parametrize("locale", LOCALES)
def test_quotation_marks_are_closed(library: Library, locale: Locale) -> None:
    """Else the two tests above would look away from the rest of the text."""
    for at, text in _all_texts(library, locale):
        count = Counter(text)
        assert count["«"] == count["»"], at
        assert count["“"] == count["”"], at
        assert count['"'] % 2 == 0, at


# --- every question lets her out ---


def _questions(library: Library) -> list[str]:
    return [f"{f.name}/{n}" for f in library.flows.values() for n, s in f.steps.items() if isinstance(s, Question)]


def _stands(library: Library, locale: Locale, at: str) -> Visitor:
    visitor = Visitor(library, locale)
    visitor.session = Session(locale=locale, chose_locale=True, at=at, mode="cover" if at[:6] == "cover/" else "plain")
    visitor.comes()
    return visitor


def test_every_writing_has_a_way_not_to_write(library: Library) -> None:
    for at in _questions(library):
        step = library.step(at)
        assert not isinstance(step, Write) or step.instead, at


def test_every_question_for_ticks_can_be_passed_without_one(library: Library) -> None:
    for at in _questions(library):
        if isinstance(library.step(at), Tick):
            visitor = _stands(library, "ru", at)
            visitor.taps("done")
            assert visitor.at != at, at


@pytest.mark.parametrize("locale", LOCALES)
def test_every_question_shows_the_menu_the_numbers_and_the_way_out(library: Library, locale: Locale) -> None:
    for at in _questions(library):
        if at.startswith("cover/"):
            continue
        shown = [action.id for action in _stands(library, locale, at).sees.actions]
        assert shown == ["menu", "leave", "help"], at


def test_every_question_of_a_plan_can_be_passed_over(library: Library) -> None:
    """No pressing for details: an answer that says nothing, or another than yes."""
    evasive = {"later", "skip", "not_now", "no", "noted", "go_on", "enough", "ok", "finish", "to_plan", "not_needed"}
    for plan in ("safety_plan", "safety_plan_teen", "safety_plan_for_other"):
        for name, step in library.flows[plan].steps.items():
            if isinstance(step, Write | Tick):
                assert set(step.instead) & evasive, (plan, name)
            elif isinstance(step, Choose) and not step.list_from and not step.ask_always:
                assert set(step.options) & evasive, (plan, name)


# --- P6: words that always work ---


@pytest.mark.parametrize(("action", "at"), [("help", "hotline/start"), ("menu", "menu/home"), ("language", None)])
def test_words_that_always_work_do_so_at_every_question(library: Library, action: str, at: str | None) -> None:
    words = [word for word, does in library.shortcuts.items() if does == action]
    for question in _questions(library):
        if question.startswith("cover/"):
            continue
        here = _stands(library, "ru", question)
        for word in words:
            visitor = here.copy()
            visitor.says(word)
            assert visitor.at == (at or "settings/language"), (question, word)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_first_screen_names_words_that_work(library: Library, locale: Locale) -> None:
    named = re.findall(r"\*\*([^*]+)\*\*", library.voice(locale, "menu/hello").text)
    does = {library.shortcuts.get(fold(word)) for word in named}
    assert {"leave", "help", "menu"} <= does, named


# --- P7: nothing betrays in a notification ---


@pytest.mark.parametrize("locale", LOCALES)
def test_the_first_40_characters_of_every_reply_betray_nothing(library: Library, locale: Locale) -> None:
    """Of what is really sent: silent steps joined, her own words filled in."""
    for at in _questions(library):
        visitor = Visitor(library, locale, ears=lambda text: Understanding(four_words="бір екі үш төрт"))
        visitor.door = Door(locale=locale, plan="sealed", word="hashed")
        mode = "cover" if at.startswith("cover/") else "plain"
        visitor.session = Session(locale=locale, at=at, answers=FULL_PLAN, mode=mode)
        visitor.comes()
        seen = [visitor.sees]
        for option in visitor.options:
            follower = visitor.copy()
            seen.append(follower.taps(option))
        for reply in seen:
            shown = re.sub(r"[*`|_]", "", reply.text)[:40].casefold()
            found = [word for word in re.findall(r"\w+", shown) if word.startswith(library.betraying)]
            assert not found, (at, reply.step, shown)


@pytest.mark.parametrize("locale", LOCALES)
def test_an_error_and_the_machines_words_betray_nothing(library: Library, locale: Locale) -> None:
    say = library.phrases[locale].say
    for key in ("back", "menu", "leave", "more", "language", "done", "choose_by_number", "closed"):
        words = re.findall(r"\w+", say(key).casefold())
        assert not [word for word in words if word.startswith(library.betraying)], key


# --- P2, P12: who speaks, and danger ---


@pytest.mark.parametrize("locale", LOCALES)
def test_it_says_that_it_is_a_machine_and_who_is_behind_it(library: Library, locale: Locale) -> None:
    machine = {"kk": "машина", "ru": "машина", "en": "machine"}[locale]
    for at in ("menu/hello", "about/what"):
        assert machine in library.voice(locale, at).text, at
    assert library.facts[locale]["who"] in library.voice(locale, "about/who").text


@pytest.mark.parametrize("locale", LOCALES)
def test_danger_names_the_numbers_at_once_and_can_be_corrected(library: Library, locale: Locale) -> None:
    facts = library.facts[locale]
    now = library.voice(locale, "danger/start").text
    assert all(facts[name] in now for name in ("police", "ambulance", "rescue", "hotline"))
    assert all(facts[name] in library.voice(locale, "danger/aside").text for name in ("police", "rescue"))
    assert facts["hotline"] in library.voice(locale, "hotline/start").text
    assert {"safe", "misunderstood"} <= set(library.voice(locale, "danger/start").labels)
    assert "misunderstood" in library.voice(locale, "self_harm/start").labels


@pytest.mark.parametrize("locale", LOCALES)
def test_what_was_not_understood_names_the_hotline_and_offers_doors(library: Library, locale: Locale) -> None:
    voice = library.voice(locale, "not_understood/start")
    assert library.facts[locale]["hotline"] in voice.text
    assert {"hotline", "now", "plan", "rights", "home"} <= set(voice.labels)


@pytest.mark.parametrize("locale", LOCALES)
def test_before_the_alarm_it_is_said_who_reads_and_no_one_is_made_to(library: Library, locale: Locale) -> None:
    """P13: first the truth, with the numbers; then the question."""
    text = library.voice(locale, "quiet_help/is_it_now").text
    facts = library.facts[locale]
    assert all(facts[name] in text for name in ("police", "rescue", "hotline"))
    assert {"not_kept", "no_call"} <= set(library.voice(locale, "quiet_help/is_it_now").labels)
