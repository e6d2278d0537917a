"""All that was learnt, in plain arrays: what to weigh, how much, and how sure to be."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from components.corpus import Sentence
from components.features import Vocabulary, features
from components.judge import best_warmth, fit, softmax, unseen_scores
from components.reading import Token, tokens

LOCALES = ("kk", "ru", "en")
DANGERS = {"now": "danger_now", "self_harm": "self_harm"}
STRICTNESS = 0.3


@dataclass(frozen=True)
class Heard:
    """What one message seems to mean."""

    intents: list[tuple[str, float]] = field(default_factory=list)
    danger: dict[str, float] = field(default_factory=lambda: dict.fromkeys(DANGERS, 0.0))
    locale: str | None = None
    places: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Settings:
    """The few numbers measured on unseen messages."""

    intents: list[str]
    warmth: float


class Mind:
    """Vocabulary, weights and measured numbers; `hear` is all that happens to a message."""

    def __init__(self, vocabulary: Vocabulary, weights: np.ndarray, settings: Settings) -> None:
        self.vocabulary = vocabulary
        self.weights = weights
        self.settings = settings

    def hear(self, text: str) -> Heard:
        """What a message means. Nothing recognised: no intent, nothing guessed."""
        read = tokens(text)
        at, values = self.vocabulary.row(features(read))
        if not read or not len(at):
            return Heard()
        scores = values @ self.weights[at] + self.weights[-1]
        kinds = len(self.settings.intents)
        sure = softmax(scores[:kinds], self.settings.warmth)
        best = np.argsort(-sure)
        intents = [(self.settings.intents[index], round(float(sure[index]), 4)) for index in best]
        by_name = dict(intents)
        danger = {name: by_name.get(intent, 0.0) for name, intent in DANGERS.items()}
        return Heard(intents, danger, self._locale(read, scores[kinds:]))

    def _locale(self, read: list[Token], scores: np.ndarray) -> str | None:
        words = [token for token in read if token.raw[:1].isalpha()]
        return LOCALES[int(np.argmax(scores))] if words else None

    def save(self, folder: Path) -> None:
        """Writes everything as plain arrays and JSON: no pickle, nothing that runs when it is read."""
        np.savez(folder / "weights.npz", weights=self.weights, rarity=self.vocabulary.weights)
        (folder / "vocabulary.json").write_text(json.dumps(self.vocabulary.names, ensure_ascii=False), "utf-8")
        (folder / "settings.json").write_text(json.dumps(asdict(self.settings), indent=1), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Mind:
        """Reads what `save` wrote."""
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            weights, rarity = arrays["weights"], arrays["rarity"]
        names = json.loads((folder / "vocabulary.json").read_text("utf-8"))
        settings = Settings(**json.loads((folder / "settings.json").read_text("utf-8")))
        return cls(Vocabulary(names, rarity), weights, settings)


def learn(sentences: list[Sentence]) -> Mind:
    """Learns from sentences; how sure to be is measured on situations left out of the learning."""
    found = [features(tokens(one.text)) for one in sentences]
    vocabulary = Vocabulary.learn(found)
    rows = vocabulary.matrix(found)
    intents = sorted({one.intent for one in sentences})
    answers = np.array([intents.index(one.intent) for one in sentences])
    groups = np.array([one.situation for one in sentences])
    unseen = unseen_scores(rows, answers, len(intents), STRICTNESS, groups)
    warmth = best_warmth(unseen, answers)
    weights = np.hstack([fit(rows, answers, len(intents), STRICTNESS), _tongues(sentences, rows, vocabulary)])
    return Mind(vocabulary, weights, Settings(intents, warmth))


def _tongues(sentences: list[Sentence], rows: Any, vocabulary: Vocabulary) -> np.ndarray:
    """Weights for the language: by skeleton only, so that Kazakh in Latin letters is not taken for English."""
    pure = [index for index, one in enumerate(sentences) if one.tongue in LOCALES]
    answers = np.array([LOCALES.index(sentences[index].tongue) for index in pure])
    bony = np.array([name[0] in "wps" for name in vocabulary.names], dtype=np.float32)
    masked = rows[pure].multiply(bony).tocsr()
    weights = fit(masked, answers, len(LOCALES), STRICTNESS)
    weights[:-1] *= bony[:, None]
    return weights
