"""Light Markdown and replies → what the page shows: safe HTML, and one JSON object a reply."""

import json
import re
from collections.abc import Collection
from html import escape

from bot.core.library import Library
from bot.core.reply import WEB, Option, Reply, fit
from bot.core.talk import Locale

_INLINE = re.compile(r"\*\*(?P<strong>.+?)\*\*|`(?P<code>[^`\n]+)`|\|\|(?P<spoiler>.+?)\|\|", re.S)


def to_html(text: str, numbers: Collection[str]) -> str:
    """Paragraphs of `text`; everything is escaped, the three marks become elements, `numbers` become tel: links."""
    return "".join(f"<p>{_inline(part, numbers)}</p>" for part in re.split(r"\n{2,}", text.strip()) if part)


def _inline(text: str, numbers: Collection[str]) -> str:
    html, end = "", 0
    for mark in _INLINE.finditer(text):
        html += _plain(text[end : mark.start()], numbers)
        kind = str(mark.lastgroup)
        inner = _plain(mark[kind], numbers)
        html += f'<span class="spoiler">{inner}</span>' if kind == "spoiler" else f"<{kind}>{inner}</{kind}>"
        end = mark.end()
    return html + _plain(text[end:], numbers)


def _plain(text: str, numbers: Collection[str]) -> str:
    html = escape(text).replace("\n", "<br>")
    if not numbers:
        return html
    known = "|".join(re.escape(number) for number in sorted(numbers))
    return re.sub(rf"(?<!\d)({known})(?!\d)", r'<a href="tel:\1">\1</a>', html)


def reply_json(reply: Reply, library: Library, numbers: Collection[str]) -> str:
    """One event of the stream: what the page needs to show `reply`."""
    (whole,) = fit(reply, WEB, library.phrases[reply.locale])
    return json.dumps(
        {
            "step": whole.step,
            "html": to_html(whole.text, () if whole.cover else numbers),
            "shape": whole.shape,
            "options": [_option(option) for option in whole.options],
            "actions": [_option(action) for action in whole.actions],
            "asks_place": whole.asks_place,
            "cover": whole.cover,
            "locale": whole.locale,
        },
        ensure_ascii=False,
    )


def _option(option: Option) -> dict[str, object]:
    return {"id": option.id, "label": option.label, "chosen": option.chosen}


def tips(library: Library, locale: Locale) -> list[dict[str, str]]:
    """The household tips of the cover (its titled screens), for the page that takes the place of the chat."""
    page = library.words[locale]["cover"]
    told = [(voice.title, re.sub(r"[*`|]", "", voice.text)) for voice in page.voices.values() if voice.title]
    return [{"title": title, "text": text.removeprefix(title).lstrip(" .\n")} for title, text in told]
