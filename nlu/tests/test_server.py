"""The server: what it answers, what it refuses, how it ends, and that it never repeats a word to a log."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

from .conftest import HOUSE, Server


def alive(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{number}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] != "Z"


def test_an_answer_has_exactly_the_fields_of_the_contract(server, models):
    answer = server.parse("где приют в Таразе")
    assert set(answer) == {"intent", "intent_ranking", "entities", "locale", "danger", "model"}
    assert answer["intent"] == answer["intent_ranking"][0]
    assert answer["intent"]["name"] == "find_centre"
    assert 0 < answer["intent"]["confidence"] <= 1
    assert len(answer["intent_ranking"]) <= 5
    assert [(one["entity"], one["value"], one["start"], one["end"]) for one in answer["entities"]] == [
        ("place", "Таразе", 12, 18)
    ]
    assert answer["locale"] == "ru"
    assert set(answer["danger"]) == {"now", "self_harm", "raised"}
    assert next(models.glob("pana-*")).name == f"pana-{answer['model']}.tar.gz"


@pytest.mark.parametrize("text", ["", "   ", "\0\0", "😀" * 3000, "مرحبا كيف حالك", "你好吗", "\u202e"])
def test_what_cannot_be_heard_has_no_confident_intent(server, text):
    assert server.parse(text)["intent"]["confidence"] < 0.5


def test_empty_text_has_no_intent(server):
    answer = server.parse("")
    assert answer["intent"] == {"name": None, "confidence": 0}
    assert answer["intent_ranking"] == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[]",
        b'"text"',
        b"{}",
        b'{"text": 1}',
        b'{"text": null}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_a_body_without_text_is_400(server, body):
    assert server.ask("/model/parse", body)[0] == 400


def test_a_lone_surrogate_and_a_huge_text_are_answered_soon(server):
    started = time.monotonic()
    assert server.ask("/model/parse", b'{"text": "\\ud800 \\u0000 help"}')[0] == 200
    server.parse("қазір ұрып жатыр " * 6000)
    assert time.monotonic() - started < 2
    assert server.ask("/model/parse", b'{"text": "' + b"a" * (2 << 20) + b'"}')[0] == 413


def test_only_the_first_two_thousand_signs_count(server):
    assert server.parse("добрый вечер " * 160 + "хочу умереть")["danger"]["raised"] is None


def test_a_slash_is_no_way_past_the_ears(server):
    """Rasa's own reading would give any intent of the domain, surely, and the entities that are written down."""
    answer = server.parse('/rights_housing{"rank": "x"}')
    assert answer["intent"]["name"] != "rights_housing", "an intent this model has not learnt"
    assert "rank" not in {one["entity"] for one in answer["entities"]}


def test_health_and_metrics_count_all_processes(server):
    assert server.ask("/health") == (200, {"ready": True, "model": server.parse("привет")["model"]})
    before = _count(server.ask("/metrics")[1])
    with ThreadPoolExecutor(8) as many:
        list(many.map(server.parse, ["сәлем"] * 40))
    assert _count(server.ask("/metrics")[1]) - before == 40


def _count(page):
    return int(next(line.split()[1] for line in page.splitlines() if line.startswith("pana_nlu_requests_total")))


def test_it_ends_gracefully_and_takes_its_children_along(models, tmp_path):
    running = Server(models, tmp_path, "--processes", "2")
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(running.place["pid"])], capture_output=True, text=True)
    numbers = [int(number) for number in children.stdout.split()]
    assert len(numbers) == 2
    os.kill(numbers[0], signal.SIGKILL)
    time.sleep(2)
    running.parse("привет")  # another process took its place
    assert running.stop() == 0
    assert not running.port_file.exists()
    assert not any(alive(number) for number in numbers)


def test_it_dies_with_its_parent(models, tmp_path):
    port = tmp_path / "port.json"
    code = "import subprocess, sys, time; subprocess.Popen(sys.argv[1:]); time.sleep(60)"
    command = [
        sys.executable,
        str(HOUSE / "server.py"),
        "--models",
        str(models),
        "--port",
        "0",
        "--die-with-parent",
    ]
    parent = subprocess.Popen([sys.executable, "-c", code, *command, "--port-file", str(port)])
    until = time.monotonic() + 60
    while not port.exists() and time.monotonic() < until:
        time.sleep(0.05)
    number = json.loads(port.read_text())["pid"]
    parent.kill()
    parent.wait()
    until = time.monotonic() + 10
    while alive(number) and time.monotonic() < until:
        time.sleep(0.1)
    assert not alive(number)


