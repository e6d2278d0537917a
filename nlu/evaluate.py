"""How well pana hears, measured on its own data: sentences judged by ears that never met their situations."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import quiet
from components import corpus, learn
from components.encoder import Encoder
from components.exam import Exam, measure
from components.judge import softmax
from components.mind import Settings, alarm, danger
from components.places import learn_places
from components.reading import tokens

HOUSE = Path(__file__).resolve().parent
PLACE_FOLD = 5
FEW = 0.02
OPENED, OFFERED, BAND = 0.9, 0.7, 0.05


def macro_f1(real: np.ndarray, said: np.ndarray) -> float:
    """Mean over the classes that occur of the harmonic mean of precision and recall."""
    found = []
    for kind in np.unique(real):
        right = np.sum((real == kind) & (said == kind))
        found.append(2 * right / (np.sum(real == kind) + np.sum(said == kind)))
    return float(np.mean(found))


def intents(exam: Exam, scores: np.ndarray) -> None:
    """Macro-F1 and share of right answers, language by language."""
    said = scores.argmax(axis=1)
    print(f"{'language':10} {'sentences':>9} {'macro-F1':>8} {'right':>6}")
    for tongue in ("all", *corpus.TONGUES):
        here = (exam.tongues == tongue) | (tongue == "all")
        if here.any():
            real, heard = exam.answers[here], said[here]
            print(f"{tongue:10} {here.sum():9} {macro_f1(real, heard):8.3f} {np.mean(real == heard):6.3f}")


def doubt(exam: Exam, scores: np.ndarray, warmth: float) -> None:
    """Is it right as often as it says it is?"""
    sure = softmax(scores, warmth)
    best, right = sure.max(axis=1), sure.argmax(axis=1) == exam.answers
    print(f"\n{'says':>11} {'sentences':>9} {'is right':>8}")
    for low in np.arange(0, 1, 0.1):
        here = (best >= low) & (best < low + 0.1 + (low > 0.85))
        if here.any():
            print(f"{low:5.1f}–{low + 0.1:4.1f} {here.sum():10} {right[here].mean():8.3f}")


def doors(exam: Exam, scores: np.ndarray, warmth: float) -> None:
    """From which confidence on a door may be opened, or two doors offered."""
    sure = softmax(scores, warmth)
    order = np.argsort(-sure, axis=1)
    best = sure.max(axis=1)
    first = order[:, 0] == exam.answers
    either = first | (order[:, 1] == exam.answers)
    print(f"\n{'from':>5} {'share':>6} {'first is right':>14} {'one of two is right':>19}")
    for low in np.arange(0.1, 0.95, 0.05):
        here = best >= low
        print(f"{low:5.2f} {here.mean():6.3f} {first[here].mean():14.3f} {either[here].mean():19.3f}")
    steps = np.arange(0.05, 0.96, 0.01)
    certain = next((low for low in steps if first[best >= low].mean() >= OPENED), 1.0)
    bands = [(best >= low) & (best < low + BAND) for low in steps if low < certain]
    worth = next((low for low, here in zip(steps, bands) if here.any() and either[here].mean() >= OFFERED), certain)
    print(f"open one door from {certain:.2f} on (right in {OPENED:.0%}), offer two from {worth:.2f} on", end=" ")
    print(f"(already in the {BAND:.2f} above it the right one is among them in {OFFERED:.0%})")
    for name, here in (("opened", best >= certain), ("offered", (best >= worth) & (best < certain))):
        rights = f"first right {first[here].mean():.3f}, one of two {either[here].mean():.3f}"
        print(f"{name}: {here.mean():.3f} of all, {rights}")


def dangers(exam: Exam, scores: np.ndarray, settings: Settings) -> None:
    """Danger recall, precision, and how many harmless messages are raised, at the thresholds chosen."""
    likely, real = alarm(danger(scores, settings)), exam.dangerous()
    print(f"\n{'danger':10} {'threshold':>9} {'recall':>7} {'precision':>9} {'harmless raised':>15} {'at 2 %':>7}")
    for tongue in corpus.TONGUES:
        here = exam.tongues == tongue
        limit = settings.thresholds.get(tongue, settings.thresholds["ru"])
        raised = here & (likely >= limit)
        if (here & real).any() and raised.any():
            recall = np.mean(raised[here & real])
            precision, false = np.mean(real[raised]), np.mean(raised[here & ~real])
            few = np.mean(likely[here & real] >= np.quantile(likely[here & ~real], 1 - FEW))
            print(f"{tongue:10} {limit:9.3f} {recall:7.3f} {precision:9.3f} {false:15.3f} {few:7.3f}")
    doubt(exam, scores, settings.warmth)
    doors(exam, scores, settings.warmth)


def places(sentences: list[corpus.Sentence]) -> None:
    """Places found in situations left out, and places seen where there are none."""
    situations = sorted({one.situation for one in sentences})
    held = set(situations[::PLACE_FOLD])
    marker = learn_places([one for one in sentences if one.situation not in held])
    right = found = real = 0
    for one in sentences:
        if one.situation in held:
            marks = marker.mark(one.text.lower(), tokens(one.text))
            said = _words(one, [(mark["start"], mark["end"]) for mark in marks])
            meant = _words(one, one.places)
            right, found, real = right + len(said & meant), found + len(said), real + len(meant)
    print(f"\nwords that name a place, all letters small: {real} words,", end=" ")
    print(f"recall {right / real:.3f}, precision {right / found:.3f}")


def _words(one: corpus.Sentence, spans: Sequence[tuple[int, int]]) -> set[int]:
    return {at.start for at in tokens(one.text) for start, end in spans if start < at.end and at.start < end}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HOUSE / "data")
    parser.add_argument("--worst", type=int, default=0, help="also print so many danger sentences that were missed")
    chosen = parser.parse_args()
    quiet.hush()
    started = time.monotonic()
    sentences = corpus.read(chosen.data, corpus.known_intents(HOUSE / "domain.yml"))[0]
    lesson = learn.prepare(sentences, Encoder())
    exam = learn.exam(lesson, learn.unseen(lesson))
    settings = measure(exam)
    scores = exam.together(settings.trust)
    print(f"the encoder counts {settings.trust:.3f} beside the classifier; asked is what it was never taught\n")
    intents(exam, scores)
    dangers(exam, scores, settings)
    places(sentences)
    if chosen.worst:
        missed([sentences[at] for at in lesson.fresh], exam, scores, settings, chosen.worst)
    print(f"\n{time.monotonic() - started:.0f} s")


def missed(sentences: Sequence[corpus.Sentence], exam: Exam, scores: np.ndarray, settings: Settings, many: int) -> None:
    """The sentences of danger that look most harmless, and the harmless ones that look most like danger."""
    likely, real, said = alarm(danger(scores, settings)), exam.dangerous(), scores.argmax(axis=1)
    for order, here in ((np.argsort(likely), real), (np.argsort(-likely), ~real)):
        print()
        for index in [at for at in order if here[at]][:many]:
            one = sentences[index]
            print(f"{likely[index]:.3f} {one.tongue} {one.intent} heard as {exam.intents[said[index]]}: {one.text}")


if __name__ == "__main__":
    main()
