"""take_turn(): the pure step from a session and an event to what should happen."""

from datetime import datetime, timedelta

from bot.core.door import Door
from bot.core.effect import Turn
from bot.core.flow import Choose, Tick, Write
from bot.core.folding import fold
from bot.core.library import ASIDE, HOME, HOTLINE, LANGUAGE, Library
from bot.core.phrases import PhraseKey
from bot.core.session import STACK_DEPTH, Answer, Session
from bot.core.talk import Event, Hello, Locale, Text
from bot.core.understanding import Danger, Understanding
from bot.engine.deeds import leave, set_door, set_locale
from bot.engine.hear import DANGER_DOORS, Act, Again, Go, Heard, Maybe, Pick, Ticked, Wrote, hear
from bot.engine.lists import NEXT, aim
from bot.engine.plan import leads
from bot.engine.say import DONE, more_actions, reply, turn_page
from bot.engine.scene import Scene, flow_of
from bot.engine.tongue import guess_locale, unmixed_locale
from bot.engine.walk import arrive, back, draft_of, stand, walk

LATE = timedelta(minutes=10)
"""An event read later than this after it was written is obeyed but not answered."""
LONGEST_ENTRY = 300
SHORTEST_WORD = {"seal_plan": 12, "own_word": 4, "open_plan": 1}
"""Characters that a secret word must have, by its use."""
DEFAULT_LOCALE: Locale = "kk"


def take_turn(
    session: Session | None,
    door: Door | None,
    event: Event,
    understanding: Understanding,
    library: Library,
    now: datetime,
) -> Turn:
    """Return what `event` leads to: the next session, the replies, the effects. Pure: nothing has happened yet."""
    scene = open_scene(session, door, event, understanding, library, now)
    _adopt_locale(scene)
    answer = _apply(scene, hear(scene))
    if now - event.at > LATE:
        return _obeyed_only(session, scene)
    if scene.over:
        return Turn(session=None, effects=tuple(scene.effects))
    replies = (more_actions(scene),) if answer == "more" else (reply(scene),)
    return Turn(session=scene.session, replies=replies, effects=tuple(scene.effects))


def open_scene(
    session: Session | None,
    door: Door | None,
    event: Event,
    understanding: Understanding,
    library: Library,
    now: datetime,
) -> Scene:
    """The scene as it is before anything is heard. A place in a stored session that no longer exists is left."""
    current = session or _new_session(door, event)
    if current.at is not None:
        at = library.find(current.at)
        offered = current.offered if at == current.at else ()
        current = current.but(at=at, offered=offered, draft=current.draft if at == current.at else ())
    return Scene(library, current, current, door, event, understanding, now)


def _new_session(door: Door | None, event: Event) -> Session:
    if door is not None:
        return Session(locale=door.locale, chose_locale=True, mode="cover" if door.cover else "plain")
    hello = event.body.locale if isinstance(event.body, Hello) else None
    return Session(locale=hello or DEFAULT_LOCALE)


def _adopt_locale(scene: Scene) -> None:
    """Answer in the language she writes in, until she has chosen one."""
    body, session = scene.event.body, scene.session
    if not isinstance(body, Text) or session.chose_locale or session.mode != "plain":
        return
    heard = scene.understanding.locale or guess_locale(body.text)
    unmixed = len(body.text.split()) > 1 and heard == unmixed_locale(body.text)
    if heard is not None and (session.at is None or unmixed):
        scene.session = session.but(locale=heard)


def _obeyed_only(session: Session | None, scene: Scene) -> Turn:
    if scene.over:
        return Turn(session=None, effects=tuple(scene.effects))
    if any(effect.kind == "open_case" for effect in scene.effects):
        return Turn(session=scene.session, effects=tuple(scene.effects))
    return Turn(session=session)


def _apply(scene: Scene, heard: Heard) -> str | None:
    match heard:
        case Act(action=action):
            return _act(scene, action)
        case Go(target=target, uncover=uncover):
            if uncover:
                _uncover(scene)
            walk(scene, target)
        case Pick(option=option):
            _pick(scene, option)
        case Ticked(options=options):
            _answer(scene, options)
        case Wrote(entry=entry, danger=danger):
            _wrote(scene, entry, danger)
        case Maybe(danger=danger, target=target):
            _aside(scene, danger, *filter(None, (scene.session.at, target)))
        case Again(remark=remark):
            _again(scene, remark)
    return None


def _act(scene: Scene, action: str) -> str | None:
    match action:
        case "back":
            back(scene)
        case "leave":
            leave(scene, {})
        case "kk" | "ru" | "en":
            set_locale(scene, {"locale": action})
            _again(scene)
        case "more":
            stand(scene, scene.session.at) if scene.session.at else _again(scene)
            return "more"
        case _:
            walk(scene, {"menu": HOME, "help": HOTLINE, "language": LANGUAGE}[action])
    return None


