"""train.py: trains once, says what is wrong with the data, keeps two models; the model is a real rasa model."""

import asyncio
import os
import subprocess
import sys
import time

from .conftest import HOUSE, SAID, run_train, write_data


def test_the_digest_is_quick_and_follows_the_data(data, tmp_path):
    started = time.monotonic()
    first = run_train("--digest", "--data", data).stdout
    assert time.monotonic() - started < 5
    assert first == run_train("--digest", "--data", data).stdout
    other = write_data(tmp_path, {**SAID, "ru/thank": [["спасибо вам"]]})
    assert first != run_train("--digest", "--data", other).stdout


def test_the_digest_needs_no_rasa(data):
    code = (
        "import sys, runpy; sys.argv = ['train.py', '--digest', '--data', sys.argv[1]]\n"
        f"try: runpy.run_path({str(HOUSE / 'train.py')!r}, run_name='__main__')\n"
        "except SystemExit: pass\n"
        "assert not {'rasa', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(data)], check=True, capture_output=True)


def test_nothing_is_trained_twice(data, models):
    before = sorted(models.glob("pana-*"))
    done = run_train("--data", data, "--models", models)
    assert done.returncode == 0
    assert "is there already" in done.stderr
    assert sorted(models.glob("pana-*")) == before
    assert before[0].name == f"pana-{run_train('--digest', '--data', data).stdout.strip()}.tar.gz"


def test_mistakes_stop_the_training(tmp_path):
    folder = write_data(tmp_path / "data", {"ru/greet": [["привет"]], "ru/thank": [["Привет"]]})
    done = run_train("--data", folder, "--models", tmp_path)
    assert done.returncode == 1
    assert "thank.yml:5: the same sentence stands under greet" in done.stderr
    assert not list(tmp_path.glob("pana-*"))


def test_danger_that_could_not_be_measured_stops_the_training(tmp_path):
    known = {"ru/self_harm": [["хочу умереть"]], "ru/greet": [["привет"], ["добрый вечер"]]}
    done = run_train("--data", write_data(tmp_path / "data", known), "--models", tmp_path)
    assert done.returncode == 1
    assert "the encoder was taught every situation of self_harm" in done.stderr
    assert not list(tmp_path.glob("pana-*"))


def test_only_two_models_are_kept(tmp_path):
    import train

    for age, name in enumerate(("pana-c.tar.gz", "pana-b.tar.gz", "pana-a.tar.gz", "other.tar.gz")):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1_000 - age, 1_000 - age))
    train.tidy(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "other.tar.gz",
        "pana-b.tar.gz",
        "pana-c.tar.gz",
    ]


def test_rasas_own_agent_reads_the_model_and_hears_the_same(models, server):
    import quiet

    quiet.hush()
    from rasa.core.agent import Agent

    agent = Agent.load(str(next(models.glob("pana-*"))))
    heard = asyncio.run(agent.parse_message("он ломает дверь"))
    answer = server.parse("он ломает дверь")
    assert heard["intent"] == answer["intent"]
    assert heard["intent_ranking"] == answer["intent_ranking"]
