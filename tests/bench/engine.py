"""How long one pure turn takes."""

import time
from statistics import median, quantiles

from bot.core.library import Library
from bot.core.talk import Address, Event, Tap
from bot.core.understanding import NOTHING_HEARD
from bot.engine.turn import take_turn
from tests.visitor import Visitor

TURNS = 5000


def turn_times(library: Library) -> tuple[float, float]:
    """Median and 99th percentile of one tap in the middle of a plan, in seconds."""
    visitor = Visitor(library, "ru")
    for option in (None, "begin", "together"):
        visitor.taps(option) if option else visitor.comes("plan")
    body = Tap(step=visitor.at, option=visitor.options[0])
    event = Event(id="1", address=Address(channel="t", user="u"), at=visitor.now, body=body)
    times = []
    for _ in range(TURNS):
        began = time.perf_counter()
        take_turn(visitor.session, None, event, NOTHING_HEARD, library, visitor.now)
        times.append(time.perf_counter() - began)
    return median(times), quantiles(times, n=100)[98]
