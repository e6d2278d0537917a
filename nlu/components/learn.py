"""How a mind is made from sentences, and asked about those whose situation it has not met."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from scipy import sparse
from sklearn.model_selection import GroupKFold

from components.corpus import Sentence
from components.encoder import HELD, HELD_BACK, TAUGHT, Encoder, fingerprints, opinions_on, stands_in
from components.exam import Exam, measure
from components.features import Vocabulary, features
from components.judge import fit
from components.kazakh import Glossary
from components.mind import Mind, retold
from components.places import taught, teach_places
from components.reading import tokens
from components.tongue import Tongue, learn_tongue

FOLDS = 3  # where most is new to the encoder
MOST = 0.5
STRICTNESS = 1.0
BATCH = 256
PROCESSES = 2
_encoder: Encoder  # these two: one in each process that helps
_lesson: Lesson


@dataclass
class Lesson:
    """Sentences as numbers: what to weigh, what it is. `fresh`: the places of those that the encoder was never taught;
    `opinions`: what it thinks of them."""

    vocabulary: Vocabulary
    rows: sparse.csr_matrix
    answers: np.ndarray
    groups: np.ndarray
    tongues: np.ndarray
    intents: list[str]
    tongue: Tongue
    fresh: np.ndarray
    opinions: np.ndarray


def say(words: str) -> None:
    """One line of progress on stderr."""
    print(f"nlu: {words}", file=sys.stderr, flush=True)


def learn(sentences: Sequence[Sentence]) -> Mind:
    """A mind that knows these sentences, and how sure it may be of others."""
    say(f"reading {len(sentences)} sentences")
    encoder = Encoder()
    lesson = prepare(sentences, encoder)
    say(f"learning, and measuring on situations left out: {lesson.rows.shape[1]} features")
    with _helpers(lesson) as pool:
        asked = _ask_unseen(lesson, pool)
        whole, named = pool.submit(_fit_part, None), pool.submit(teach_places, sentences)  # the shortest last
        scores = _gathered(lesson, asked)
        weights, places = whole.result(), taught(*named.result())
    return Mind(lesson.vocabulary, weights, measure(exam(lesson, scores)), lesson.tongue, places, encoder)


def prepare(sentences: Sequence[Sentence], encoder: Encoder) -> Lesson:
    """Reads all sentences as `Mind.hear` will read a message."""
    tongue, glossary = learn_tongue(sentences), Glossary.read()
    intents = sorted({one.intent for one in sentences})
    new = fresh(sentences)
    with ProcessPoolExecutor(1, get_context("fork"), _lend_encoder, (encoder,)) as pool:  # the other core reads on
        asked = [
            pool.submit(_think, [sentences[at].text for at in new[start : start + BATCH]])
            for start in range(0, len(new), BATCH)
        ]
        told = ((read, retold(read, tongue.shares(read), glossary)) for read in (tokens(one.text) for one in sentences))
        vocabulary, rows = Vocabulary.learn(features(*pair) for pair in told)
        opinions = np.vstack([one.result() for one in asked])
    return Lesson(
        vocabulary,
        rows,
        np.array([intents.index(one.intent) for one in sentences]),
        np.array([one.situation for one in sentences]),
        np.array([one.tongue for one in sentences]),
        intents,
        tongue,
        new,
        opinions_on(opinions, encoder.columns(intents)),
    )


def fresh(sentences: Sequence[Sentence]) -> np.ndarray:
    """The places of the sentences to measure on, of situations that the encoder was taught nothing of: kept from it, or
    later ones, of which every sixth is taken. Where most of the data is later, all of that."""
    prints = fingerprints([one.text for one in sentences])
    met, kept = stands_in(TAUGHT, prints), stands_in(HELD, prints)
    old = {one.situation for one, known in zip(sentences, met) if known}
    asked = {one.situation for one, held in zip(sentences, kept) if held}
    first: dict[str, int] = {}
    for one, number in zip(sentences, prints.tolist()):
        first.setdefault(one.situation, number)
    settled = met.mean() > MOST
    asked.update(place for place, number in first.items() if not settled or number % HELD_BACK == 0)
    return np.flatnonzero([one.situation in asked and one.situation not in old for one in sentences])


def _lend_encoder(encoder: Encoder) -> None:
    global _encoder
    _encoder = encoder


def _think(texts: Sequence[str]) -> np.ndarray:
    return np.vstack([_encoder.opinion(tokens(text)) for text in texts])


def exam(lesson: Lesson, scores: np.ndarray) -> Exam:
    """The sentences that nobody has met, with their `scores` as `unseen` gives them."""
    answers, tongues = lesson.answers[lesson.fresh], lesson.tongues[lesson.fresh]
    return Exam(lesson.intents, answers, tongues, scores, lesson.opinions)


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
    """Scores of the fresh sentences by a classifier that saw nothing of their situations: (fresh, intents)."""
    with _helpers(lesson) as pool:
        return _gathered(lesson, _ask_unseen(lesson, pool))


def _ask_unseen(lesson: Lesson, pool: ProcessPoolExecutor) -> list[tuple[np.ndarray, Future[np.ndarray]]]:
    """One classifier that has seen all but the fresh sentences; where most are fresh, one for each fold."""
    everything = np.arange(len(lesson.answers))
    known = np.setdiff1d(everything, lesson.fresh)
    if len(known) > MOST * len(everything):
        splits = [(known, lesson.fresh)]
    else:
        folds = min(FOLDS, len(set(lesson.groups)))
        splits = list(GroupKFold(folds).split(lesson.answers, lesson.answers, lesson.groups))
    return [(asked, pool.submit(_one_fold, known, asked)) for known, asked in splits]


def _gathered(lesson: Lesson, folds: Sequence[tuple[np.ndarray, Future[np.ndarray]]]) -> np.ndarray:
    scores = np.zeros((len(lesson.answers), len(lesson.intents)), dtype=np.float32)
    for asked, found in folds:
        scores[asked] = found.result()
    return scores[lesson.fresh]
