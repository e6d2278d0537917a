"""handle(event): queue, lock and load, understand, turn, commit. One message's way, never turning back."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Literal

from bot.core.case import added, hushed, opened
from bot.core.door import Door
from bot.core.effect import Deletion, Erase, HushCase, OpenCase, Parcel, SetDoor, TellEditors, Turn, WithdrawCase
from bot.core.library import Library
from bot.core.phrases import PhraseKey
from bot.core.reply import Reply
from bot.core.session import Answer, Session
from bot.core.talk import Event, Locale, Spot, Text
from bot.core.understanding import NOTHING_HEARD, Understanding
from bot.engine.hear import Need, asks_place, need, never_limited
from bot.engine.rules import PLANS
from bot.engine.say import always, reply
from bot.engine.scene import Scene, flow_of
from bot.engine.turn import LATE, open_scene, take_turn
from bot.service.lines import Lines
from bot.service.log import bug, note
from bot.service.meter import Meter
from bot.service.ports import Claimed, Clock, Ears, LostLock, Map, Outcome, Store, StoreGone, Vault, Visit

CROWD = 20
"""Events of one address in ten seconds; more are not answered one by one."""
CALM_EVERY, SORRY_EVERY = timedelta(minutes=1), timedelta(minutes=10)
ATTEMPTS = 5
Handled = Literal["done", "repeated", "crowded", "unavailable"]


class Conversation:
    """Answers events, whatever channel they come from. `deliver` is told of parcels that may go out at once."""

    def __init__(
        self,
        store: Store,
        ears: Ears,
        map_: Map,
        vault: Vault,
        clock: Clock,
        library: Callable[[], Library],
        deliver: Callable[[Claimed], None],
        meter: Meter,
    ) -> None:
        self._store, self._ears, self._map, self._vault, self._clock = store, ears, map_, vault, clock
        self._library, self._deliver, self._meter = library, deliver, meter
        self._lines = Lines()

    async def handle(self, event: Event) -> Handled:
        """Take one event all the way to its commit. "crowded" (too much at once) and "unavailable": it was not looked
        at, and may be sent again."""
        began = asyncio.get_running_loop().time()
        async with self._lines.turn(event.address):
            try:
                handled = await self._attempts(event)
            except StoreGone:
                note("store_gone", channel=event.address.channel)
                handled = "unavailable"
        self._meter.count("events", handled)
        self._meter.turn(asyncio.get_running_loop().time() - began)
        return handled

    async def _attempts(self, event: Event) -> Handled:
        for _ in range(ATTEMPTS):
            try:
                return await self._once(event)
            except LostLock:
                note("lost_lock", channel=event.address.channel)
        return "unavailable"

    async def _once(self, event: Event) -> Handled:
        visit = await self._store.open(event.address, event.id)
        if visit.seen:
            await self._store.release(event.address, visit)
            return "repeated"
        try:
            outcome = await self._outcome(event, visit)
        except (StoreGone, LostLock):
            raise
        except Exception as e:  # anything else is a bug of ours, caught once and here
            step = visit.session.at if visit.session else None
            bug("bug_in_turn", e, step=step, kind=event.body.kind)
            outcome = self._after_bug(event, visit)
        claimed = await self._store.commit(event, visit, outcome)
        if claimed is not None:
            self._deliver(claimed)
        return "done" if outcome.acted else "crowded"

    async def _outcome(self, event: Event, visit: Visit) -> Outcome:
        library, now = self._library(), self._clock.now()
        scene = open_scene(visit.session, visit.door, event, NOTHING_HEARD, library, now)
        if visit.crowd > CROWD and not never_limited(scene):
            return self._calm(event, visit, scene)
        understanding = await self._ask(event, need(scene), scene)
        turn = take_turn(visit.session, visit.door, event, understanding, library, now)
        return self._as_outcome(event, visit, turn)

    async def _ask(self, event: Event, needed: Need, scene: Scene) -> Understanding:
        """What the world says about the event, before the pure turn."""
        body = event.body
        text = body.text if isinstance(body, Text) else ""
        if needed == "map" and isinstance(body, Spot):
            return Understanding(found=await self._map.around(body.lat, body.lon))
        if needed == "ears":
            heard = await self._ears.understand(text)
            place = text if asks_place(scene) else heard.place
            return heard.but(found=await self._map.find(place)) if place else heard
        asks_word = needed != "nothing"
        heard = await asyncio.to_thread(self._ask_vault, needed, text, scene) if asks_word else NOTHING_HEARD
        words = scene.library.four_words.get(scene.session.locale)
        return heard.but(four_words=self._vault.four_words(words)) if words else heard

    def _ask_vault(self, needed: Need, word: str, scene: Scene) -> Understanding:
        door, vault = scene.door, self._vault
        match needed:
            case "seal_plan":
                return Understanding(made=vault.seal_plan(word, _plan_of(scene)))
            case "own_word":
                return Understanding(made=vault.hash_word(word))
            case "open_plan" if door and door.plan:
                return Understanding(plan=vault.open_plan(word, door.plan))
            case "check_word" if door:
                return Understanding(opened=self._opens(word, door))
        return NOTHING_HEARD

    def _opens(self, word: str, door: Door) -> bool:
        """True for her own word, or where she has none, for the words of her plan: they are what she knows."""
        if door.word is not None:
            return self._vault.is_word(word, door.word)
        return door.plan is not None and self._vault.open_plan(word, door.plan) is not None

    def _as_outcome(self, event: Event, visit: Visit, turn: Turn) -> Outcome:
        door, case, session, erase, withdrawn = visit.door, visit.case, turn.session, False, False
        told = tuple(effect for effect in turn.effects if isinstance(effect, TellEditors))
        now = self._clock.now()
        for effect in turn.effects:
            match effect:
                case SetDoor(door=wanted):
                    door = wanted
                case OpenCase() if case is not None and case.stage != "closed":
                    case = added(case, effect, now)
                case OpenCase():
                    locale = _locale(session, visit)
                    id_ = self._vault.case_id(event.id)
                    case = opened(id_, event.address, locale, effect, now)
                case HushCase():
                    case = hushed(case, now) if case is not None else None
                case WithdrawCase():
                    withdrawn = case is not None and case.stage in ("waiting", "delivered")
                case Erase():
                    erase = True
        if session is not None and any(isinstance(e, OpenCase) for e in turn.effects) and case is not None:
            session = session.but(case=case.id)
        parcels = self._parcels(event, visit, turn.replies, erase)
        changed = case if case is not visit.case and not withdrawn else None
        return Outcome(session, door, changed, withdrawn, erase, told, parcels)

    def _parcels(self, event: Event, visit: Visit, replies: tuple[Reply, ...], erase: bool) -> tuple[Parcel, ...]:
        carried: list[Reply | Deletion] = [*replies]
        if erase:
            carried.append(Deletion(locale=_locale(None, visit)))
        now = self._clock.now()
        answers, living = event.trace, visit.living or event.on
        return tuple(
            Parcel(
                id=self._vault.parcel_id(event.id, number),
                to=event.address,
                carries=carries,
                due=now,
                expires=event.at + LATE if isinstance(carries, Reply) else None,
                epoch=visit.epoch + erase,
                answers=answers,
                living=living,
            )
            for number, carries in enumerate(carried)
        )

    def _calm(self, event: Event, visit: Visit, scene: Scene) -> Outcome:
        """Too much at once: one calm sentence a minute, above the question as it stands."""
        now = self._clock.now()
        if visit.calmed is not None and now - visit.calmed < CALM_EVERY:
            return Outcome(visit.session, visit.door, acted=False)
        scene.remark = scene.phrases.say("slow_down")
        calm = reply(scene) if scene.session.at else self._sentence("slow_down", visit)
        parcels = self._parcels(event, visit, (calm,), False)
        return Outcome(visit.session, visit.door, parcels=parcels, calmed=now, acted=False)

    def _after_bug(self, event: Event, visit: Visit) -> Outcome:
        """A poisonous event must not come back for ever: it counts as seen, she stays where she was."""
        self._meter.count("bugs")
        now = self._clock.now()
        if visit.sorry is not None and now - visit.sorry < SORRY_EVERY:
            return Outcome(visit.session, visit.door)
        parcels = self._parcels(event, visit, (self._sentence("unavailable", visit),), False)
        return Outcome(visit.session, visit.door, parcels=parcels, sorry=now)

    def _sentence(self, key: PhraseKey, visit: Visit) -> Reply:
        locale = _locale(visit.session, visit)
        cover = visit.session.mode == "cover" if visit.session else bool(visit.door and visit.door.cover)
        phrases = self._library().phrases[locale]
        actions = () if cover else always(phrases)
        return Reply(step="", text=phrases.say(key), locale=locale, actions=actions, cover=cover)


def _locale(session: Session | None, visit: Visit) -> Locale:
    known = session or visit.session or visit.door
    return known.locale if known else "kk"


def _plan_of(scene: Scene) -> dict[str, Answer]:
    """The answers that belong to a plan: those of flows that keep answers."""
    keeps = {name for name, flow in scene.library.flows.items() if flow.keep_hours or name in PLANS}
    return {at: answer for at, answer in scene.session.answers.items() if flow_of(at) in keeps}
