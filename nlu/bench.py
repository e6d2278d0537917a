"""How fast the server answers: messages of the data, one after another over HTTP, and its memory."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from components import corpus

HOUSE = Path(__file__).resolve().parent


def memory(number: int) -> float:
    """Proportional memory of the server and its children, in MB."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(number)], capture_output=True, text=True, check=True)
    total = 0
    for process in [number, *map(int, listed.stdout.split())]:
        rows = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        total += next(int(row.split()[1]) for row in rows if row.startswith("Pss:"))
    return total / 1024


def busy(number: int) -> float:
    """Seconds of processor time that the children of the server have used."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(number)], capture_output=True, text=True, check=True)
    ticks = 0
    for process in listed.stdout.split():
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def run(port: int, texts: list[str], seconds: float) -> list[float]:
    """Milliseconds of each answer, one connection, one message at a time."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    took: list[float] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        body = json.dumps({"text": texts[len(took) % len(texts)]}).encode()
        started = time.perf_counter()
        connection.request("POST", "/model/parse", body)
        connection.getresponse().read()
        took.append((time.perf_counter() - started) * 1000)
    return took


def main() -> None:
    """Starts a server of one process, asks for some seconds, prints the figures, stops it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--processes", type=int, default=1)
    chosen = parser.parse_args()
    sentences = corpus.read(HOUSE / "data", corpus.known_intents(HOUSE / "domain.yml"))[0]
    texts = [one.text for one in sentences]
    random.Random(111).shuffle(texts)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "port"
        started = time.monotonic()
        command = [sys.executable, str(HOUSE / "server.py"), "--port", "0", "--port-file", str(file)]
        server = subprocess.Popen([*command, "--processes", str(chosen.processes), "--log-level", "WARNING"])
        try:
            while not file.exists():
                time.sleep(0.02)
            ready = time.monotonic() - started
            port = json.loads(file.read_text())["port"]
            run(port, texts, 1)
            before = busy(server.pid)
            took = sorted(run(port, texts, chosen.seconds))
            worked = busy(server.pid) - before
            size = memory(server.pid)
        finally:
            server.terminate()
            server.wait()
    print(f"ready after {ready:.1f} s; {len(took)} messages, {len(took) / chosen.seconds:.0f}/s")
    print(f"p50 {took[len(took) // 2]:.2f} ms, p99 {took[len(took) * 99 // 100]:.2f} ms, longest {took[-1]:.1f} ms")
    print(f"processor time {worked / len(took) * 1000:.2f} ms a message: {len(took) / worked:.0f}/s on one core")
    print(f"memory {size:.0f} MB (PSS, all processes)")


if __name__ == "__main__":
    main()
