"""The memory of a process that serves the web chat only, and how soon it answers."""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from bot.settings import ROOT

PORT = 18080


def memory(folder: Path, more: dict[str, str] | None = None) -> tuple[float, float]:
    """Resident megabytes once it answers, and the seconds until then; `more` are further settings."""
    environment = {**os.environ, **(more or {}), "PANA_DATA": str(folder), "PANA_HTTP_PORT": str(PORT)}
    began = time.perf_counter()
    command = [sys.executable, "-m", "bot", "serve", "--without-nlu"]
    child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        while not _answers():
            time.sleep(0.05)
        seconds = time.perf_counter() - began
        status = Path(f"/proc/{child.pid}/status").read_text()
        resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
        return resident / 1024, seconds
    finally:
        child.terminate()
        child.wait()


def _answers() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=1) as response:
            return bool(response.status == 200)
    except OSError:
        return False
