"""The report's two pictures: who is taken for whom, and whether what is said is true."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from components.corpus import Sentence

STEPS = np.arange(0, 1.01, 0.1)


class Answered(Protocol):
    """What the pictures need to know of a twin and its answer."""

    twin: Sentence
    said: str
    sure: float

    @property
    def right(self) -> bool:
        """Whether the intent is the one its writer meant."""


def calibration(asked: Sequence[Answered]) -> list[tuple[float, float, int]]:
    """For each step of confidence: what it says, how often it is right, how many sentences."""
    rows = []
    for low in STEPS[:-1]:
        here = [one for one in asked if low <= one.sure < low + 0.1 or (low > 0.85 and one.sure >= 1)]
        if here:
            says, right = np.mean([one.sure for one in here]).item(), np.mean([one.right for one in here]).item()
            rows.append((says, right, len(here)))
    return rows


def draw(asked: Sequence[Answered], names: list[str], folder: Path) -> None:
    """The two pictures."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    counts = np.zeros((len(names), len(names)))
    for one in asked:
        if one.said in names:
            counts[names.index(one.twin.intent), names.index(one.said)] += 1
    figure, axes = pyplot.subplots(figsize=(9, 8.4), dpi=90)
    axes.imshow(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1), cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=6)
    axes.set_yticks(range(len(names)), names, fontsize=6)
    axes.set(xlabel="heard as", ylabel="is")
    figure.tight_layout()
    figure.savefig(folder / "report-confusion.png", metadata={"Software": None})
    figure, axes = pyplot.subplots(figsize=(4.5, 4), dpi=90)
    says, right, _ = zip(*calibration(asked))
    axes.plot([0, 1], [0, 1], color="lightgrey")
    axes.plot(says, right, marker="o")
    axes.set(xlabel="how sure it says it is", ylabel="how often it is right", xlim=(0, 1), ylim=(0, 1))
    figure.tight_layout()
    figure.savefig(folder / "report-calibration.png", metadata={"Software": None})
