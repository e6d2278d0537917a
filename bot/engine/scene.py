"""Scene: one person's turn while it is being thought through. Lives no longer than take_turn()."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.core.door import Door
from bot.core.effect import Effect
from bot.core.flow import AnyStep, Flow
from bot.core.library import Library
from bot.core.phrases import Phrases
from bot.core.session import Session
from bot.core.talk import Event
from bot.core.understanding import Understanding
from bot.core.words import Voice


@dataclass(slots=True)
class Scene:
    """What a turn may look at, and what it has come to so far. `session` is replaced, never changed in place."""

    library: Library
    before: Session
    session: Session
    door: Door | None
    event: Event
    understanding: Understanding
    now: datetime
    over: bool = False
    final: bool = False
    remark: str | None = None
    said: list[str] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)

    @property
    def phrases(self) -> Phrases:
        """The machine's words in her language."""
        return self.library.phrases[self.session.locale]

    def voice(self, at: str) -> Voice:
        """What a step says in her language."""
        return self.library.voice(self.session.locale, at)

    def step(self, at: str) -> AnyStep:
        """The step at a full name."""
        return self.library.step(at)

    def flow(self, at: str) -> Flow:
        """The flow that a step belongs to."""
        return self.library.flows[flow_of(at)]


def flow_of(at: str) -> str:
    """The name of the flow in a full name "flow/step"."""
    return at.partition("/")[0]
