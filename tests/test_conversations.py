"""Stories that matter (tests/conversations/*.yaml), asserting steps and not copy, in every language for every channel.

A story is a list of lines. `about: …` stands first, with `languages: [kk, ru]` (default: all) and `bug: …` (why it does
not come true yet). What she does: `comes: plan`, `taps: begin`, `taps: {step: …, option: …}` (a stale button), `ticks:
[a, b]` (and "done"), `types: words` with `understood: {intent: …, sure: 0.9}` and `times: 20` (the words so often),
`shares: [43.2, 76.9]`, `sends: voice`, `acts: back`; each with `late: 11` (minutes before it is read). What must be
true then: see CHECKS. Any value may be given per language ({kk: …, ru: …, en: …}). Where a channel has no buttons, a
tap is typed as its number.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from bot.core.effect import Effect, OpenCase, TellEditors
from bot.core.flow import Question, Tick, options
from bot.core.folding import fold
from bot.core.library import Library
from bot.core.phrases import PhraseKey
from bot.core.reply import PLAIN, TELEGRAM, WEB, WHATSAPP, fit
from bot.core.session import Answer
from bot.core.talk import ANYWHERE, LOCALES, Body, Hello, Locale, Other, Spot, Tap, Text
from bot.core.understanding import INTENTS, NOTHING_HEARD, Understanding
from bot.engine.atlas import Atlas
from bot.engine.hear import asks_place, need
from bot.engine.rules import PLANS
from bot.engine.scene import Scene, flow_of
from tests.visitor import Visitor

FOLDER = Path(__file__).parent / "conversations"
CHANNELS = {"telegram": TELEGRAM, "whatsapp": WHATSAPP, "plain": PLAIN, "web": WEB}
FOUR_WORDS = "алма бесік бұлт қайың"
TYPED: dict[str, dict[Locale, str]] = {
    "back": {"kk": "артқа", "ru": "назад", "en": "back"},
    "menu": {"kk": "мәзір", "ru": "меню", "en": "menu"},
    "help": {"kk": "көмек", "ru": "помощь", "en": "help"},
    "leave": {"kk": "жабу", "ru": "закрыть", "en": "close"},
    "language": {"kk": "тіл", "ru": "язык", "en": "language"},
    "kk": dict.fromkeys(LOCALES, "қазақша"),
    "ru": dict.fromkeys(LOCALES, "русский"),
    "en": dict.fromkeys(LOCALES, "english"),
}
"""The words for the actions that always work, where there are no buttons."""


ATLASES: list[Atlas] = []


def _atlas(library: Library) -> Atlas:
    """The map of the library, made once."""
    if not ATLASES:
        ATLASES.append(Atlas(library.gazetteer))
    return ATLASES[0]


class Refused(Exception):
    """A story that cannot be read: an unknown key, a doubled key, a meaning that does not exist."""


class Broken(AssertionError):
    """A story that did not come true."""


@dataclass(frozen=True)
class Line:
    """One line of a story: its number in the file, and what stands there."""

    number: int
    says: dict[str, Any]


@dataclass(frozen=True)
class Story:
    """One file."""

    name: str
    lines: tuple[Line, ...]
    languages: tuple[Locale, ...]
    bug: str | None = None


def read_story(path: Path) -> Story:
    """The story in `path`; raises Refused with file and line."""
    root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    if not isinstance(root, yaml.SequenceNode):
        raise Refused(f"{path.name}:1: a story is a list of lines")
    lines = [Line(node.start_mark.line + 1, _pairs(path.name, node)) for node in root.value]
    for line in lines:
        _must_be_known(path.name, line)
    if "about" not in lines[0].says:
        raise Refused(f"{path.name}:1: a story begins with `- about: …`")
    head = {key: value for line in lines for key, value in line.says.items() if key in HEAD}
    return Story(path.name, tuple(lines), tuple(head.get("languages", LOCALES)), head.get("bug"))


def _pairs(name: str, node: yaml.Node) -> dict[str, Any]:
    """A line as a mapping; a bare word (`- gone`) is a key without a value."""
    value = _value(name, node)
    return value if isinstance(value, dict) else {str(value): ""}


def _value(name: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_value(name, item) for item in node.value]
    if not isinstance(node, yaml.MappingNode):
        return str(node.value)
    found = dict[str, Any]()
    for key, value in node.value:
        if key.value in found:
            raise Refused(f"{name}:{key.start_mark.line + 1}: `{key.value}` stands here twice")
        found[str(key.value)] = _value(name, value)
    return found


def _must_be_known(name: str, line: Line) -> None:
    known = {*HEAD, *DOES, *WITH, *CHECKS}
    for key in line.says:
        if key not in known:
            raise Refused(f"{name}:{line.number}: `{key}` is no word of a story; there are: {', '.join(sorted(known))}")
    for key, belongs in WITH.items():
        if key in line.says and not belongs & set(line.says):
            raise Refused(f"{name}:{line.number}: `{key}` belongs to {', '.join(sorted(belongs))}")
    heard = _understood(f"{name}:{line.number}", line)
    for intent in (heard.intent, heard.runner_up and heard.runner_up.intent):
        if intent not in (None, *INTENTS):
            raise Refused(f"{name}:{line.number}: `{intent}` is no meaning")


def _understood(where: str, line: Line) -> Understanding:
    told = line.says.get("understood")
    try:
        return Understanding.model_validate({"source": "nlu", **told}) if told else NOTHING_HEARD
    except (TypeError, ValueError) as e:
        raise Refused(f"{where}: `understood` cannot be read: {e}") from e


class Keeper:
    """A vault that keeps words as they are: only what must be known is whether the right one came back."""

    def hears(self, word: str, scene: Scene) -> Understanding:
        """What the vault would say of `word` here (the same questions as in service.conversation)."""
        said, door = fold(word), scene.door
        match need(scene):
            case "seal_plan":
                return Understanding(made=json.dumps([said, _plan_of(scene)]))
            case "own_word":
                return Understanding(made=f"hashed {said}")
            case "open_plan" if door and door.plan:
                right, plan = json.loads(door.plan)
                answers = {at: a if isinstance(a, str) else tuple(a) for at, a in plan.items()}
                return Understanding(plan=answers if said == right else None)
            case "check_word" if door and door.word:
                return Understanding(opened=f"hashed {said}" == door.word)
            case "check_word" if door and door.plan:
                return Understanding(opened=json.loads(door.plan)[0] == said)
        return NOTHING_HEARD


def _plan_of(scene: Scene) -> dict[str, Answer]:
    keeps = {name for name, flow in scene.library.flows.items() if flow.keep_hours or name in PLANS}
    return {at: answer for at, answer in scene.session.answers.items() if flow_of(at) in keeps}


class Player:
    """Plays one story in one language for one channel."""

    def __init__(self, library: Library, story: Story, locale: Locale, channel: str) -> None:
        self.library, self.story, self.locale, self.channel = library, story, locale, channel
        self.speaks: Locale = locale
        self.visitor = Visitor(library, locale, CHANNELS[channel])
        self.effects: list[Effect] = []
        self.line = story.lines[0]

    def play(self) -> None:
        """Every line in turn; raises Broken at the first that does not come true."""
        for line in self.story.lines:
            self.line = line
            for key, value in line.says.items():
                try:
                    self.meaning(key)(self, self.mine(value))
                except Exception as e:  # also a bug of the engine is told with its place in the story
                    raise Broken(f"{self._place()} `{key}`: {e or type(e).__name__}\n{self._seen()}") from e

    def meaning(self, key: str) -> "Says":
        """What a word of the story does, or wants to be true."""
        return {**DOES, **CHECKS}.get(key, _nothing)

    def mine(self, value: Any) -> Any:
        """A value in the language of this telling."""
        if isinstance(value, dict) and value and set(value) <= set(LOCALES):
            assert self.locale in value, f"nothing is said here in {self.locale}"
            return value[self.locale]
        return value

    def does(self, body: Body, understood: Understanding = NOTHING_HEARD) -> None:
        """One turn; whatever happened, she stands well afterwards."""
        late = timedelta(minutes=float(self.line.says.get("late", 0)))
        written = self.visitor.now + timedelta(seconds=20) - late
        self.visitor.does(body, understood.but(four_words=FOUR_WORDS), at=written)
        self.effects += self.visitor.turn.effects
        if self.visitor.session is not None and self.visitor.turn.replies:
            self._must_stand_well()

    def types(self, text: str, understood: Understanding = NOTHING_HEARD) -> None:
        """Types `text`; the world is asked exactly what the service would ask it."""
        scene = self.visitor.scene(Text(text=text))
        heard = understood if need(scene) == "ears" else Keeper().hears(text, scene)
        place = text if asks_place(scene) else heard.place
        self.does(Text(text=text), heard.but(found=_atlas(self.library).find(place)) if place else heard)

    def _must_stand_well(self) -> None:
        reply, cover = self.visitor.sees, self.mode == "cover"
        assert isinstance(self.library.step(self.visitor.at), Question), "she stands at no question"
        shown = {action.id for action in reply.actions}
        assert not shown if cover else {"menu", "leave", "help"} <= shown, f"the actions shown are {sorted(shown)}"
        assert reply.cover == cover == self.visitor.at.startswith("cover/"), "half a cover"

    @property
    def mode(self) -> str:
        return self.visitor.session.mode if self.visitor.session else "gone"

    @property
    def answers(self) -> dict[str, Answer]:
        return self.visitor.session.answers if self.visitor.session else {}

    def by_number(self) -> bool:
        """True where the options are carried as numbers in the text."""
        reply = self.visitor.sees
        return fit(reply, self.visitor.can, self.library.phrases[reply.locale])[-1].carried == "numbers"

    def _place(self) -> str:
        return f"{self.story.name}:{self.line.number} [{self.locale}, {self.channel}]"

    def _seen(self) -> str:
        visitor, effects = self.visitor, [effect.kind for effect in self.visitor.turn.effects]
        return (
            f"seen: {visitor.sees.step or 'nothing'} in {visitor.sees.locale}, she stands at {visitor.at or 'nothing'}"
            f" ({self.mode}), offered {list(visitor.options)}, effects {effects}, answers {self.answers}\n"
            f"{visitor.sees.text}"
        )


def _nothing(player: Player, value: Any) -> None:
    """Keys that say something about the story or belong to `types`."""


# --- what she does ---


def _comes(player: Player, link: str) -> None:
    player.does(Hello(link=link or None, locale=player.locale))


def _taps(player: Player, option: Any) -> None:
    visitor = player.visitor
    if isinstance(option, dict):
        player.does(Tap(step=option["step"], option=option["option"]))
        return
    assert option in visitor.options, f"`{option}` is not offered"
    step = player.library.step(visitor.at)
    assert not (isinstance(step, Tick) and option in step.options), "write `ticks: […]` for what is ticked"
    if not player.by_number():
        player.does(Tap(step=visitor.at, option=option))
    elif option == "done":
        player.types(player.library.phrases[visitor.sees.locale].say("done"))
    else:
        player.types(str(visitor.options.index(option) + 1))


def _ticks(player: Player, ticked: list[str]) -> None:
    visitor = player.visitor
    step = player.library.step(visitor.at)
    assert isinstance(step, Tick), "nothing can be ticked here"
    assert set(ticked) <= set(step.options), f"only these can be ticked: {step.options}"
    if player.by_number():
        player.types(" ".join(str(visitor.options.index(option) + 1) for option in ticked))
        return
    for option in (*ticked, "done"):
        player.does(Tap(step=visitor.at, option=option))


def _types(player: Player, text: str) -> None:
    words = " ".join([text] * int(player.line.says.get("times", 1)))
    player.types(words, _understood("", player.line))


def _shares(player: Player, spot: list[str]) -> None:
    lat, lon = float(spot[0]), float(spot[1])
    player.does(Spot(lat=lat, lon=lon), Understanding(found=_atlas(player.library).around(lat, lon)))


def _picks(player: Player, item: str) -> None:
    """Chooses an item of a list known only at run time: its id, or which one ("0" is the first)."""
    offered = player.visitor.options
    _taps(player, item if item in offered else offered[int(item)])


def _sends(player: Player, what: str) -> None:
    player.does(Other(what=what))


def _acts(player: Player, action: str) -> None:
    if player.channel == "plain":
        session = player.visitor.session
        player.types(TYPED[action][session.locale if session else player.locale])
        return
    shown = {*(shown.id for shown in player.visitor.sees.actions), "language", "more", *LOCALES}
    assert action in shown, f"the action `{action}` is not shown"
    player.does(Tap(step=ANYWHERE, option=action))


# --- what must be true then ---


def _sees(player: Player, step: str) -> None:
    """She is shown this step, stands there, and reads it in her language."""
    reply = player.visitor.sees
    assert reply.step == step, f"`{step}` was expected"
    assert step in (ANYWHERE, player.visitor.at), f"she does not stand at `{step}`"
    assert reply.locale == player.speaks, f"the language should be {player.speaks}"


def _speaks(player: Player, locale: str) -> None:
    """From now on she is answered in this language."""
    player.speaks = cast(Locale, locale)
    assert player.visitor.sees.locale == locale, f"the language should be {locale}"


def _also_says(player: Player, step: str) -> None:
    """The words of a silent step stand in the same message, before the question."""
    at = player.library.find(step)
    assert at, f"there is no step `{step}`"
    assert player.library.voice(player.visitor.sees.locale, at).text in player.visitor.sees.text, (
        f"`{step}` is not said"
    )


def _remarks(player: Player, key: str) -> None:
    """The machine's own remark stands in the message."""
    remark = player.library.phrases[player.visitor.sees.locale].say(cast(PhraseKey, key)).partition("{")[0]
    assert remark in player.visitor.sees.text, f"the remark `{key}` is not made"


