"""Starts or joins the NLU server when PANA_NLU_URL is not set."""

import json
import os
import subprocess
from pathlib import Path
from typing import IO

from bot.adapters.child import end_child, start_child, try_lock
from bot.service.log import note


class EmbeddedNlu:
    """The NLU server beside the bot. The first process starts it, others join; it ends with the first."""

    def __init__(self, house: Path, data: Path, processes: int = 1) -> None:
        self._house, self._data, self._processes = house, data.resolve(), processes
        self._child: subprocess.Popen[bytes] | None = None
        self._lock: IO[bytes] | None = None

    @property
    def _port_file(self) -> Path:
        return self._data / "nlu.json"

    def installed(self) -> bool:
        """True when the NLU's environment and a trained model are there."""
        return self._python.exists() and any((self._house / "models").glob("pana-*.tar.gz"))

    @property
    def _python(self) -> Path:
        return self._house / ".venv" / "bin" / "python"

    def start(self) -> None:
        """Start the server unless somebody else has; returns at once, loading takes seconds."""
        self._data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = self._lock or try_lock(self._data / "nlu.lock")
        if self._lock is None or self._running():
            return
        if not self.installed():
            note("nlu_not_installed")
            return
        self._port_file.unlink(missing_ok=True)
        command = [
            str(self._python), str(self._house / "server.py"), "--host", "127.0.0.1", "--port", "0",
            "--port-file", str(self._port_file), "--processes", str(self._processes), "--die-with-parent",
        ]  # fmt: skip
        self._child = start_child(command, self._house, self._data / "nlu.log", keep_open=self._lock)

    def ensure(self) -> None:
        """Start it again where it has ended."""
        if not self._running():
            self.start()

    def url(self) -> str | None:
        """Where it answers; None while it is loading."""
        try:
            found = json.loads(self._port_file.read_text(encoding="utf-8"))
            os.kill(int(found["pid"]), 0)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return f"http://127.0.0.1:{found['port']}"

    def stop(self) -> None:
        """End the server, if it is ours."""
        if self._child is not None:
            end_child(self._child)
            self._port_file.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()
        self._child = self._lock = None

    def _running(self) -> bool:
        return self._child is not None and self._child.poll() is None
