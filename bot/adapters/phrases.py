"""locales/ → the machine's own words: gettext catalogues, read through Babel."""

import gettext
import io
from datetime import date
from pathlib import Path
from typing import get_args

from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.units import format_unit

from bot.core.centre import Precision
from bot.core.phrases import N_, PhraseKey
from bot.core.talk import LOCALES, Locale

DOMAIN = "messages"


MESSAGES: dict[PhraseKey, str] = {
    "back": N_("◀ Back"),
    "menu": N_("☰ Menu"),
    "leave": N_("✕ Close"),
    "help": N_("☎ Numbers"),
    "more": N_("More…"),
    "language": N_("🌐 Language"),
    "done": N_("Done"),
    "choose_by_number": N_("Answer with a number."),
    "tick_by_number": N_("Answer with numbers, for example “1 3”; or “all”, or “none”."),
    "page_of_list": N_("More of the list"),
    "old_button": N_("That button is from an earlier message. This is where we are:"),
    "too_long": N_("Please shorter: {most} characters fit, this has {now}. Several messages are fine."),
    "written_down": N_("Noted. You may add one more, or tap “Done”."),
    "word_too_short": N_("Please a longer one: {least} characters at least."),
    "another_word": N_("Please another one: this one is a button here, or only digits."),
    "slow_down": N_("That was a lot at once. Please wait ten seconds and write again."),
    "unavailable": N_("Not available for some minutes. Emergencies: 112; information: 111."),
    "closed": N_("Closed."),
    "cleared": N_("Cleared: {count}."),
    "private_only": N_("I only answer in a private chat."),
    "share_place": N_("Send roughly where I am (about 1 km)"),
    "numbers_page": N_("Phone numbers"),
    "bot_name": N_("Everyday helper"),
    "bot_description": N_("A quiet helper for every day. Press “Start”, or simply write."),
    "bot_short": N_("A quiet helper for every day."),
    "another_place": N_("Another place"),
    "place_meant": N_("I understood: {place}."),
    "card_near": N_("{place} · {km} away"),
    "card_about": N_("{place} · about {km} (to the middle of it)"),
    "card_far": N_("Far away: about {km}"),
    "card_hours": N_("Hours: {hours}"),
    "card_address": N_("Address: {address}"),
    "card_ask": N_("{hotline} will tell you the address."),
    "card_hidden": N_("The address is kept secret for safety; {hotline} will tell you how to get there."),
    "card_verified": N_("We called there: {date}."),
    "card_published": N_("From a publication of {date}; we have not called there."),
    "card_unverified": N_("Not checked: ask {hotline} first."),
    "card_none": N_("There is nothing in the directory for this yet."),
    "command_start": N_("Begin"),
    "command_menu": N_("All topics"),
    "command_help": N_("Useful numbers"),
    "command_language": N_("Тіл · Язык · Language"),
    "command_close": N_("Close and tidy up"),
}


class Catalogue:
    """The phrases of one language (core.phrases.Phrases), read from its .po file."""

    def __init__(self, locale: Locale, folder: Path) -> None:
        self.locale = locale
        compiled = io.BytesIO()
        with (folder / locale / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as po:
            write_mo(compiled, read_po(po, locale=locale, domain=DOMAIN))
        compiled.seek(0)
        self._translated = gettext.GNUTranslations(compiled)
        self._words = {key: self._translated.gettext(MESSAGES[key]) for key in get_args(PhraseKey)}

    def say(self, key: PhraseKey, **values: object) -> str:
        """The phrase with `{values}` filled in."""
        return self._words[key].format(**values) if values else self._words[key]

    def date(self, day: date, to: Precision = "day") -> str:
        """A date in words, as exactly as it is known."""
        if to == "day":
            return format_date(day, format="long", locale=self.locale)
        return format_skeleton("yMMMM" if to == "month" else "y", day, locale=self.locale)

    def distance(self, km: int) -> str:
        """Whole kilometres, with their unit."""
        return format_unit(km, "length-kilometer", length="short", locale=self.locale)

    def page(self, message: str) -> str:
        """A word of the web pages: any message of the catalogue."""
        return self._translated.gettext(message)


def read_phrases(folder: Path) -> dict[Locale, Catalogue]:
    """The catalogues of all languages in locales/."""
    return {locale: Catalogue(locale, folder) for locale in LOCALES}