def _offers(player: Player, offered: list[str]) -> None:
    """These options are there."""
    missing = set(offered) - set(player.visitor.options)
    assert not missing, f"not offered: {sorted(missing)}"


def _offers_not(player: Player, hidden: list[str]) -> None:
    """These options are not there."""
    steps = (step for flow in player.library.flows.values() for step in flow.steps.values())
    known = {option for step in steps for option in options(step)} | {*player.library.doors, "done", "next"}
    known |= {option for option in hidden if player.library.find(option)}
    assert set(hidden) <= known, f"no step has such an option: {sorted(set(hidden) - known)}"
    shown = set(hidden) & set(player.visitor.options)
    assert not shown, f"offered: {sorted(shown)}"


def _first(player: Player, option: str) -> None:
    """This option is the first."""
    assert player.visitor.options[:1] == (option,), f"`{option}` is not the first option"


def _chosen(player: Player, ticked: list[str]) -> None:
    """Exactly these options are ticked."""
    found = [option.id for option in player.visitor.sees.options if option.chosen]
    assert found == ticked, f"ticked are {found}"


def _answered(player: Player, answers: dict[str, Any]) -> None:
    """These answers are remembered, so."""
    for at, wanted in answers.items():
        given = player.answers.get(at)
        found = list(given) if isinstance(given, tuple) else given
        assert found == player.mine(wanted), f"`{at}` is answered with {found}"


