"""What a message means by itself, out of any conversation: the words that always work, then the net."""

from bot.core.folding import fold
from bot.core.library import Library
from bot.core.understanding import Understanding
from bot.engine.hear import DANGER_DOORS
from bot.engine.tongue import guess_locale

SHORTCUT_INTENTS = {
    "leave": "quick_exit",
    "help": "contact_hotline",
    "menu": "ask_bot",
    "language": "change_language",
    "kk": "change_language",
    "ru": "change_language",
    "en": "change_language",
    "yes": "affirm",
    "no": "deny",
}


def plain_meaning(text: str, library: Library) -> Understanding | None:
    """The meaning of a shortcut or of a phrase of the net; None where the understanding must be asked."""
    intent = SHORTCUT_INTENTS.get(library.shortcuts.get(fold(text), ""))
    if intent is not None:
        return Understanding(intent=intent, sure=1.0, locale=guess_locale(text), source="shortcut")
    danger = library.net.catch(text)
    if danger is None:
        return None
    return Understanding(intent=DANGER_DOORS[danger], sure=1.0, danger=danger, locale=guess_locale(text), source="net")
