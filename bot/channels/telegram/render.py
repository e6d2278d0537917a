"""Reply → what Telegram is given: HTML in which nothing can break, and one keyboard."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html import escape

from bot.channels.telegram import codes
from bot.core.library import Library
from bot.core.reply import TELEGRAM, Option, Reply, fit, split
from bot.core.talk import ANYWHERE

MOST = 4096
"""UTF-16 units that a message holds once its marks are read."""
_INLINE = re.compile(r"\*\*(?P<b>.+?)\*\*|`(?P<code>[^`\n]+)`|\|\|(?P<spoiler>.+?)\|\|", re.S)


Button = dict[str, str]
Markup = dict[str, list[list[Button]]]
"""An inline keyboard as it goes out: aiogram's models of it cost as much as the rest of a reply."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: `html` for parse mode HTML, the buttons under it (none: None)."""

    html: str
    keyboard: Markup | None = None


class Renderer:
    """Replies as messages. `numbers` are the telephone numbers there are, `call` the address of the page of numbers."""

    def __init__(self, library: Library, call: str | None = None) -> None:
        facts = library.facts["en"]
        self.library, self._call = library, call
        self._numbers = tuple(facts[name] for name in ("police", "ambulance", "rescue", "hotline") if name in facts)

    def messages(self, reply: Reply) -> list[Message]:
        """The reply as one or more messages; the buttons stand under the last."""
        numbers = () if reply.cover else self._numbers
        text = alone(_hidden(reply), numbers)
        pieces = [
            part
            for piece in fit(reply.but(text=text), TELEGRAM, self.library.phrases[reply.locale])
            for part in _short_enough(piece.text)
        ]
        messages = [Message(to_html(piece, numbers)) for piece in pieces]
        named = bool(self._call) and any(_names(piece, numbers) for piece in pieces)
        return [*messages[:-1], Message(messages[-1].html, self._keyboard(reply, named))]

    def _keyboard(self, reply: Reply, named: bool) -> Markup | None:
        rows = [[_button(reply.step, option)] for option in reply.options]
        if named and self._call:
            label = self.library.phrases[reply.locale].say("numbers_page")
            rows.append([{"text": label, "url": self._call}])
        if reply.actions:
            rows.append([_button(ANYWHERE, action) for action in reply.actions])
        return {"inline_keyboard": rows} if rows else None


def _button(step: str, option: Option) -> Button:
    label = f"✓ {option.label}" if option.chosen else option.label
    return {"text": label, "callback_data": codes.data(step, option.id)}


def _hidden(reply: Reply) -> str:
    """The text with the lines that come from her answers hidden until they are tapped."""
    text = reply.text
    for line in set(reply.hers):
        text = text.replace(f"• {line}", f"• ||{line.replace('|', '¦')}||")
    return text


def _short_enough(text: str) -> tuple[str, ...]:
    """Characters outside the basic plane count twice there."""
    return (text,) if len(text.encode("utf-16-le")) // 2 <= MOST else split(text, MOST // 2)


def alone(text: str, numbers: Collection[str]) -> str:
    """Each number that begins or ends a line on a line of its own, so that one tap copies it."""
    if not numbers:
        return text
    number = rf"(?:\*\*|`)?({'|'.join(map(re.escape, numbers))})(?:\*\*|`)?"
    begins = re.compile(rf"^(?:• )?{number}\s*(?:[—–:-]|\s-)\s*(?=\S)", re.M)
    ends = re.compile(rf"^(.*[^\s\d,;(]):?\s*(?:[—–:-])\s*{number}[.;,]?$", re.M)
    return ends.sub(r"\1:\n`\2`", begins.sub(r"`\1`\n", text))


def _names(text: str, numbers: Collection[str]) -> bool:
    return any(re.search(rf"(?<!\d){re.escape(number)}(?!\d)", text) for number in numbers)


def to_html(text: str, numbers: Collection[str] = ()) -> str:
    """`text` with everything escaped and the three marks as tags; `numbers` as code. Tags never nest."""
    return "".join(_parts(text, numbers)).strip()


def _parts(text: str, numbers: Collection[str]) -> Iterator[str]:
    end = 0
    for mark in _INLINE.finditer(text):
        yield _plain(text[end : mark.start()], numbers)
        end = mark.end()
        match mark.lastgroup:
            case "b":
                yield _plain(mark["b"], numbers, "b")
            case "code":
                yield f"<code>{escape(mark['code'], quote=False)}</code>"
            case _:
                yield f"<tg-spoiler>{escape(mark['spoiler'], quote=False)}</tg-spoiler>"
    yield _plain(text[end:], numbers)


def _plain(text: str, numbers: Collection[str], tag: str = "") -> str:
    """Escaped, with numbers as code; what is between them in `tag`."""
    pattern = "|".join(map(re.escape, numbers))
    pieces = re.split(rf"(?<![\d-])({pattern})(?![\d-])", text) if numbers else [text]
    html = ""
    for n, piece in enumerate(pieces):
        plain = escape(piece, quote=False)
        if n % 2:
            html += f"<code>{plain}</code>"
        elif plain:
            html += f"<{tag}>{plain}</{tag}>" if tag and plain.strip() else plain
    return html
