"""A crawler in the cover: old buttons, two hundred words and more, links, /start. Nothing but household tips shows."""

import re
from collections.abc import Iterator
from itertools import islice

import pytest

from bot.core.door import Door
from bot.core.effect import SetDoor
from bot.core.flow import options
from bot.core.library import ACTIONS, Library
from bot.core.reply import PLAIN, TELEGRAM, WEB, WHATSAPP, Reply, fit
from bot.core.talk import ANYWHERE, LOCALES, Hello, Locale, Spot
from bot.core.understanding import INTENTS, Understanding
from tests.visitor import Visitor

CHANNELS = {"telegram": TELEGRAM, "whatsapp": WHATSAPP, "plain": PLAIN, "web": WEB}
UNDERSTOOD = Understanding(intent="danger_now", sure=1.0, danger="now", locale="en", place="Алматы", source="nlu")
"""Whatever the understanding may say, it is not heard behind the cover."""
WRONG = """пана пароль откройся помогите-мне сезам open-sesame password help! код-слово құпия /start /help /menu start
/start@pana /start=help ?start=help https://t.me/bot?start=help start=quiet {hotline} <script> опция 111 112 102 150
111! 0 -1 1e9 99 * ** safety_plan menu/home quiet_help/where cover/lost danger/start null None true admin debug root
меня-бьют он-меня-бьет ұрып-жатыр kill мама дом плита борщ 🙂 🚪🔑 ... ??? да нет yes no иә жоқ готово done все all
""".split()
CHARACTERS = 40


def _covered(library: Library, locale: Locale, channel: str = "telegram", word: str | None = "hashed") -> Visitor:
    visitor = Visitor(library, locale, CHANNELS[channel], ears=lambda text: UNDERSTOOD)
    visitor.door = Door(locale=locale, cover=True, word=word, plan="sealed")
    visitor.comes()
    assert visitor.at == "cover/home"
    return visitor


def _typed(library: Library) -> Iterator[str]:
    """What somebody might type who looks for what is hidden."""
    yield from WRONG
    yield from library.shortcuts
    yield from INTENTS
    yield from library.flows
    yield from library.links
    yield from (f"/start {link}" for link in library.links)
    yield from (str(number) for number in range(1, 12))
    yield from (" ".join(words).replace("*", "") for words in library.net.now[:40])
    for locale in LOCALES:
        for page in library.words[locale].values():
            yield page.title
            yield from (label for voice in page.voices.values() for label in islice(voice.labels.values(), 2))


def _buttons(library: Library) -> Iterator[tuple[str, str]]:
    """Every button that any message of hers may still show."""
    yield from ((ANYWHERE, action) for action in (*ACTIONS, "next", "done") if action != "leave")
    for flow in library.flows.values():
        for name, step in flow.steps.items():
            yield from ((f"{flow.name}/{name}", option) for option in (*options(step), "next", "done", "skip"))


def _shows_only_the_cover(visitor: Visitor) -> None:
    """Her screen is one of the cover's, whatever happened; nothing was done, nothing betrays."""
    assert visitor.session is not None
    assert visitor.session.mode == "cover"
    assert visitor.session.trail == ()
    assert all(isinstance(e, SetDoor) and e.door is not None and e.door.cover for e in visitor.turn.effects)
    (reply,) = visitor.turn.replies
    assert reply.step.startswith("cover/")
    assert reply.cover
    assert reply.actions == ()
    assert reply.text == visitor.library.voice(reply.locale, reply.step).text
    assert {o.id for o in reply.options} == set(visitor.library.voice(reply.locale, reply.step).labels)


@pytest.mark.parametrize("word", ["hashed", None])
@pytest.mark.parametrize("locale", LOCALES)
def test_two_hundred_words_and_more_show_nothing(library: Library, locale: Locale, word: str | None) -> None:
    visitor = _covered(library, locale, word=word)
    typed = list(dict.fromkeys(_typed(library)))
    assert len(typed) > 200
    for text in typed:
        visitor.says(text)
        if visitor.session is None:
            assert library.shortcuts.get(text) == "leave" or text.casefold() in library.shortcuts
            visitor.comes()
        _shows_only_the_cover(visitor)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_old_button_shows_nothing(library: Library, locale: Locale, channel: str) -> None:
    visitor = _covered(library, locale, channel)
    buttons = list(_buttons(library))
    assert len(buttons) > 800
    for step, option in buttons:
        visitor.taps(option, step)
        _shows_only_the_cover(visitor)


