"""A linear classifier that knows how sure it is: trained once, measured on messages it was not trained on."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

SEED = 111


def fit(rows: sparse.csr_matrix, answers: np.ndarray, classes: int, strictness: float) -> np.ndarray:
    """Weights (features + 1 for the bias, classes): one against the rest, for each class."""
    svm = LinearSVC(C=strictness, class_weight=None, random_state=SEED, max_iter=300, tol=1e-2)
    svm.fit(rows, answers)
    weights = np.zeros((rows.shape[1] + 1, classes), dtype=np.float32)
    if len(svm.classes_) == 2:
        weights[:-1, svm.classes_[1]], weights[-1, svm.classes_[1]] = svm.coef_[0], svm.intercept_[0]
        weights[:-1, svm.classes_[0]], weights[-1, svm.classes_[0]] = -svm.coef_[0], -svm.intercept_[0]
        return weights
    weights[-1] = -9.0
    weights[:-1, svm.classes_] = svm.coef_.T
    weights[-1, svm.classes_] = svm.intercept_
    return weights


def scores(rows: sparse.csr_matrix, weights: np.ndarray) -> np.ndarray:
    """How much speaks for each class, a row for each message."""
    return np.asarray(rows @ weights[:-1]) + weights[-1]


def _one_fold(job: tuple[sparse.csr_matrix, np.ndarray, int, float, np.ndarray, np.ndarray]) -> np.ndarray:
    rows, answers, classes, strictness, learn, ask = job
    return scores(rows[ask], fit(rows[learn], answers[learn], classes, strictness))


def unseen_scores(
    rows: sparse.csr_matrix, answers: np.ndarray, classes: int, strictness: float, groups: np.ndarray, folds: int = 4
) -> np.ndarray:
    """Scores of every message by a classifier that saw nothing of its situation."""
    folds = min(folds, len(set(groups)))
    splits = list(GroupKFold(folds).split(rows, answers, groups))
    jobs = [(rows, answers, classes, strictness, learn, ask) for learn, ask in splits]
    result = np.zeros((rows.shape[0], classes), dtype=np.float32)
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        for (_, ask), found in zip(splits, pool.map(_one_fold, jobs)):
            result[ask] = found
    return result


def softmax(values: np.ndarray, warmth: float) -> np.ndarray:
    """Scores to probabilities; a larger warmth makes them bolder."""
    powers = np.exp(warmth * (values - values.max(axis=-1, keepdims=True)))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def best_warmth(values: np.ndarray, answers: np.ndarray) -> float:
    """The warmth under which the probabilities of unseen messages are most honest (log loss)."""

    def loss(log_warmth: float) -> float:
        right = softmax(values, float(np.exp(log_warmth)))[np.arange(len(answers)), answers]
        return float(-np.log(np.maximum(right, 1e-9)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2, 4), method="bounded").x))
