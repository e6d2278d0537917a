"""python -m tests.bench: engine, service and memory, beside a bare aiogram echo bot in the same run."""

import asyncio
import platform
import sys
import tempfile
from pathlib import Path

from bot.adapters.clock import SystemClock
from bot.adapters.files import load
from bot.adapters.phrases import read_phrases
from bot.settings import CONTENT, LOCALES_FOLDER
from tests.bench.echo import echo_rate
from tests.bench.engine import turn_times
from tests.bench.memory import memory
from tests.bench.service import latencies, throughput
from tests.bench.telegram import CONFIGURED, telegram


def main() -> None:
    """Print every figure, with the machine it was taken on."""
    library, _ = load(CONTENT, read_phrases(LOCALES_FOLDER), SystemClock().now().date())
    print(f"{platform.machine()}, {platform.processor() or 'cpu unknown'}, Python {sys.version.split()[0]}")
    median, slowest = turn_times(library)
    print(f"engine       one tap: median {median * 1e6:.0f} µs, p99 {slowest * 1e6:.0f} µs")
    echo = asyncio.run(echo_rate())
    print(f"echo         a bare aiogram echo bot, no store: {echo:.0f} updates/s")
    with tempfile.TemporaryDirectory() as folder:
        rate = asyncio.run(throughput(library, Path(folder)))
    print(f"service      taps, embedded Redis, one process: {rate:.0f} events/s ({rate / echo:.2f} of the echo bot)")
    with tempfile.TemporaryDirectory() as folder:
        half, most = asyncio.run(latencies(library, Path(folder), rate=400))
    print(f"service      at 400 events/s: to the commit median {half * 1e3:.1f} ms, p99 {most * 1e3:.1f} ms")
    with tempfile.TemporaryDirectory() as folder:
        resident, seconds = memory(Path(folder))
    print(f"web only     {resident:.0f} MB resident, answers {seconds:.1f} s after its start")
    with tempfile.TemporaryDirectory() as folder:
        resident, seconds = memory(Path(folder), CONFIGURED)
    print(f"all channels {resident:.0f} MB resident, answers {seconds:.1f} s after its start")
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(telegram(Path(folder)))
    share = found["ours"] / found["echo"]
    print(
        f"telegram     taps by webhook: {found['ours']:.0f}/s; a bare aiogram echo: {found['echo']:.0f}/s ({share:.2f})"
    )
    print(f"telegram     at a quarter of that: p99 {found['p99'] * 1e3:.1f} ms; a wipe of 300: {found['wipe']:.2f} s")


if __name__ == "__main__":
    main()