def _unanswered(player: Player, places: list[str]) -> None:
    """Nothing is remembered of these steps or flows."""
    for place in places:
        assert player.library.find(place), f"there is no `{place}`"
        kept = [at for at in player.answers if place in (at, flow_of(at))]
        assert not kept, f"still remembered: {kept}"


def _effects(player: Player, kinds: list[str]) -> None:
    """Exactly these effects had the last turn."""
    found = sorted(effect.kind for effect in player.visitor.turn.effects)
    assert found == sorted(kinds), f"the effects are {found}"


def _cases(player: Player, count: str) -> None:
    """So many times was a case written since the story began."""
    found = sum(effect.kind == "open_case" for effect in player.effects)
    assert found == int(count), f"cases written: {found}"


def _case(player: Player, wanted: dict[str, Any]) -> None:
    """The last case that was written is so."""
    opened = [effect for effect in player.effects if isinstance(effect, OpenCase)]
    assert opened, "no case was written"
    for key, value in wanted.items():
        found = getattr(opened[-1], key)
        assert _plain(found) == player.mine(value), f"`{key}` is {found}"


def _plain(value: object) -> str:
    """A value as it stands in a story: true, false, none, or as it is."""
    return str(value).casefold() if isinstance(value, bool | None) else str(value)


def _door(player: Player, wanted: Any) -> None:
    """What outlives the session: whether the cover is on, whether a word and a plan are kept; or `none`."""
    door = player.visitor.door
    if wanted == "none":
        assert door is None, "something is still kept"
        return
    assert door is not None, "nothing is kept"
    found = {"cover": door.cover, "word": door.word is not None, "plan": door.plan is not None, "locale": door.locale}
    for key, value in wanted.items():
        assert _plain(found[key]) == player.mine(value), f"`{key}` is {found[key]}"


