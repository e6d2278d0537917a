"""All that was learnt, in plain arrays: what to weigh, how much, and how sure to be."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from components.encoder import Encoder, opinions_on
from components.features import Vocabulary, features
from components.judge import WARINESS, clear, softmax
from components.kazakh import Glossary
from components.places import Places
from components.reading import LIMIT, Token, tokens
from components.tongue import Tongue

DANGERS = {"now": "danger_now", "self_harm": "self_harm"}
KAZAKH_ENOUGH = 0.2  # from here on Kazakh words are looked for; Russian inside Kazakh stays as it is
ENGLISH_ENOUGH = 0.6


@dataclass(frozen=True)
class Heard:
    """What one message seems to mean. `danger`: how likely; `raised`: which of them passes its threshold."""

    intents: list[tuple[str, float]] = field(default_factory=list)
    danger: dict[str, float] = field(default_factory=lambda: dict.fromkeys(DANGERS, 0.0))
    raised: str | None = None
    locale: str | None = None
    places: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Settings:
    """The few numbers measured on situations that were left out of the learning. `trust`: how much the encoder counts
    beside the classifier."""

    intents: list[str]
    warmth: float
    trust: float
    slopes: list[list[float]]
    thresholds: dict[str, float]


class Mind:
    """Vocabulary, weights and measured numbers; `hear` is all that happens to a message."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        weights: np.ndarray,
        settings: Settings,
        tongue: Tongue,
        places: Places,
        encoder: Encoder,
    ) -> None:
        self.vocabulary = vocabulary
        self.weights = weights
        self.settings = settings
        self.tongue = tongue
        self.places = places
        self.glossary = Glossary.read()
        self.encoder = encoder
        self.columns = encoder.columns(settings.intents)
        self.dangers = places_of(DANGERS.values(), settings.intents)

    def hear(self, text: str) -> Heard:
        """What a message means. Nothing recognised: no intent, nothing guessed."""
        text = text[:LIMIT]
        read = tokens(text)
        shares = self.tongue.shares(read)
        at, values = self.vocabulary.row(features(read, retold(read, shares, self.glossary)))
        if not len(at):
            return Heard()
        scores = values @ self.weights[at] + self.weights[-1]
        if not clear(scores[None], self.dangers)[0]:
            scores = scores + self.settings.trust * opinions_on(self.encoder.opinion(read), self.columns)
        return self._weigh(scores, self.tongue.locale(read, shares), self.places.mark(text, read))

    def _weigh(self, scores: np.ndarray, locale: str | None, places: list[dict[str, Any]]) -> Heard:
        settings = self.settings
        sure = softmax(scores, settings.warmth)
        best = np.argsort(-sure)
        rounded = np.round(sure, 4).tolist()
        intents = [(settings.intents[index], rounded[index]) for index in best.tolist()]
        likely = danger(scores[None], settings)[0]
        raised = None
        if alarm(likely) >= settings.thresholds[locale or "ru"]:
            raised = list(DANGERS)[int(likely.argmax())]
        chances = {name: round(float(chance), 4) for name, chance in zip(DANGERS, likely)}
        return Heard(intents, chances, raised, locale, places)

    def save(self, folder: Path) -> None:
        """Writes everything as plain arrays and JSON: no pickle, nothing that runs when it is read."""
        arrays = {"weights": self.weights, "rarity": self.vocabulary.weights}
        np.savez(folder / "weights.npz", **arrays)
        (folder / "vocabulary.json").write_text(json.dumps(self.vocabulary.names, ensure_ascii=False), "utf-8")
        (folder / "settings.json").write_text(json.dumps(asdict(self.settings), indent=1), "utf-8")
        for part in (self.tongue, self.places, self.encoder):
            part.save(folder)

    @classmethod
    def load(cls, folder: Path) -> Mind:
        """Reads what `save` wrote."""
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            weights, rarity = arrays["weights"], arrays["rarity"]
        names = json.loads((folder / "vocabulary.json").read_text("utf-8"))
        settings = Settings(**json.loads((folder / "settings.json").read_text("utf-8")))
        parts = Tongue.load(folder), Places.load(folder), Encoder(folder)
        return cls(Vocabulary(names, rarity), weights, settings, *parts)


def places_of(names: Iterable[str], intents: list[str]) -> list[int]:
    """Where these intents stand, as far as they are known."""
    return [intents.index(name) for name in names if name in intents]


def retold(read: list[Token], shares: np.ndarray, glossary: Glossary) -> list[Token]:
    """A Kazakh or mixed message, its words put into Russian as far as the glossary knows them; of others nothing."""
    kazakh, _, english = shares
    return tokens(glossary.say(read)) if kazakh > KAZAKH_ENOUGH and english <= ENGLISH_ENOUGH else []


def danger(scores: np.ndarray, settings: Settings) -> np.ndarray:
    """How likely each danger is, a row for each message: its own question, asked of the same scores."""
    wary = softmax(scores, WARINESS)
    found = np.zeros((len(scores), len(DANGERS)))
    for column, (name, (slope, start)) in enumerate(zip(DANGERS.values(), settings.slopes)):
        if name not in settings.intents:
            continue
        chance = np.clip(wary[:, settings.intents.index(name)], 1e-6, 1 - 1e-6)
        found[:, column] = 1 / (1 + np.exp(-(slope * np.log(chance / (1 - chance)) + start)))
    return found


def alarm(likely: np.ndarray) -> np.ndarray:
    """How likely there is some danger, whichever: what is held against the threshold."""
    return np.asarray(1 - np.prod(1 - likely, axis=-1))
