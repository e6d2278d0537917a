"""Technical counts shared by all processes of the server: how many, how fast, how often it failed."""

from __future__ import annotations

from multiprocessing.sharedctypes import RawArray

BOUNDS = (0.001, 0.002, 0.004, 0.008, 0.015, 0.03, 0.06, 0.125, 0.25, 0.5, 1.0)
ANSWERED, REFUSED, FAILED, MICROSECONDS, FIRST_BOUND = range(5)
SIZE = FIRST_BOUND + len(BOUNDS)


class Counts:
    """Each process writes into a row of its own, so no lock is needed; the page adds the rows up."""

    def __init__(self, rows: int) -> None:
        self.rows = [RawArray("Q", SIZE) for _ in range(rows)]
        self.own = self.rows[0]

    def mine(self, row: int) -> None:
        """Called in a new process: from now on it counts into this row."""
        self.own = self.rows[row]

    def answered(self, seconds: float) -> None:
        """A message was answered after so many seconds."""
        self.own[ANSWERED] += 1
        self.own[MICROSECONDS] += int(seconds * 1e6)
        for place, bound in enumerate(BOUNDS, FIRST_BOUND):
            if seconds <= bound:
                self.own[place] += 1

    def refused(self) -> None:
        """A request that was no question."""
        self.own[REFUSED] += 1

    def failed(self) -> None:
        """A question that broke on a bug of ours."""
        self.own[FAILED] += 1

    def page(self, model: str) -> str:
        """The sums, as Prometheus reads them."""
        total = [sum(row[place] for row in self.rows) for place in range(SIZE)]
        asked = total[ANSWERED] + total[REFUSED] + total[FAILED]
        lines = [
            "# TYPE pana_nlu_requests_total counter",
            f"pana_nlu_requests_total {asked}",
            "# TYPE pana_nlu_errors_total counter",
            f'pana_nlu_errors_total{{kind="refused"}} {total[REFUSED]}',
            f'pana_nlu_errors_total{{kind="failed"}} {total[FAILED]}',
            "# TYPE pana_nlu_parse_seconds histogram",
        ]
        bounds = zip(BOUNDS, total[FIRST_BOUND:])
        lines += [f'pana_nlu_parse_seconds_bucket{{le="{bound}"}} {count}' for bound, count in bounds]
        lines += [
            f'pana_nlu_parse_seconds_bucket{{le="+Inf"}} {total[ANSWERED]}',
            f"pana_nlu_parse_seconds_sum {total[MICROSECONDS] / 1e6}",
            f"pana_nlu_parse_seconds_count {total[ANSWERED]}",
            "# TYPE pana_nlu_model_info gauge",
            f'pana_nlu_model_info{{model="{model}"}} 1',
        ]
        return "\n".join(lines) + "\n"
