"""What the server answers: POST /model/parse, GET /health, GET /metrics. One process, one event loop."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from counts import Counts

LIMIT = 2000
BODY = 1 << 20
ANSWERED = ("intent", "intent_ranking", "entities", "locale", "danger")
Parse = Callable[[str, str | None], dict[str, Any]]


def load(archive: Path) -> Parse:
    """The trained model as a function from a text to the answer's fields. Rasa's graph runs inside."""
    from rasa.engine.loader import load_predict_graph_runner

    storage = _storage()
    with tempfile.TemporaryDirectory() as scratch:
        metadata, runner = load_predict_graph_runner(Path(scratch), archive, storage, _runner())
    target = metadata.nlu_target

    def parse(text: str, message_id: str | None) -> dict[str, Any]:
        written = Written(text[:LIMIT], message_id)
        message = runner.run(inputs={"__message__": [written]}, targets=[target])[target][0]
        return {name: message.get(name) for name in ANSWERED}

    parse("жылыту", None)
    return parse


def _runner() -> Any:
    """Rasa's graph, its parts run one after another in an order worked out once: dask works it out for each message
    (0.6 ms) and writes the message into a debug line."""
    from rasa.engine.runner.dask import DaskGraphRunner

    class InTurn(DaskGraphRunner):
        """Runs the parts in turn."""

        def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
            """What rasa's runner does, without dask."""
            found = {name: (name, value) for name, value in (inputs or {}).items()}
            for name in self._order(tuple(targets or self._graph_schema.target_names)):
                part = self._instantiated_nodes[name]
                found[name] = part(*[found[need] for need in self._graph_schema.nodes[name].needs.values()])
            return {name: found[name][1] for name in targets or self._graph_schema.target_names}

        def _order(self, targets: tuple[str, ...]) -> list[str]:
            known = self.__dict__.setdefault("orders", {})
            if targets not in known:
                nodes, order = self._graph_schema.minimal_graph_schema(list(targets)).nodes, []

                def _visit(name: str) -> None:
                    if name in nodes and name not in order:
                        for need in nodes[name].needs.values():
                            _visit(need)
                        order.append(name)

                for target in targets:
                    _visit(target)
                known[targets] = order
            return known[targets]

    return InTurn


def _storage() -> Any:
    """Rasa's model storage, without the training graph: reading that would load TensorFlow (3 s, 300 MB)."""
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.storage import ModelMetadata

    class OnlyServing(LocalModelStorage):
        """Hands out the prediction graph alone."""

        @classmethod
        def _load_metadata(cls, directory: Path) -> ModelMetadata:
            found = json.loads((directory / "metadata.json").read_text("utf-8"))
            return ModelMetadata.from_dict({**found, "train_schema": {"nodes": {}}})

    return OnlyServing


class Written:
    """The four fields that rasa's graph reads of a message."""

    __slots__ = ("message_id", "metadata", "text")

    def __init__(self, text: str, message_id: str | None) -> None:
        self.text = text
        self.message_id = message_id
        self.metadata: dict[str, Any] = {}


def asked(body: bytes) -> tuple[str, str | None] | None:
    """Text and message id of a request; None if the body is no JSON object with a string `text`."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        return None
    number = found.get("message_id")
    return found["text"], number if isinstance(number, str) else None


def application(parse: Parse, model: str, counts: Counts) -> web.Application:
    """The routes around one loaded model."""

    async def answer(request: web.Request) -> web.Response:
        started = time.perf_counter()
        question = asked(await request.read())
        if question is None:
            counts.refused()
            return web.json_response({"error": "expected a JSON object with a string called text"}, status=400)
        try:
            found = parse(*question)
        except Exception:  # the bug must not carry her words into a log: only counted
            counts.failed()
            return web.json_response({"error": "this could not be understood"}, status=500)
        counts.answered(time.perf_counter() - started)
        return web.json_response({**found, "model": model})

    async def health(_request: web.Request) -> web.Response:
        return web.json_response({"ready": True, "model": model})

    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(text=counts.page(model), content_type="text/plain")

    app = web.Application(client_max_size=BODY)
    app.router.add_post("/model/parse", answer)
    app.router.add_get("/health", health)
    app.router.add_get("/metrics", metrics)
    return app