def test_a_new_model_takes_over_the_port(models, tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    archive = next(models.glob("pana-*")).read_bytes()
    (folder / "pana-old.tar.gz").write_bytes(archive)
    running = Server(folder, tmp_path)
    assert running.parse("привет")["model"] == "old"
    time.sleep(0.01)
    (folder / "pana-new.tar.gz").write_bytes(archive)
    os.kill(running.place["pid"], signal.SIGHUP)
    until = time.monotonic() + 30
    while running.parse("привет")["model"] == "old" and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(1)
    assert {running.parse("привет")["model"] for _ in range(5)} == {"new"}
    assert running.stop() == 0


def test_a_model_that_cannot_be_read_leaves_the_old_one_serving(models, tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "pana-old.tar.gz").write_bytes(next(models.glob("pana-*")).read_bytes())
    running = Server(folder, tmp_path)
    time.sleep(0.01)
    (folder / "pana-new.tar.gz").write_bytes(b"half of it")
    os.kill(running.place["pid"], signal.SIGHUP)
    until = time.monotonic() + 30
    while "cannot be read" not in running.err.read_text() and time.monotonic() < until:
        time.sleep(0.1)
    assert "pana-new.tar.gz cannot be read by this server" in running.err.read_text()
    assert {running.parse("привет")["model"] for _ in range(5)} == {"old"}
    assert running.stop() == 0


def test_no_model_and_no_port_are_one_clear_line(models, tmp_path, server):
    command = [sys.executable, str(HOUSE / "server.py"), "--models"]
    none = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, timeout=30, check=False)
    assert (none.returncode, none.stderr.count("\n"), "run train.py first" in none.stderr) == (1, 1, True)
    port = str(server.place["port"])
    taken = subprocess.run(
        [*command, str(models), "--port", port], capture_output=True, text=True, timeout=30, check=False
    )
    assert taken.returncode == 1
    assert "cannot be used" in taken.stderr


MARKS = ("Құпиясөзбе", "секретноеслово", "Whisperword", "Мойынқұмбелгі")


def shapes(mark):
    """Every shape in which a word may hide in a file."""
    escaped = mark.encode("unicode_escape")
    plain = [mark, mark.lower(), mark.upper(), quote(mark), quote(mark.lower()), json.dumps(mark)[1:-1]]
    coded = {one.encode() for one in plain} | {
        escaped,
        mark.encode("utf-16-le"),
        mark.lower().encode("unicode_escape"),
    }
    for lead in range(3):
        whole = base64.b64encode(b"x" * lead + mark.encode())
        coded.add(whole[4 if lead else 0 : -4])
    return coded


def test_no_word_is_whispered_to_a_log_or_a_file(models, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    loud = {
        "TMPDIR": str(scratch),
        "LOG_LEVEL": "DEBUG",
        "LOG_LEVEL_LIBRARIES": "DEBUG",
        "PYTHONASYNCIODEBUG": "1",
        "PYTHONDEVMODE": "1",
        "RASA_TELEMETRY_ENABLED": "true",
        "HOME": str(scratch),
    }
    running = Server(models, tmp_path, "--log-level", "DEBUG", environment=loud)
    for mark in MARKS:
        running.parse(f"менің атым {mark}, {mark} көшесі")
        running.parse(f"живу в городе {mark}")
        running.ask("/model/parse", json.dumps({"txt": mark}).encode())
        running.ask("/model/parse", mark.encode())
        running.ask(f"/{quote(mark)}?q={quote(mark)}")
    assert running.stop() == 0
    files = [path for path in tmp_path.rglob("*") if path.is_file()] + [*models.rglob("*.*")]
    assert running.err in files
    assert running.out.read_bytes() == b""
    for path in files:
        content = path.read_bytes()
        for mark in MARKS:
            assert not [shape for shape in shapes(mark) if shape in content], path


def test_the_search_itself_finds_every_shape():
    for mark in MARKS:
        for sent in (mark.encode(), mark.lower().encode(), quote(mark).encode(), json.dumps(mark).encode()):
            assert any(shape in b"... " + sent + b" ..." for shape in shapes(mark))
        for lead in ("", "a", "ab"):
            hidden = base64.b64encode(f"{lead}{mark} and more".encode())
            assert any(shape in hidden for shape in shapes(mark))
