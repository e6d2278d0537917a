"""Trains pana's ears into models/pana-<digest>.tar.gz, only if what they learn from has changed."""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path

HOUSE = Path(__file__).resolve().parent
sys.path.insert(0, str(HOUSE))

from components import corpus  # noqa: E402

KEPT = 2


def say(words: str) -> None:
    """One line of progress."""
    print(f"nlu: {words}", file=sys.stderr, flush=True)


def _all(folder: str) -> list[Path]:
    return sorted((HOUSE / folder).rglob("*.*"))


def digest(data: Path) -> str:
    """Names everything a model depends on: config, domain, components, words, encoder, this file, the data."""
    parts = [
        HOUSE / "config.yml",
        HOUSE / "domain.yml",
        HOUSE / "train.py",
        *_all("components"),
        *_all("words"),
        *_all("encoder"),
    ]
    inside = [path for path in parts if path.is_file() and path.suffix != ".pyc"]
    total = hashlib.sha256()
    for root, paths in ((HOUSE, inside), (data, corpus.files(data))):
        for path in paths:
            content = path.read_bytes()
            total.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
            total.update(content)
    return total.hexdigest()[:16]


def checked(data: Path) -> bool:
    """Says every mistake in the data; True if there was none and there is something to learn."""
    sentences, mistakes = corpus.read(data, corpus.known_intents(HOUSE / "domain.yml"))
    for mistake in mistakes:
        say(str(mistake))
    if mistakes:
        say(f"{len(mistakes)} mistakes in the data: nothing was trained")
    elif len({one.intent for one in sentences}) < 2:
        say(f"{data}: there are not two intents to tell apart")
        return False
    return not mistakes and _measurable(sentences)


def _measurable(sentences: list[corpus.Sentence]) -> bool:
    """Whether there is something to measure danger on; says so if not."""
    from components.learn import fresh  # numpy and scikit-learn: not for --digest
    from components.mind import DANGERS

    asked = {sentences[at].intent for at in fresh(sentences)}
    for intent in {one.intent for one in sentences} & set(DANGERS.values()) - asked:
        say(f"the encoder was taught every situation of {intent}: none is left to measure it on")
        return False
    return True


def train(data: Path, target: Path) -> None:
    """Runs rasa's training graph and packs the model under the name of `target`, all or nothing."""
    import quiet

    quiet.hush()
    say("loading rasa")
    from rasa.engine.caching import LocalTrainingCache
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe
    from rasa.engine.runner.dask import DaskGraphRunner
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.training.graph_trainer import GraphTrainer
    from rasa.shared.data import TrainingType
    from rasa.shared.importers.importer import TrainingDataImporter

    with tempfile.TemporaryDirectory() as scratch:
        os.environ["RASA_CACHE_DIRECTORY"] = f"{scratch}/cache"
        importer = TrainingDataImporter.load_nlu_importer_from_config(
            str(HOUSE / "config.yml"), str(HOUSE / "domain.yml"), [_sample(Path(scratch), data)]
        )
        config = importer.get_config()
        for part in config["pipeline"]:
            part.setdefault("data", str(data))
        graph = DefaultV1Recipe().graph_config_for_recipe(config, {}, TrainingType.NLU)
        _leave_out_slashes(graph)
        storage = Path(scratch) / "storage"
        storage.mkdir()
        trainer = GraphTrainer(LocalModelStorage.create(storage), LocalTrainingCache(), DaskGraphRunner)
        say("learning")
        packed = target.with_name(f".{target.name}.{os.getpid()}.tar.gz")
        trainer.train(graph, importer, packed, force_retraining=True)
        packed.replace(target)


def _sample(scratch: Path, data: Path) -> str:
    """A file with one sentence for each intent, for rasa's own reading. Our part reads all the sentences itself, with
    what rasa drops; rasa would take half a minute to read them and look at none."""
    first: dict[str, str] = {}
    for one in corpus.read(data, corpus.known_intents(HOUSE / "domain.yml"))[0]:
        first.setdefault(one.intent, one.text)
    blocks = "".join(f"- intent: {intent}\n  examples: |\n    - {text}\n" for intent, text in first.items())
    path = scratch / "nlu.yml"
    path.write_text(f'version: "3.1"\nnlu:\n{blocks}', "utf-8")
    return str(path)


def _leave_out_slashes(graph: object) -> None:
    """Takes rasa's RegexMessageHandler off: "/danger_now" typed by somebody is no intent, and it costs 400 MB."""
    nodes = graph.predict_schema.nodes  # type: ignore[attr-defined]
    handler = nodes.pop(graph.nlu_target)  # type: ignore[attr-defined]
    graph.nlu_target = handler.needs["messages"]  # type: ignore[attr-defined]


def tidy(models: Path) -> None:
    """Keeps the newest models and removes the rest."""
    ours = sorted(models.glob("pana-*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in ours[KEPT:]:
        say(f"removing {old.name}")
        old.unlink()


def main(arguments: list[str] | None = None) -> int:
    """Command line. 0: there is a model; 1: the data has mistakes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--digest", action="store_true", help="print the digest and stop")
    parser.add_argument("--data", type=Path, default=HOUSE / "data")
    parser.add_argument("--models", type=Path, default=HOUSE / "models")
    parser.add_argument("--force", action="store_true", help="train even if there is a model")
    chosen = parser.parse_args(arguments)
    data = chosen.data.resolve()
    if chosen.digest:
        print(digest(data))
        return 0
    chosen.models.mkdir(parents=True, exist_ok=True)
    with (chosen.models / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _train_if_needed(data, chosen.models.resolve(), chosen.force)


def _train_if_needed(data: Path, models: Path, force: bool) -> int:
    started = time.monotonic()
    target = models / f"pana-{digest(data)}.tar.gz"
    if target.exists() and not force:
        target.touch()
        say(f"{target.name} is there already")
        return 0
    say("checking the data")
    if not checked(data):
        return 1
    train(data, target)
    tidy(models)
    say(f"{target.name} is ready after {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
