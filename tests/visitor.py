"""Visitor: somebody who talks to the engine. Her session goes through JSON between every two turns."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.core.door import Door
from bot.core.effect import SetDoor, Turn
from bot.core.library import Library
from bot.core.reply import PLAIN, Capabilities, Reply, fit
from bot.core.session import Session
from bot.core.talk import ANYWHERE, Address, Body, Event, Hello, Locale, Other, Spot, Tap, Text
from bot.core.understanding import NOTHING_HEARD, Understanding
from bot.engine.scene import Scene
from bot.engine.turn import open_scene, take_turn

START = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
Answering = Callable[[str], Understanding]


class Visitor:
    """`says`, `taps`, `sees`. `ears` understands what she types (by default: nothing)."""

    def __init__(
        self, library: Library, locale: Locale = "ru", can: Capabilities = PLAIN, ears: Answering | None = None
    ) -> None:
        self.library, self.locale, self.can = library, locale, can
        self.ears = ears or (lambda text: NOTHING_HEARD)
        self.now = START
        self.session: Session | None = None
        self.door: Door | None = None
        self.turn = Turn(session=None)
        self._count = 0

    def comes(self, link: str | None = None) -> Reply:
        """Opens the conversation."""
        return self.does(Hello(link=link, locale=self.locale))

    def says(self, text: str, understood: Understanding | None = None) -> Reply:
        """Types something."""
        return self.does(Text(text=text), understood)

    def taps(self, option: str, step: str | None = None) -> Reply:
        """Taps an option of the question she sees (or of an earlier one, or a universal action with step "*")."""
        return self.does(Tap(step=step or self.at, option=option))

    def acts(self, action: str) -> Reply:
        """Taps one of the actions that always work."""
        return self.taps(action, ANYWHERE)

    def shares(self, lat: float, lon: float) -> Reply:
        """Shares a place."""
        return self.does(Spot(lat=lat, lon=lon))

    def sends(self, what: str) -> Reply:
        """Sends a voice message, a photo …"""
        return self.does(Other(what=what))

    def does(self, body: Body, understood: Understanding | None = None, at: datetime | None = None) -> Reply:
        """Anything; returns the last reply (an empty one where nothing was said)."""
        self._count += 1
        self.now += timedelta(seconds=20)
        address = Address(channel="test", user="visitor")
        event = Event(id=str(self._count), address=address, at=at or self.now, body=body)
        heard = understood or (self.ears(body.text) if isinstance(body, Text) else NOTHING_HEARD)
        self.turn = take_turn(self.session, self.door, event, heard, self.library, self.now)
        for effect in self.turn.effects:
            if isinstance(effect, SetDoor):
                self.door = effect.door and Door.model_validate_json(effect.door.model_dump_json())
        saved = self.turn.session
        self.session = saved and Session.model_validate_json(saved.model_dump_json(exclude_defaults=True))
        for reply in self.turn.replies:
            self._must_fit(reply)
        return self.sees

    def copy(self) -> "Visitor":
        """Somebody in exactly the same place."""
        twin = Visitor(self.library, self.locale, self.can, self.ears)
        twin.session, twin.door, twin.now, twin.turn, twin._count = (
            self.session, self.door, self.now, self.turn, self._count,
        )  # fmt: skip
        return twin

    @property
    def sees(self) -> Reply:
        """The last thing said to her."""
        if not self.turn.replies:
            return Reply(step="", text="", locale=self.locale)
        return self.turn.replies[-1]

    @property
    def at(self) -> str:
        """The question she stands at."""
        return (self.session.at or "") if self.session else ""

    @property
    def options(self) -> tuple[str, ...]:
        """The options she sees."""
        return tuple(option.id for option in self.sees.options)

    def scene(self, body: Body) -> Scene:
        """The scene as it would be for an event (for what the engine asks before a turn)."""
        event = Event(id="x", address=Address(channel="test", user="v"), at=self.now, body=body)
        return open_scene(self.session, self.door, event, NOTHING_HEARD, self.library, self.now)

    def _must_fit(self, reply: Reply) -> None:
        """Whatever is said can be carried, whole, and is the language she reads."""
        phrases = self.library.phrases[reply.locale]
        pieces = fit(reply, self.can, phrases)
        assert all(piece.text.strip() for piece in pieces), reply.step
        for piece in pieces:
            buttons = [*piece.options, *piece.actions] if piece.carried in ("buttons", "list") else []
            most = self.can.text_with_options if buttons else self.can.text
            assert len(piece.text) <= most, (reply.step, len(piece.text))
            label = self.can.row_label if piece.carried == "list" else self.can.button_label
            for button in buttons:
                assert 0 < len(button.label) <= label, (reply.step, button.label)
            if piece.carried == "list":
                assert len(buttons) <= self.can.rows, reply.step
            elif piece.carried == "buttons":
                assert len(buttons) <= self.can.buttons, reply.step
        assert "{" not in reply.text, (reply.step, "something was not filled in")
