"""A small corpus of our own, a model trained from it once, and a real server around that model."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

HOUSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOUSE))

SAID = {
    "ru/danger_now": [
        ["он ломает дверь", "он с топором за дверью"],
        ["меня душат прямо сейчас", "бьёт меня сейчас"],
    ],
    "ru/self_harm": [
        ["не хочу больше жить", "хочу исчезнуть навсегда"],
        ["сегодня всё закончу", "хочу умереть"],
    ],
    "ru/find_centre": [
        ["где приют в [Таразе](place)", "есть ли центр в [Аркалыке](place)"],
        ["живу в [Риддере](place), куда идти", "центр помощи, село [Шетпе](place)"],
    ],
    "ru/greet": [["добрый вечер", "здравствуйте"], ["привет", "доброе утро"]],
    "kk/danger_now": [
        ["ол қазір ұрып жатыр", "есікті сындырып жатыр"],
        ["пышақ алып тұр", "мені қазір буындырып жатыр"],
    ],
    "kk/self_harm": [
        ["өмір сүргім келмейді", "өлгім келеді"],
        ["бәрінен кетемін біржола", "маған өмір керек емес"],
    ],
    "kk/find_centre": [
        ["[Таразда](place) орталық бар ма", "қайда барсам болады [Шетпе](place)"],
        ["[Ақтауда](place) паналайтын жер", "мен [Аркалықта](place) тұрамын, орталық қайда"],
    ],
    "kk/greet": [["сәлем", "қайырлы кеш"], ["ассалаумағалейкум", "сәлеметсіз бе"]],
    "en/danger_now": [
        ["he is breaking the door", "he has a knife now"],
        ["he is choking me", "he hits me right now"],
    ],
    "en/self_harm": [
        ["i want to disappear forever", "i want to die"],
        ["no reason to live", "i will end it tonight"],
    ],
    "en/find_centre": [
        ["is there a shelter in [Taraz](place)", "where can i go"],
        ["centre near [Aktau](place)", "a shelter"],
    ],
    "en/greet": [["good evening", "hello"], ["hi there", "good morning"]],
    "mixed/greet": [["salem", "privet"], ["qaiyrly kesh", "dobryi vecher"]],
}


def write_data(folder: Path, said: dict[str, list[list[str]]]) -> Path:
    """Writes sentences as data files: a block for each situation."""
    for name, situations in said.items():
        path = folder / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = ['version: "3.1"', "nlu:"]
        for sentences in situations:
            lines += [f"- intent: {path.stem}", "  examples: |", *(f"    - {one}" for one in sentences)]
        path.write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def run_train(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """train.py as a person would start it."""
    command = [sys.executable, str(HOUSE / "train.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small corpus on disk."""
    return write_data(tmp_path_factory.mktemp("data"), SAID)


@pytest.fixture(scope="session")
def models(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one model of the small corpus."""
    folder = tmp_path_factory.mktemp("models")
    done = run_train("--data", data, "--models", folder)
    assert done.returncode == 0, done.stderr
    return folder


class Server:
    """A running server.py and the way to talk to it."""

    def __init__(self, models: Path, folder: Path, *more: str, environment: dict[str, str] | None = None) -> None:
        self.port_file = folder / "port.json"
        self.out, self.err = folder / "stdout", folder / "stderr"
        command = [sys.executable, str(HOUSE / "server.py"), "--models", str(models), "--port", "0"]
        with self.out.open("wb") as out, self.err.open("wb") as err:
            self.process = subprocess.Popen(
                [*command, "--port-file", str(self.port_file), *more],
                stdout=out,
                stderr=err,
                env={**os.environ, **(environment or {})},
            )
        until = time.monotonic() + 60
        while not self.port_file.exists():
            assert self.process.poll() is None, self.err.read_text()
            assert time.monotonic() < until, "not ready after 60 s"
            time.sleep(0.05)
        self.place = json.loads(self.port_file.read_text())

    def ask(self, path: str, body: bytes | None = None) -> tuple[int, Any]:
        """Status and answer: JSON where it is JSON."""
        request = Request(f"http://127.0.0.1:{self.place['port']}{path}", data=body)
        try:
            with urlopen(request, timeout=20) as answer:
                status, content = answer.status, answer.read()
        except HTTPError as refused:
            status, content = refused.code, refused.read()
        try:
            return status, json.loads(content)
        except ValueError:
            return status, content.decode()

    def parse(self, text: str) -> Any:
        """The answer to one message."""
        status, answer = self.ask("/model/parse", json.dumps({"text": text, "message_id": "m1"}).encode())
        assert status == 200
        return answer

    def stop(self) -> int:
        """SIGTERM, and how it ended."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


@pytest.fixture(scope="session")
def server(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that only ask."""
    running = Server(models, tmp_path_factory.mktemp("server"), "--processes", "2")
    yield running
    if running.process.poll() is None:
        running.stop()
