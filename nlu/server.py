"""Serves the newest model over HTTP: loads once, then forks processes that share one port."""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import gc
import http.client
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path

import quiet

HOUSE = Path(__file__).resolve().parent
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
PATIENCE = 10.0
DRAIN = 5.0


def newest(models: Path) -> Path | None:
    """The model trained (or confirmed) last."""
    found = sorted(models.glob("pana-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return found[-1] if found else None


def named(archive: Path) -> str:
    """The digest in the name of an archive."""
    return archive.name.removeprefix("pana-").removesuffix(".tar.gz")


def die_with_parent() -> None:
    """Linux: the kernel sends SIGTERM when the parent ends. Elsewhere the loop looks at getppid."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class House:
    """The first process: holds the port, loads the model, keeps the others alive, answers nothing itself."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        self.chosen = chosen
        self.log = quiet.hush(chosen.log_level)
        self.parent = os.getppid()
        self.children: dict[int, int] = {}
        self.leaving: dict[int, float] = {}
        self.stop = self.renew = False
        self.born: dict[int, float] = {}

    def run(self) -> int:
        """Serves until told to stop. 1 if there is no model or the port is taken."""
        if self.chosen.die_with_parent:
            die_with_parent()
        signal.signal(signal.SIGTERM, self._on_stop)
        signal.signal(signal.SIGINT, self._on_stop)
        signal.signal(signal.SIGHUP, self._on_renew)
        if not self._load() or not self._listen():
            return 1
        for row in range(self.chosen.processes):
            self._fork(row)
        if self._answers():
            self._write_port()
        self._watch()
        return 0

    def _load(self) -> bool:
        import serving
        from counts import Counts

        archive = newest(self.chosen.models)
        if archive is None:
            self.log.error("no model in %s: run train.py first", self.chosen.models)
            return False
        started = time.monotonic()
        try:
            parse = serving.load(archive)
        except Exception as broken:  # made by another version, or half copied: the one that is served goes on
            self.log.error("%s cannot be read by this server: %s", archive.name, type(broken).__name__)
            return False
        self.model, self.parse = named(archive), parse
        self.counts = Counts(self.chosen.processes * 2)
        self.log.info("model %s loaded in %.1f s", self.model, time.monotonic() - started)
        gc.collect()
        gc.freeze()
        return True

    def _listen(self) -> bool:
        self.socket = socket.socket(socket.AF_INET6 if ":" in self.chosen.host else socket.AF_INET)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self.socket.bind((self.chosen.host, self.chosen.port))
        except OSError as refused:
            self.log.error("%s:%s cannot be used: %s", self.chosen.host, self.chosen.port, refused.strerror)
            return False
        self.socket.listen(512)
        self.socket.setblocking(False)
        self.port = self.socket.getsockname()[1]
        return True

    def _fork(self, row: int) -> None:
        child = os.fork()
        if child:
            self.children[child] = row
            self.born[child] = time.monotonic()
            return
        code = 1
        try:
            die_with_parent()
            self.counts.mine(row)
            asyncio.run(_serve(self), debug=False)
            code = 0
        finally:
            os._exit(code)

    def _answers(self) -> bool:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.chosen.host, self.chosen.host)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not self.stop:
            try:
                asking = http.client.HTTPConnection(host, self.port, timeout=2)
                asking.request("GET", "/health")
                if asking.getresponse().status == 200:
                    self.log.info("listening on %s:%s, %s processes", host, self.port, len(self.children))
                    return True
            except OSError:
                time.sleep(0.05)
        return False

    def _write_port(self) -> None:
        target = self.chosen.port_file
        if target is None:
            return
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        draft.write_text(json.dumps({"port": self.port, "pid": os.getpid()}), "utf-8")
        draft.replace(target)

    def _watch(self) -> None:
        while not self.stop:
            self._reap()
            if self.renew:
                self._renew()
            if self.chosen.die_with_parent and os.getppid() != self.parent:
                break
            time.sleep(0.25)
        self._end()

    def _reap(self) -> None:
        for child in [*self.children, *self.leaving]:
            if os.waitpid(child, os.WNOHANG)[0]:
                row = self.children.pop(child, None)
                self.leaving.pop(child, None)
                if row is not None and not self.stop:
                    self.log.warning("a process ended by itself and is started again")
                    time.sleep(0.0 if time.monotonic() - self.born.pop(child) > 5 else 1.0)
                    self._fork(row)
        for child, until in self.leaving.items():
            if time.monotonic() > until:
                os.kill(child, signal.SIGKILL)

    def _renew(self) -> None:
        """A new model takes over the port: new processes first, then the old ones finish what they have."""
        self.renew = False
        old = list(self.children.items())
        counts = self.counts
        if not self._load():
            return
        self.counts = counts
        half = self.chosen.processes
        self.children.clear()
        for _, row in old:
            self._fork((row + half) % (2 * half))
        if self._answers():
            self._dismiss([child for child, _ in old])

    def _dismiss(self, children: list[int]) -> None:
        for child in children:
            os.kill(child, signal.SIGTERM)
            self.leaving[child] = time.monotonic() + DRAIN + 2

    def _end(self) -> None:
        self.stop = True
        self._dismiss(list(self.children))
        self.children.clear()
        while self.leaving:
            self._reap()
            time.sleep(0.02)
        if self.chosen.port_file is not None:
            self.chosen.port_file.unlink(missing_ok=True)

    def _on_stop(self, *_: object) -> None:
        self.stop = True

    def _on_renew(self, *_: object) -> None:
        self.renew = True


async def _serve(house: House) -> None:
    """One process: answers until SIGTERM, then finishes what it has begun."""
    from aiohttp import web

    import serving

    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, done.set)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    app = serving.application(house.parse, house.model, house.counts)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=DRAIN)
    await runner.setup()
    await web.SockSite(runner, house.socket, shutdown_timeout=DRAIN).start()
    watching = asyncio.create_task(_orphaned(done))
    await done.wait()
    watching.cancel()
    await runner.cleanup()


async def _orphaned(done: asyncio.Event) -> None:
    parent = os.getppid()
    while os.getppid() == parent:
        await asyncio.sleep(1)
    done.set()


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5005, help="0: any free one")
    parser.add_argument("--port-file", type=Path, help='{"port", "pid"} is written here once it answers')
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--models", type=Path, default=HOUSE / "models")
    parser.add_argument("--die-with-parent", action="store_true")
    parser.add_argument("--log-level", type=str.upper, choices=LEVELS, default="INFO")
    return House(parser.parse_args()).run()


if __name__ == "__main__":
    raise SystemExit(main())
