"""Meter: technical counters for /metrics. Nothing about people (P20)."""

from collections import Counter
from collections.abc import Iterator

BOUNDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Upper bounds of the buckets of a turn's duration, in seconds."""


class Meter:
    """Counts by name and label, and the time from an event to its commit."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._buckets: Counter[float] = Counter()
        self._seconds = 0.0
        self._turns = 0

    def count(self, name: str, label: str = "") -> None:
        """Add one to a counter."""
        self._counts[name, label] += 1

    def turn(self, seconds: float) -> None:
        """Note how long one event took, up to its commit."""
        self._turns += 1
        self._seconds += seconds
        for bound in BOUNDS:
            if seconds <= bound:
                self._buckets[bound] += 1

    def lines(self) -> Iterator[str]:
        """The counters in Prometheus' text format."""
        for (name, label), count in sorted(self._counts.items()):
            yield f'pana_{name}_total{{kind="{label}"}} {count}'
        for bound in BOUNDS:
            yield f'pana_turn_seconds_bucket{{le="{bound}"}} {self._buckets[bound]}'
        yield f'pana_turn_seconds_bucket{{le="+Inf"}} {self._turns}'
        yield f"pana_turn_seconds_sum {self._seconds:.6f}"
        yield f"pana_turn_seconds_count {self._turns}"
