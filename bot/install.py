"""Makes the environments and the model: the set-up behind `make run` and `make test`. Standard library only.

`python3 bot/install.py bot | test | nlu | model | browser`, any number of them. What is up to date is left alone.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOT_ENV, NLU_ENV = ROOT / ".venv", ROOT / "nlu" / ".venv"
NLU_PYTHON = (3, 10)
OLDEST_PYTHON = (3, 11)


class CannotInstall(Exception):
    """Something that only a person can mend; the message is one clear sentence."""


def main(parts: list[str]) -> int:
    """Install the parts named; returns the exit code."""
    known: dict[str, Callable[[], None]] = {
        "bot": lambda: environment(BOT_ENV, own_python(), ROOT / "bot" / "requirements.lock", "the bot's packages"),
        "test": lambda: environment(BOT_ENV, own_python(), ROOT / "tests" / "requirements.lock", "the test tools"),
        "nlu": lambda: environment(NLU_ENV, nlu_python(), ROOT / "nlu" / "requirements.lock", "the NLU's packages"),
        "model": model,
        "browser": browser,
    }
    try:
        for part in parts:
            known[part]()
    except KeyError as e:
        print(f"install.py knows {', '.join(known)}, not {e}.", file=sys.stderr)
        return 2
    except CannotInstall as e:
        print(e, file=sys.stderr)
        return 1
    return 0


def own_python() -> str:
    """The Python that runs this file, if it is new enough."""
    if sys.version_info < OLDEST_PYTHON:
        raise CannotInstall("pana needs Python 3.11 or newer; run make with PYTHON=/path/to/python3.11 or later.")
    return sys.executable


def nlu_python() -> str:
    """A Python 3.10: on PATH, under pyenv, or through uv."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [shutil.which("python3.10"), *sorted(map(str, pyenv.glob("3.10*/bin/python3.10")), reverse=True)]
    for candidate in filter(None, candidates):
        if _version(candidate) == NLU_PYTHON:
            return candidate
    if uv := shutil.which("uv"):
        say("Python 3.10 through uv")
        subprocess.run([uv, "python", "install", "3.10"], check=False)
        found = subprocess.run([uv, "python", "find", "3.10"], capture_output=True, text=True, check=False)
        if found.returncode == 0 and _version(found.stdout.strip()) == NLU_PYTHON:
            return found.stdout.strip()
    raise CannotInstall(
        "The NLU needs Python 3.10 (rasa runs on no newer one): put python3.10 on PATH, "
        "`pyenv install 3.10`, or install uv. Without it, `python -m bot serve --without-nlu` answers taps."
    )


def _version(python: str) -> tuple[int, ...]:
    """Major and minor; a pyenv shim that leads nowhere has none."""
    told = subprocess.run(
        [python, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, check=False
    )
    return tuple(int(part) for part in told.stdout.split()) if told.returncode == 0 else ()


def environment(folder: Path, python: str, lock: Path, what: str) -> None:
    """An environment that holds exactly what the lock file says (and, for the bot, perhaps the test tools besides)."""
    wanted = hashlib.sha256(lock.read_bytes() + python.encode()).hexdigest()
    stamp = folder / f".{lock.parent.name}.installed"
    if stamp.exists() and stamp.read_text() == wanted and (folder / "bin" / "python").exists():
        return
    if not (folder / "bin" / "python").exists() or _version(str(folder / "bin" / "python")) != _version(python):
        shutil.rmtree(folder, ignore_errors=True)
        run([python, "-m", "venv", str(folder)], f"an environment for {what}")
    install = [str(folder / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    run([*install, "--require-hashes", "--requirement", str(lock)], what)
    stamp.write_text(wanted)


def model() -> None:
    """The NLU's model, trained only when its data has changed."""
    python = NLU_ENV / "bin" / "python"
    if not python.exists():
        raise CannotInstall("The NLU's environment is missing: python3 bot/install.py nlu")
    done = subprocess.run([python, ROOT / "nlu" / "train.py"], check=False)  # tells its own progress
    if done.returncode:
        raise CannotInstall("The NLU could not be trained; its mistakes stand above.")


def browser() -> None:
    """A Chromium for the tests: on PATH, else Debian's, else Playwright's own. None is no error: the tests tell."""
    if find_browser():
        return
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") and (not root or _quietly([*root, "true"])):
        apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
        try:
            run([*apt, "update", "-qq"], "Debian's package lists")
            run([*apt, "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-core"], "Chromium")
        except CannotInstall as e:
            print(e, file=sys.stderr)
    if not find_browser():
        try:
            run([str(BOT_ENV / "bin" / "playwright"), "install", "chromium"], "Playwright's Chromium")
        except CannotInstall:
            print("No browser can be had here; the browser tests cannot run.", file=sys.stderr)


def find_browser() -> str | None:
    """A Chromium on PATH, or named by PANA_CHROMIUM."""
    named = os.environ.get("PANA_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def _quietly(command: list[str]) -> bool:
    return (
        shutil.which(command[0]) is not None
        and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )


def run(command: list[str], what: str) -> None:
    """Run a step, telling every few seconds that it still goes on; its output only where it failed."""
    say(what)
    began = time.monotonic()
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        while True:
            try:
                code = child.wait(timeout=10)
                break
            except subprocess.TimeoutExpired:
                say(f"… still {what}, {time.monotonic() - began:.0f} s")
        if code:
            out.seek(0)
            sys.stderr.write(out.read().decode(errors="replace")[-4000:])
            raise CannotInstall(f"That did not work: {what} (`{' '.join(command[:6])} …` ended with {code}).")


def say(what: str) -> None:
    """One line of progress."""
    print(f"[pana] {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
