"""The part of the rasa graph that understands: intent, danger, language and place from one reading of a message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.corpus import known_intents, read
from components.mind import Mind

HOUSE = Path(__file__).resolve().parent.parent
EXTRACTOR = "Ears"
RANKING = 5


class Ears(IntentClassifier, GraphComponent):
    """Reads a message once and answers all that pana asks about it."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self.config = config
        self.storage = storage
        self.resource = resource
        self.mind: Mind | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`data` and `domain`: where the sentences are read from."""
        return {"data": str(HOUSE / "data"), "domain": str(HOUSE / "domain.yml")}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Ears:
        """A part that has learnt nothing yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> Ears:
        """A part as it was when its training ended."""
        part = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            part.mind = Mind.load(folder)
        return part

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from all sentences under `data`. Of rasa's examples it needs none: they have lost their languages and
        situations, and train.py gives rasa only one for each intent."""
        from components.learn import learn  # scikit-learn is needed for learning only

        sentences, _ = read(Path(self.config["data"]), known_intents(Path(self.config["domain"])))
        self.mind = learn(sorted(sentences, key=lambda one: (one.situation, one.line)))
        with self.storage.write_to(self.resource) as folder:
            self.mind.save(folder)
        return self.resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds intent, intent_ranking, entities, locale and danger to each message."""
        assert self.mind is not None
        for message in messages:
            heard = self.mind.hear(str(message.get("text") or ""))
            ranking = [{"name": name, "confidence": sure} for name, sure in heard.intents[:RANKING]]
            entities = [{**place, "extractor": EXTRACTOR} for place in heard.places]
            message.set("intent", ranking[0] if ranking else {"name": None, "confidence": 0.0}, True)
            message.set("intent_ranking", ranking, True)
            message.set("entities", entities, True)
            message.set("locale", heard.locale, True)
            message.set("danger", {**heard.danger, "raised": heard.raised}, True)
        return messages