def _gone(player: Player, _: str) -> None:
    """The session is over, everything that can be wiped is wiped, and nothing is said."""
    assert player.visitor.session is None, "the session is still there"
    assert not player.visitor.turn.replies, "something was still said"
    kinds = [effect.kind for effect in player.visitor.turn.effects]
    assert kinds.count("erase") == 1, f"the effects are {kinds}"


def _forgets(player: Player, answers: list[str]) -> None:
    """Nothing is remembered under these names (the steps or the deeds' own)."""
    kept = [at for at in player.answers if at in answers]
    assert not kept, f"still remembered: {kept}"


def _knows_place(player: Player, id_: str) -> None:
    """Exactly this place is remembered, until the answer is given."""
    found = player.answers.get("nearest_centre/meant")
    assert found == (id_,), f"the place is {found}"


def _tells_editors(player: Player, what: str) -> None:
    """The editors are told so of one entry, and of nobody."""
    told = [effect for effect in player.visitor.turn.effects if isinstance(effect, TellEditors)]
    assert [effect.what for effect in told] == [what], f"told: {[effect.what for effect in told]}"


def _silent(player: Player, _: str) -> None:
    """Nothing was said."""
    assert not player.visitor.turn.replies, "something was said"


def _facts(player: Player, numbers: list[str]) -> list[tuple[str, bool]]:
    """Each number, and whether it stands in the text as a word."""
    words = fold(player.visitor.sees.text).split()
    return [(number, number in words) for number in numbers]