@pytest.mark.parametrize("locale", LOCALES)
def test_everything_that_is_no_text_shows_nothing(library: Library, locale: Locale) -> None:
    visitor = _covered(library, locale)
    for body in (
        Hello(),
        Hello(link="no_such_link"),
        Hello(link=""),
        Hello(link="menu/home"),
        Spot(lat=43.2, lon=76.9),
    ):
        visitor.does(body)
        _shows_only_the_cover(visitor)
    for what in ("voice", "photo", "sticker", "contact", "document"):
        visitor.sends(what)
        _shows_only_the_cover(visitor)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_saved_place_outside_the_cover_does_not_show(library: Library, locale: Locale) -> None:
    """Her answers stay until the session ends; behind the cover they are not said."""
    visitor = _covered(library, locale)
    assert visitor.session is not None
    visitor.session = visitor.session.but(answers={"safety_plan/code_word": ("тайный чайник",)}, case="K-7F3QA")
    for text in ("план", "1", "назад", "тайный чайник", "K-7F3QA"):
        visitor.says(text)
        _shows_only_the_cover(visitor)
        assert "чайник" not in visitor.sees.text or "тайный" not in visitor.sees.text
        assert "K-7F3QA" not in visitor.sees.text


def _betraying(library: Library, text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.casefold()) if word.startswith(library.betraying)]


@pytest.mark.parametrize("locale", LOCALES)
def test_no_word_of_the_cover_betrays(library: Library, locale: Locale) -> None:
    """In no text, label or title; only the line with the number of the rescue service may name it."""
    rescue = library.facts[locale]["rescue"]
    page = library.words[locale]["cover"]
    said = {"title": page.title}
    for name, voice in page.voices.items():
        said[name] = "\n".join(line for line in voice.text.splitlines() if rescue not in line)
        said[f"{name}: title"] = voice.title or ""
        said |= {f"{name}: {option}": label for option, label in voice.labels.items()}
    found = {where: _betraying(library, text) for where, text in said.items()}
    assert {where: words for where, words in found.items() if words} == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_the_cover_names_no_number_but_the_rescue_service(library: Library, locale: Locale) -> None:
    facts = library.facts[locale]
    for voice in library.words[locale]["cover"].voices.values():
        for fact in ("hotline", "police", "ambulance"):
            assert facts[fact] not in voice.text
    assert facts["rescue"] in library.voice(locale, "cover/lost").text
    assert "пана" not in "".join(v.text for v in library.words[locale]["cover"].voices.values()).casefold()


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("locale", LOCALES)
def test_what_the_channel_adds_does_not_betray_either(library: Library, locale: Locale, channel: str) -> None:
    visitor = _covered(library, locale, channel)
    for _ in range(3):
        visitor.taps(visitor.options[0])
        for piece in fit(visitor.sees, CHANNELS[channel], library.phrases[locale]):
            assert _betraying(library, _said(piece)) == []
            assert "more" not in {action.id for action in piece.actions}


def _said(piece: Reply) -> str:
    return " ".join([piece.text, *(button.label for button in (*piece.options, *piece.actions))])


@pytest.mark.parametrize("locale", LOCALES)
def test_only_her_own_word_opens(library: Library, locale: Locale) -> None:
    visitor = _covered(library, locale)
    visitor.says("её слово", Understanding(opened=True))
    assert visitor.at == "menu/home"
    assert visitor.sees.actions
    assert not visitor.sees.cover
    assert visitor.door is not None
    assert not visitor.door.cover
    assert visitor.door.word == "hashed"


@pytest.mark.parametrize("locale", LOCALES)
def test_every_known_link_opens(library: Library, locale: Locale) -> None:
    for link, target in library.links.items():
        visitor = _covered(library, locale)
        visitor.comes(link)
        assert visitor.session is not None
        assert visitor.session.mode == "plain"
        assert visitor.at.partition("/")[0] == target.partition("/")[0]
        assert visitor.door is not None
        assert not visitor.door.cover


@pytest.mark.parametrize("locale", LOCALES)
def test_leave_still_wipes_and_the_cover_stays_on(library: Library, locale: Locale) -> None:
    for word in (word for word, action in library.shortcuts.items() if action == "leave"):
        visitor = _covered(library, locale)
        visitor.says(word)
        assert visitor.session is None, word
        assert "erase" in {effect.kind for effect in visitor.turn.effects}
        assert visitor.turn.replies == ()
        assert visitor.door is not None
        assert visitor.door.cover
        visitor.comes()
        _shows_only_the_cover(visitor)


@pytest.mark.parametrize("locale", LOCALES)
def test_who_left_comes_back_to_the_cover(library: Library, locale: Locale) -> None:
    visitor = Visitor(library, locale)
    visitor.door = Door(locale=locale, word="hashed")
    visitor.comes()
    assert visitor.at == "menu/hello"
    visitor.acts("leave")
    visitor.says("привет")
    _shows_only_the_cover(visitor)
