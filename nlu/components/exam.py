"""How sure a mind may be: measured on sentences of situations that neither its classifier nor its encoder has met."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from sklearn.linear_model import LogisticRegression

from components.judge import WARINESS, best_mixture, clear, softmax
from components.mind import DANGERS, Settings, alarm, danger, places_of
from components.tongue import LOCALES

# Danger: a little more recall than is wanted (0.98), since it is chosen and measured on the same scores; but at least
# this precision, were a fifth of all messages danger, on data that was built to be hard.
RECALL, PRECISION, SHARE = 0.985, 0.68, 0.2


@dataclass
class Exam:
    """`scores` of the classifier and `opinions` of the encoder: (sentences, intents). `answers`: the right intents by
    their numbers; `tongues`: the languages."""

    intents: list[str]
    answers: np.ndarray
    tongues: np.ndarray
    scores: np.ndarray
    opinions: np.ndarray

    def together(self, trust: float) -> np.ndarray:
        """What both say, as `Mind.hear` puts it together."""
        return np.asarray(self.scores + trust * self._counting)

    @cached_property
    def _counting(self) -> np.ndarray:
        """The opinions where the encoder is asked; nothing where all is clear."""
        return self.opinions * ~clear(self.scores, places_of(DANGERS.values(), self.intents))[:, None]

    def dangerous(self) -> np.ndarray:
        """Which sentences are danger, of whichever kind: bools."""
        return np.isin(self.answers, places_of(DANGERS.values(), self.intents))


def measure(exam: Exam) -> Settings:
    """How much the encoder counts, how bold the probabilities may be, and from where on danger is called, language by
    language."""
    warmth, trust = best_mixture(exam.together, exam.answers)
    settings = Settings(exam.intents, warmth, trust, [[1.0, 0.0]] * len(DANGERS), {})
    scores = exam.together(trust)
    settings.slopes = [_slope(exam, scores, name) for name in DANGERS.values()]
    likely, real = alarm(danger(scores, settings)), exam.dangerous()
    for tongue in LOCALES:
        here = np.isin(exam.tongues, [tongue] if tongue == "en" else [tongue, "mixed"])
        if not real[here].any():  # nothing to measure this language on: as for all together
            here = np.ones(len(real), bool)
        settings.thresholds[tongue] = _threshold(likely[here], real[here])
    return settings


def _threshold(likely: np.ndarray, real: np.ndarray) -> float:
    """As low as RECALL asks for, but not so low that less than PRECISION of what is raised would be danger."""
    if not real.any() or real.all():
        return 0.5
    order = np.argsort(-likely)
    heard, false = np.cumsum(real[order]) / real.sum(), np.cumsum(~real[order]) / (~real).sum()
    precise = np.flatnonzero(SHARE * heard >= PRECISION * (SHARE * heard + (1 - SHARE) * false))
    wanted = int(np.argmax(heard >= RECALL))
    return float(likely[order[min(wanted, int(precise[-1])) if len(precise) else wanted]])


def _slope(exam: Exam, scores: np.ndarray, name: str) -> list[float]:
    """Turns a share among intents into an honest chance of this danger (Platt)."""
    real = exam.answers == exam.intents.index(name) if name in exam.intents else np.zeros(len(scores), bool)
    if not real.any() or real.all():
        return [0.0, -20.0]
    share = np.clip(softmax(scores, WARINESS)[:, exam.intents.index(name)], 1e-6, 1 - 1e-6)
    found = LogisticRegression(C=100.0).fit(np.log(share / (1 - share))[:, None], real)
    return [float(found.coef_[0, 0]), float(found.intercept_[0])]