def _again(scene: Scene, remark: PhraseKey | None = None, **values: object) -> None:
    scene.remark = scene.phrases.say(remark, **values) if remark else None
    if scene.session.at is None:
        walk(scene, "end")
    else:
        arrive(scene, scene.session.at)


def _uncover(scene: Scene) -> None:
    if scene.door is not None and scene.door.cover:
        set_door(scene, scene.door.but(cover=False))
    if scene.session.mode != "cover":
        return
    scene.session = scene.session.but(mode="plain", at=None)
    if not scene.understanding.opened:  # anybody may hold a help link; only her word shows what she had told
        scene.session = Session(locale=scene.session.locale, chose_locale=True, case=scene.session.case)


def _pick(scene: Scene, option: str) -> None:
    at = scene.session.at
    assert at is not None
    match scene.step(at):
        case Choose(list_from=str() as name) as step:
            if option == NEXT:
                scene.session = scene.session.but(offered=turn_page(scene, name, scene.session.offered))
                return
            _answer(scene, option, aim(scene, name, option) or step.then)
        case Tick(options=options) if option in options:
            ticked = set(scene.session.draft) ^ {option}
            draft = tuple(o for o in options if o in ticked)
            answers = {**scene.session.answers, draft_of(at): draft}  # she may go away before "Done"
            scene.session = scene.session.but(draft=draft, answers=answers)
        case Tick() | Write() if option == DONE:
            _answer(scene, scene.session.draft)
        case _:
            _answer(scene, option)


def _answer(scene: Scene, answer: Answer, target: str | None = None) -> None:
    """Remember the answer to the question she stands at, and go where it leads."""
    at = scene.session.at
    assert at is not None
    _remember(scene, at, answer)
    walk(scene, target or leads(scene.step(at), answer) or "end", by_arrow=True)


def _remember(scene: Scene, at: str, answer: Answer) -> None:
    answers = {**scene.session.answers, at: answer}
    answers.pop(draft_of(at), None)
    scene.session = scene.session.but(answers=answers, draft=())


def _wrote(scene: Scene, entry: str, danger: Danger | None) -> None:
    at, entry = scene.session.at, entry.strip()
    assert at is not None
    step = scene.step(at)
    assert isinstance(step, Write)
    if step.what == "word":
        if danger is not None:
            _aside(scene, danger, at)  # nothing is kept; "go on" leads back to the word
        else:
            _wrote_word(scene, step, entry)
        return
    if not entry:
        _again(scene)
        return
    if len(entry) > LONGEST_ENTRY:
        _too_long(scene, entry, danger)
        return
    entries = (*scene.session.draft, entry)[-step.up_to :]
    full = len(entries) >= step.up_to
    _remember(scene, at, entries)  # also before "Done": she may go away in the middle
    scene.session = scene.session.but(draft=() if full else entries)
    if full:
        walk(scene, step.then, by_arrow=True)  # what this answer does is done, also where danger is heard in it
    elif danger is None:
        _again(scene, "written_down")
    if danger is not None:
        _aside(scene, danger, scene.session.at or at)


def _too_long(scene: Scene, entry: str, danger: Danger | None) -> None:
    if danger is not None:
        _aside(scene, danger, scene.session.at or HOME)
    else:
        _again(scene, "too_long", most=LONGEST_ENTRY, now=len(entry))


def _aside(scene: Scene, danger: Danger, *back_to: str) -> None:
    """Danger may have been heard: one line, with "go on" first, which leads to the last of `back_to`."""
    door = scene.library.doors[DANGER_DOORS[danger]]
    scene.session = scene.session.but(stack=(*scene.session.stack, *back_to)[-STACK_DEPTH:])
    scene.said.clear()
    moved = scene.session.at != scene.before.at  # then the way back is noted already
    (stand if moved else arrive)(scene, f"{flow_of(door)}/{ASIDE}")


def _said_in_the_cover(library: Library) -> set[str]:
    """Every label of the cover, in all languages: typed there, it opens a tip and never the door."""
    pages = [words["cover"] for words in library.words.values()]
    return {fold(label) for page in pages for voice in page.voices.values() for label in voice.labels.values()}


def _wrote_word(scene: Scene, step: Write, word: str) -> None:
    use = step.use or "own_word"
    folded = fold(word)  # as it will be compared: signs and dragged letters do not count
    if len(folded) < SHORTEST_WORD[use]:
        _again(scene, "word_too_short", least=SHORTEST_WORD[use])
        return
    if use == "own_word" and (folded.replace(" ", "").isdigit() or folded in _said_in_the_cover(scene.library)):
        _again(scene, "another_word")
        return
    if use != "open_plan" and scene.understanding.made is None:
        _again(scene)  # the vault has made nothing of it: nothing may be said to be kept
        return
    walk(scene, step.then, by_arrow=True)
