"""The words of the web pages: key → message of the catalogues in locales/."""

from bot.core.phrases import N_

PAGE_WORDS: dict[str, str] = {
    "title": N_("Chat"),
    "cover_title": N_("Household tips"),
    "quick_links": N_("Quick links"),
    "exit": N_("Exit"),
    "exit_now": N_("Exit at once"),
    "close": N_("Close"),
    "leave_notice": N_(
        "“Exit” opens household tips at once and wipes this talk. "
        "The address of the page stays in the browser’s history."
    ),
    "leave_keys": N_("On a keyboard: Shift three times in a row."),
    "loading": N_("Loading…"),
    "shift_two": N_("Shift: press two more times to exit."),
    "shift_one": N_("Shift: press one more time to exit."),
    "shift_over": N_("Exit has been cancelled."),
    "call": N_("Phone numbers"),
    "language": N_("Language"),
    "log": N_("Conversation"),
    "reply": N_("Reply"),
    "you": N_("You"),
    "answers": N_("Possible answers"),
    "actions": N_("Navigation"),
    "type_here": N_("Write here"),
    "word_here": N_("Your word"),
    "show_word": N_("Show the word"),
    "send": N_("Send"),
    "share_place": N_("Send roughly where I am (about 1 km)"),
    "place_asking": N_("Finding out roughly where you are…"),
    "place_sent": N_("Rough location"),
    "place_refused": N_(
        "The location could not be found, and nothing was sent. You can simply write the town or district."
    ),
    "show_hidden": N_("Show what is hidden"),
    "broken": N_("The connection broke off. Reconnecting…"),
    "not_sent": N_("Not sent yet: there is no connection. What you wrote is not lost."),
    "retry": N_("Try again"),
    "noscript": N_("The chat does not open in this browser: JavaScript is switched off. Numbers you can call:"),
    "noscript_cover": N_("Switch on JavaScript in the browser to open the tips."),
    "call_title": N_("Useful numbers"),
    "call_notice": N_("The number stays in the phone’s list of calls. It can be deleted there."),
    "back_to_chat": N_("Back"),
}

NUMBER_WORDS: dict[str, str] = {
    "police": N_("Police"),
    "ambulance": N_("Ambulance"),
    "rescue": N_("Rescue service"),
    "hotline": N_("Family, women, children"),
}
"""Facts that hold a telephone number → what the page /call names them."""