def _says_fact(player: Player, numbers: list[str]) -> None:
    """These values of facts.yaml stand in the text."""
    known = set(player.library.facts[player.speaks].values())
    assert set(numbers) <= known, f"no facts: {sorted(set(numbers) - known)}"
    missing = [number for number, stands in _facts(player, numbers) if not stands]
    assert not missing, f"these numbers are not named: {missing}"


def _never_says(player: Player, numbers: list[str]) -> None:
    """These numbers do not stand in the text."""
    named = [number for number, stands in _facts(player, numbers) if stands]
    assert not named, f"these numbers are named: {named}"


def _shows(player: Player, text: str) -> None:
    """Her own words stand in the text."""
    assert text in player.visitor.sees.text, f"“{text}” is not shown"


def _shows_not(player: Player, text: str) -> None:
    """Her own words do not stand in the text."""
    assert text not in player.visitor.sees.text, f"“{text}” is shown"


def _mode(player: Player, mode: str) -> None:
    """`plain` or `cover`."""
    assert player.mode == mode, f"the mode is {player.mode}"


Says = Callable[[Player, Any], None]
HEAD = {"about", "languages", "bug"}
DOES: dict[str, Says] = {
    "comes": _comes, "taps": _taps, "ticks": _ticks, "types": _types, "shares": _shares, "sends": _sends, "acts": _acts,
    "picks": _picks,
}  # fmt: skip
WITH = {"understood": {"types"}, "times": {"types"}, "late": set(DOES)}
"""What may stand beside a deed, and beside which."""
CHECKS: dict[str, Says] = {
    "sees": _sees, "speaks": _speaks, "also_says": _also_says, "remarks": _remarks,
    "offers": _offers, "offers_not": _offers_not, "first": _first, "chosen": _chosen,
    "answered": _answered, "unanswered": _unanswered,
    "effects": _effects, "cases": _cases, "case": _case, "door": _door, "gone": _gone, "silent": _silent,
    "says_fact": _says_fact, "never_says": _never_says, "shows": _shows, "shows_not": _shows_not, "mode": _mode,
    "forgets": _forgets, "knows_place": _knows_place, "tells_editors": _tells_editors,
}  # fmt: skip


