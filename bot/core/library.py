"""Library: everything the engine may read. Loaded at start, swapped whole on reload."""

from functools import cached_property

from pydantic import Field

from bot.core.centre import Entry
from bot.core.flow import AnyStep, Flow
from bot.core.net import Net
from bot.core.phrases import Phrases
from bot.core.place import Gazetteer
from bot.core.record import Record
from bot.core.talk import Locale
from bot.core.words import Voice, Words

HELLO, HOME, HOTLINE, LANGUAGE = "menu/hello", "menu/home", "hotline", "settings/language"
COVER, COVER_LOST, NOT_UNDERSTOOD = "cover/home", "cover/lost", "not_understood"
DID_YOU_MEAN, SENT_SOMETHING = "not_understood/did_you_mean", "i_cannot_write/sent_something"
ASIDE = "aside"
"""The step shown instead of the start where danger is heard while she writes in another flow."""

LANDMARKS = (HELLO, HOME, HOTLINE, LANGUAGE, COVER, COVER_LOST, NOT_UNDERSTOOD, DID_YOU_MEAN, SENT_SOMETHING)
"""Places that the engine knows by name; `check` wants them all."""

ACTIONS = ("back", "menu", "leave", "help", "language", "more", "kk", "ru", "en")
"""What a tap on `*` or a shortcut may ask for, in every state."""


class Library(Record):
    """Flows, words, facts, shortcuts (folded message → action), the net, the map, the directory of centres, and the
    machine's phrases."""

    flows: dict[str, Flow]
    words: dict[Locale, dict[str, Words]]
    facts: dict[Locale, dict[str, str]] = Field(default_factory=dict)
    shortcuts: dict[str, str] = Field(default_factory=dict)
    net: Net = Net()
    betraying: tuple[str, ...] = ()
    four_words: dict[Locale, tuple[str, ...]] = Field(default_factory=dict)
    gazetteer: Gazetteer = Gazetteer({}, {}, ())
    directory: tuple[Entry, ...] = ()
    phrases: dict[Locale, Phrases]

    @cached_property
    def doors(self) -> dict[str, str]:
        """Which step each intent opens."""
        return {i: f"{f.name}/{s}" for f in self.flows.values() for i, s in f.opens_on.items()}

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """The directory by id."""
        return {entry.centre.id: entry for entry in self.directory}

    @cached_property
    def links(self) -> dict[str, str]:
        """Which step each link payload opens."""
        return {i: f"{f.name}/{s}" for f in self.flows.values() for i, s in f.links.items()}

    @cached_property
    def renamed(self) -> dict[str, str]:
        """Old names of steps → their new ones."""
        return {
            f"{flow.name}/{old}": f"{flow.name}/{name}"
            for flow in self.flows.values()
            for name, step in flow.steps.items()
            for old in step.was
        }

    def find(self, place: str) -> str | None:
        """The full name ("flow/step") of what `place` names: a flow, a step, a step by its old name. None: nothing."""
        name, _, step = place.partition("/")
        flow = self.flows.get(name)
        if flow is None:
            return None
        if not step:
            return f"{name}/{flow.start}"
        if step in flow.steps:
            return place
        return self.renamed.get(place)

    def step(self, at: str) -> AnyStep:
        """The step at a full name that `find` returned."""
        flow, _, name = at.partition("/")
        return self.flows[flow].steps[name]

    def voice(self, locale: Locale, at: str) -> Voice:
        """What that step says in one language."""
        flow, _, name = at.partition("/")
        return self.words[locale][flow].voices[name]
