"""A child process that ends with its parent, and a lock file that says who may start it."""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1


def start_child(
    command: list[str], folder: Path, log: Path, keep_open: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Start `command` in `folder`, its output into `log`. On Linux it is told to end when this process ends.

    `keep_open` is a lock file that the child inherits: the lock is free only once both have ended.
    """
    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            pass_fds=(keep_open.fileno(),) if keep_open else (),
            preexec_fn=_end_with_parent(),
            start_new_session=True,
        )


def _end_with_parent() -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def prepare() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it ended before we could ask
            os._exit(1)

    return prepare


def try_lock(path: Path) -> IO[bytes] | None:
    """The open lock file when it is ours now; None when somebody else holds it."""
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def end_child(child: subprocess.Popen[bytes], patience: float = 10.0) -> None:
    """Ask it to end, and wait; then make it."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