def _tellings() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.yaml")):
        story = read_story(path)
        marks = [pytest.mark.xfail(raises=Broken, strict=True, reason=story.bug)] if story.bug else []
        for locale in story.languages:
            for channel in CHANNELS:
                yield pytest.param(story, locale, channel, id=f"{path.stem}-{locale}-{channel}", marks=marks)


@pytest.mark.parametrize(("story", "locale", "channel"), list(_tellings()))
def test_story(library: Library, story: Story, locale: Locale, channel: str) -> None:
    Player(library, story, locale, channel).play()


def test_there_are_enough_stories() -> None:
    assert len(list(FOLDER.glob("*.yaml"))) >= 24


def test_the_words_for_actions_are_shortcuts(library: Library) -> None:
    for action, words in TYPED.items():
        assert {library.shortcuts.get(fold(word)) for word in words.values()} == {action}


def _told(folder: Path, *lines: str) -> Story:
    path = folder / "a_story.yaml"
    path.write_text("\n".join(["- about: a test", *lines]), encoding="utf-8")
    return read_story(path)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("- tapps: begin", "a_story.yaml:2: `tapps` is no word of a story"),
        ("- {comes: plan, comes: teen}", "a_story.yaml:2: `comes` stands here twice"),
        ("- {types: hi, understood: {intent: greeting}}", "a_story.yaml:2: `greeting` is no meaning"),
        ("- {types: hi, understood: {intnt: greet}}", "a_story.yaml:2: `understood` cannot be read"),
        ("- {comes: plan, times: 11}", "a_story.yaml:2: `times` belongs to types"),
        ("- {sees: menu/home, late: 11}", "a_story.yaml:2: `late` belongs to acts, comes"),
    ],
)
def test_a_story_that_cannot_be_read_is_refused(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(Refused, match=told.replace(".", r"\.")):
        _told(tmp_path, line)


@pytest.mark.parametrize(
    "line",
    [
        "- sees: menu/home", "- speaks: ru", "- also_says: danger/safe", "- remarks: old_button", "- offers: [plan]",
        "- offers_not: [safe]", "- offers_not: [typo]", "- first: language", "- answered: {safety_plan/living: apart}",
        "- unanswered: [nowhere]", "- effects: [open_case]", "- cases: 1", "- case: {urgency: now}", "- gone",
        "- silent", "- chosen: [strangling]",
        "- door: {cover: true}", "- says_fact: [102]", "- says_fact: [150]", "- shows: zebra", "- mode: cover",
        "- taps: plan", "- ticks: [papers]", "- acts: back", "- types: {ru: привет}",
    ],
)  # fmt: skip
def test_what_does_not_come_true_is_told_with_its_place(library: Library, tmp_path: Path, line: str) -> None:
    story = _told(tmp_path, "- comes", line)
    with pytest.raises(Broken) as broken:
        Player(library, story, "en", "whatsapp").play()
    assert str(broken.value).startswith("a_story.yaml:3 [en, whatsapp]")
    assert "seen: menu/hello in en" in str(broken.value)
