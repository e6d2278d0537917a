"""How a mind is made from sentences, and how it is measured: on situations that it did not learn from."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from components.corpus import Sentence
from components.features import Vocabulary, features
from components.judge import best_warmth, fit, softmax
from components.kazakh import Glossary
from components.meaning import SIZE, Meaning
from components.mind import DANGERS, Mind, Settings, alarm, danger, retold
from components.places import taught, teach_places
from components.reading import Token, tokens
from components.tongue import LOCALES, Tongue, learn_tongue

FOLDS = 3
STRICTNESS = 1.0
RECALL = 0.98
PRECISION = 0.72  # a little above what is wanted (0.70): it is chosen and measured on the same scores
WARINESS = 3.0
BATCH = 256
PROCESSES = 2
_meaning: Meaning  # these two: one in each process that helps
_lesson: Lesson


@dataclass
class Lesson:
    """Sentences as numbers: what to weigh, what it means, what it is."""

    vocabulary: Vocabulary
    rows: sparse.csr_matrix
    answers: np.ndarray
    groups: np.ndarray
    tongues: np.ndarray
    intents: list[str]
    tongue: Tongue


def say(words: str) -> None:
    """One line of progress on stderr."""
    print(f"nlu: {words}", file=sys.stderr, flush=True)


def learn(sentences: Sequence[Sentence]) -> Mind:
    """A mind that knows these sentences, and how sure it may be of others."""
    say(f"reading {len(sentences)} sentences")
    lesson = prepare(sentences)
    say(f"learning, and measuring on situations left out: {lesson.rows.shape[1]} features")
    with _helpers(lesson) as pool:
        asked = _ask_unseen(lesson, pool)
        whole, named = pool.submit(_fit_part, None), pool.submit(teach_places, sentences)  # the shortest last
        scores = _gathered(lesson, asked)
        weights, places = whole.result(), taught(*named.result())
    settings = measure(lesson, scores)
    cut = len(lesson.vocabulary.names)
    deep = weights[cut : cut + SIZE].copy()
    shallow = np.vstack([weights[:cut], weights[-1:]])
    return Mind(lesson.vocabulary, shallow, deep, settings, lesson.tongue, places)


def prepare(sentences: Sequence[Sentence]) -> Lesson:
    """Reads all sentences as `Mind.hear` will read a message."""
    tongue, glossary = learn_tongue(sentences), Glossary.read()
    told: list[tuple[list[Token], list[Token]]] = []
    with _readers() as pool:  # they encode while this process goes on reading and counting
        batches = []
        for at in range(0, len(sentences), BATCH):
            read = [tokens(one.text) for one in sentences[at : at + BATCH]]
            heard = [retold(found, tongue.shares(found), glossary) for found in read]
            batches.append(pool.submit(_of_batch, [said for said, _ in heard]))
            told.extend((found, again) for found, (_, again) in zip(read, heard))
        vocabulary, rows = Vocabulary.learn(features(*pair) for pair in told)
        meanings = np.vstack([batch.result() for batch in batches])
    intents = sorted({one.intent for one in sentences})
    return Lesson(
        vocabulary,
        sparse.hstack([rows, sparse.csr_matrix(meanings)]).tocsr(),
        np.array([intents.index(one.intent) for one in sentences]),
        np.array([one.situation for one in sentences]),
        np.array([one.tongue for one in sentences]),
        intents,
        tongue,
    )


def _readers() -> ProcessPoolExecutor:
    """Processes that turn sentences into meanings."""
    return ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork"), initializer=_get_meaning)


def _get_meaning() -> None:
    global _meaning
    _meaning = Meaning()


def _of_batch(batch: Sequence[str]) -> np.ndarray:
    return _meaning.of_all(batch)


def _helpers(lesson: Lesson) -> ProcessPoolExecutor:
    """Processes that have the lesson already, so that it need not be sent to them."""
    return ProcessPoolExecutor(PROCESSES, get_context("fork"), _lend, (lesson,))


def _lend(lesson: Lesson) -> None:
    global _lesson
    _lesson = lesson


def _fit_part(known: np.ndarray | None) -> np.ndarray:
    part = slice(None) if known is None else known
    return fit(_lesson.rows[part], _lesson.answers[part], len(_lesson.intents), STRICTNESS)


def _one_fold(known: np.ndarray, asked: np.ndarray) -> np.ndarray:
    weights = _fit_part(known)
    return np.asarray(_lesson.rows[asked] @ weights[:-1]) + weights[-1]


def unseen(lesson: Lesson) -> np.ndarray:
    """Scores of every sentence by a classifier that saw nothing of its situation."""
    with _helpers(lesson) as pool:
        return _gathered(lesson, _ask_unseen(lesson, pool))


def _ask_unseen(lesson: Lesson, pool: ProcessPoolExecutor) -> list[tuple[np.ndarray, Future[np.ndarray]]]:
    folds = min(FOLDS, len(set(lesson.groups)))
    splits = GroupKFold(folds).split(lesson.answers, lesson.answers, lesson.groups)
    return [(asked, pool.submit(_one_fold, known, asked)) for known, asked in splits]


def _gathered(lesson: Lesson, folds: Sequence[tuple[np.ndarray, Future[np.ndarray]]]) -> np.ndarray:
    scores = np.zeros((len(lesson.answers), len(lesson.intents)), dtype=np.float32)
    for asked, found in folds:
        scores[asked] = found.result()
    return scores


def measure(lesson: Lesson, scores: np.ndarray) -> Settings:
    """How bold the probabilities may be, and from where on danger is called, language by language."""
    settings = Settings(lesson.intents, best_warmth(scores, lesson.answers), WARINESS, [[1.0, 0.0]] * len(DANGERS), {})
    settings.slopes = [_slope(lesson, scores, settings, name) for name in DANGERS.values()]
    likely = alarm(danger(scores, settings))
    alarms = {lesson.intents.index(name) for name in DANGERS.values() if name in lesson.intents}
    real = np.isin(lesson.answers, list(alarms))
    for tongue in LOCALES:
        here = np.isin(lesson.tongues, [tongue] if tongue == "en" else [tongue, "mixed"])
        settings.thresholds[tongue] = _threshold(likely[here], real[here])
    return settings


def _threshold(likely: np.ndarray, real: np.ndarray) -> float:
    """As low as RECALL asks for, but not so low that fewer than PRECISION of what is raised would be danger."""
    if not real.any():
        return 0.5
    order = np.argsort(-likely)
    hits = np.cumsum(real[order])
    precise = np.flatnonzero(hits / np.arange(1, len(hits) + 1) >= PRECISION)
    last = min(int(np.argmax(hits / hits[-1] >= RECALL)), int(precise[-1]) if len(precise) else 0)
    return float(likely[order[last]])


def _slope(lesson: Lesson, scores: np.ndarray, settings: Settings, name: str) -> list[float]:
    """Turns a share among intents into an honest chance of this danger (Platt)."""
    if name not in lesson.intents:
        return [0.0, -20.0]
    share = np.clip(softmax(scores, settings.wariness)[:, lesson.intents.index(name)], 1e-6, 1 - 1e-6)
    clue = np.log(share / (1 - share))[:, None]
    found = LogisticRegression(C=100.0).fit(clue, lesson.answers == lesson.intents.index(name))
    return [float(found.coef_[0, 0]), float(found.intercept_[0])]
