"""Replies as Telegram gets them: nothing breaks, nothing is too long, numbers alone, her lines hidden."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram import codes
from bot.channels.telegram.render import Renderer, alone, to_html
from bot.core.flow import options
from bot.core.library import Library
from bot.core.reply import Option, Reply
from bot.core.talk import LOCALES, Tap
from tests.channels.telegram.bot_api import _Tags

NUMBERS = ("102", "103", "111", "112")


@given(st.text(alphabet=st.sampled_from("аb<>&*`|\"'\n 1021113/;"), max_size=80))
def test_nothing_breaks_the_html(text: str) -> None:
    _Tags(to_html(text, NUMBERS))


def test_what_she_wrote_stays_what_it_is() -> None:
    assert to_html("<b>A&B</b> ||x<y||") == "&lt;b&gt;A&amp;B&lt;/b&gt; <tg-spoiler>x&lt;y</tg-spoiler>"


def test_numbers_stand_alone() -> None:
    text = "**111** — help\n• **102**: police\nAmbulance — **103**.\nor call 112 now"
    lines = to_html(alone(text, NUMBERS), NUMBERS).split("\n")
    assert lines == ["<code>111</code>", "help", "<code>102</code>", "police", "Ambulance:", "<code>103</code>",
                     "or call <code>112</code> now"]  # fmt: skip


def test_long_text_is_split_at_sentences(library: Library) -> None:
    text = " ".join(f"Предложение номер {n} & <ещё>." for n in range(400))
    messages = Renderer(library).messages(Reply(step="menu/home", text=text, locale="ru", options=(
        Option(id="plan", label="x"),)))  # fmt: skip
    assert len(messages) > 1
    assert all(len(_Tags(m.html).shown) <= 4096 and m.html.endswith(".") for m in messages)
    assert [m.keyboard is not None for m in messages] == [False] * (len(messages) - 1) + [True]
    emoji = Renderer(library).messages(Reply(step="", text="🙂" * 4096, locale="ru"))
    assert all(len(m.html.encode("utf-16-le")) // 2 <= 4096 for m in emoji)


def test_what_is_hers_is_hidden(library: Library) -> None:
    reply = Reply(step="x/y", text="План.\n\n• сумка у соседки\n• выход", locale="ru", hers=("сумка у соседки",))
    assert "• <tg-spoiler>сумка у соседки</tg-spoiler>" in Renderer(library).messages(reply)[0].html


def test_the_page_of_numbers_has_a_button_outside_the_cover(library: Library) -> None:
    reply = Reply(step="menu/home", text="Позвоните 111", locale="ru")
    (message,) = Renderer(library, "https://x.kz/call").messages(reply)
    assert message.keyboard == {"inline_keyboard": [[{"text": "Телефоны", "url": "https://x.kz/call"}]]}
    assert Renderer(library, "https://x.kz/call").messages(reply.but(cover=True))[0].keyboard is None


def test_every_button_says_what_it_means(library: Library) -> None:
    steps = [f"{flow.name}/{name}" for flow in library.flows.values() for name in flow.steps]
    taps = [(at, option) for at in steps for option in options(library.step(at))]
    for step, option in [*taps, *((at, other) for at in steps[:20] for other in steps), ("*", "leave")]:
        written = codes.data(step, option)
        assert len(written.encode()) <= 64
        assert codes.tap(written, library) == Tap(step=step, option=option)


def test_the_first_forty_characters_betray_nothing_as_rendered(library: Library) -> None:
    for locale in LOCALES:
        renderer = Renderer(library, "https://x.kz/call")
        for name, page in library.words[locale].items():
            for step, voice in page.voices.items():
                reply = Reply(step=f"{name}/{step}", text=voice.text, locale=locale, cover=name == "cover")
                seen = _Tags(renderer.messages(reply)[0].html).shown[:40]
                words = re.findall(r"\w+", seen.casefold())
                assert not [word for word in words if word.startswith(library.betraying)], (locale, name, step, seen)
        for key in ("bot_name", "bot_description", "bot_short", "cleared", "private_only", "command_start",
                    "command_menu", "command_help", "command_language", "command_close"):  # fmt: skip
            words = re.findall(r"\w+", library.phrases[locale].say(key).casefold())
            assert not [word for word in words if word.startswith(library.betraying)], (locale, key)
