"""Trains a pipeline on most situations and asks it about others, of which our encoder was taught none either: for the
table in README.md."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

import quiet
from components import corpus

HOUSE = Path(__file__).resolve().parent
HELD = 2


def write(folder: Path, sentences: list[corpus.Sentence]) -> Path:
    """The sentences as data files again, a block for each situation."""
    blocks: dict[tuple[str, str], dict[str, list[str]]] = {}
    for one in sentences:
        blocks.setdefault((one.tongue, one.intent), {}).setdefault(one.situation, []).append(one.text)
    for (tongue, intent), situations in blocks.items():
        path = folder / tongue / f"{intent}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = ['version: "3.1"', "nlu:"]
        for texts in situations.values():
            rows += [f"- intent: {intent}", "  examples: |", *(f"    - {text}" for text in texts)]
        path.write_text("\n".join(rows) + "\n", "utf-8")
    return folder


def build(config_file: Path, data: Path, scratch: Path) -> tuple[Any, float]:
    """A trained pipeline as a function from text to rasa's message, and the seconds it took."""
    from rasa.engine.caching import LocalTrainingCache
    from rasa.engine.loader import load_predict_graph_runner
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe
    from rasa.engine.runner.dask import DaskGraphRunner
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.training.graph_trainer import GraphTrainer
    from rasa.shared.data import TrainingType
    from rasa.shared.importers.importer import TrainingDataImporter

    from serving import Written

    domain = str(HOUSE / "domain.yml")
    importer = TrainingDataImporter.load_nlu_importer_from_config(str(config_file), domain, [str(data)])
    config = importer.get_config()
    for part in config["pipeline"]:
        if part["name"].startswith("components."):
            part["data"] = str(data)
    graph = DefaultV1Recipe().graph_config_for_recipe(config, {}, TrainingType.NLU)
    (scratch / "storage").mkdir()
    (scratch / "loaded").mkdir()
    trainer = GraphTrainer(LocalModelStorage.create(scratch / "storage"), LocalTrainingCache(), DaskGraphRunner)
    started = time.monotonic()
    trainer.train(graph, importer, scratch / "model.tar.gz", force_retraining=True)
    took = time.monotonic() - started
    metadata, runner = load_predict_graph_runner(
        scratch / "loaded", scratch / "model.tar.gz", LocalModelStorage, DaskGraphRunner
    )
    target = metadata.nlu_target
    return lambda text: runner.run({"__message__": [Written(text, None)]}, [target])[target][0], took


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path, help="config.yml or one of rivals/")
    parser.add_argument("--part", type=int, default=1, help="learn from every so-manieth situation only")
    parser.add_argument("--asked", type=int, default=3000, help="about how many sentences to ask")
    chosen = parser.parse_args()
    quiet.hush()
    from components.learn import fresh
    from evaluate import macro_f1

    sentences = corpus.read(HOUSE / "data", corpus.known_intents(HOUSE / "domain.yml"))[0]
    situations = sorted({one.situation for one in sentences})
    held = set(sorted({sentences[at].situation for at in fresh(sentences)})[::HELD])
    known = set([one for one in situations if one not in held][:: chosen.part])
    asked = [one for one in sentences if one.situation in held]
    asked = asked[:: max(1, len(asked) // chosen.asked)]
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        os.environ["RASA_CACHE_DIRECTORY"] = f"{folder}/cache"
        data = write(scratch / "data", [one for one in sentences if one.situation in known])
        hear, took = build(chosen.config, data, scratch)
        hear("сәлем")
        started = time.monotonic()
        heard = [hear(one.text) for one in asked]
        each = (time.monotonic() - started) / len(asked) * 1000
    real = np.array([one.intent for one in asked])
    said = np.array([str((message.get("intent") or {}).get("name")) for message in heard])
    alarms = ("danger_now", "self_harm")
    is_danger = np.isin(real, alarms)
    raised = np.array([bool((message.get("danger") or {}).get("raised")) for message in heard]) | np.isin(said, alarms)
    learnt = sum(one.situation in known for one in sentences)
    print(f"{chosen.config}: learnt from {learnt}, asked {len(asked)}")
    print(f"macro-F1 {macro_f1(real, said):.3f}; danger recall {raised[is_danger].mean():.3f} ", end="")
    print(f"precision {is_danger[raised].mean():.3f} harmless raised {raised[~is_danger].mean():.3f}; ", end="")
    print(f"training {took:.0f} s; {each:.2f} ms a message")


if __name__ == "__main__":
    main()
