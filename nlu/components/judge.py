"""A linear classifier, and probabilities that mean what they say."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from sklearn.svm import LinearSVC

SEED = 111
NEVER = -9.0
WARINESS = 3.0  # the warmth under which danger is asked for
# Where the first intent is so far ahead of the second, and of danger, the encoder is not asked: it would not change the
# answer (nlu/README.md), and half of all harmless messages cost half the time.
AHEAD, FAR_FROM_DANGER = 0.5, 0.9


def fit(rows: sparse.csr_matrix, answers: np.ndarray, classes: int, strictness: float) -> np.ndarray:
    """Weights (features and a last row for the start, classes): each class against the rest."""
    svm = LinearSVC(C=strictness, random_state=SEED, max_iter=300, tol=0.2)
    svm.fit(rows, answers)
    weights = np.zeros((rows.shape[1] + 1, classes), dtype=np.float32)
    weights[-1] = NEVER
    coefficients, starts = svm.coef_, svm.intercept_
    if len(svm.classes_) == 2:
        coefficients, starts = np.vstack([-coefficients, coefficients]), np.hstack([-starts, starts])
    weights[:-1, svm.classes_], weights[-1, svm.classes_] = coefficients.T, starts
    return weights


def clear(scores: np.ndarray, dangers: Sequence[int]) -> np.ndarray:
    """Which messages (rows of scores) the classifier is so sure of that nobody else need be asked. `dangers`: their
    columns; both together must be far behind."""
    first, second = np.partition(scores, -2, axis=-1)[..., [-1, -2]].T
    either = np.logaddexp.reduce(WARINESS * scores[..., list(dangers)], axis=-1) / WARINESS  # the larger, and a little
    return np.asarray((first - second > AHEAD) & (first - either > FAR_FROM_DANGER))


def softmax(values: np.ndarray, warmth: float) -> np.ndarray:
    """Scores to probabilities; a larger warmth makes them bolder."""
    powers = np.exp(warmth * (values - values.max(axis=-1, keepdims=True)))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def best_mixture(together: Callable[[float], np.ndarray], answers: np.ndarray) -> tuple[float, float]:
    """Warmth, and the weight of opinions beside scores (`together` gives both for a weight), under which the
    probabilities of unseen messages are most honest (log loss)."""

    def loss(logs: np.ndarray) -> float:
        warmth, trust = np.exp(logs)
        right = softmax(together(float(trust)), float(warmth))[np.arange(len(answers)), answers]
        return float(-np.log(np.maximum(right, 1e-9)).mean())

    found = minimize(loss, np.log([3.0, 0.1]), method="Nelder-Mead", bounds=[(-2, 4), (-6, 2)])
    return float(np.exp(found.x[0])), float(np.exp(found.x[1]))
