"""What a tuned transformer thinks that a message means: a number for each intent. It came as multilingual-e5-small, was
cut to six layers and taught pana's sentences by tune.py; here it only runs, in onnxruntime, its matrices as bytes."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from components.pieces import Pieces
from components.reading import Token

FOLDER = Path(__file__).resolve().parent.parent / "encoder"
NETWORK, PIECES, CARD = "network.onnx", "pieces.tsv", "card.json"
TAUGHT, HELD = "taught.npy", "held.npy"  # the names of the sentences it was shown, and of those kept from it
HELD_BACK = 6  # every sixth situation is kept from it


class Encoder:
    """The network, its pieces, and the intents it was taught. `folder`: as tune.py writes it."""

    def __init__(self, folder: Path = FOLDER) -> None:
        import onnxruntime

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # no threads of its own: it is forked
        options.log_severity_level = 4
        self.folder = folder
        network = str(folder / NETWORK)
        self.session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        self.pieces = Pieces.read((folder / PIECES).read_text("utf-8"))
        self.intents: list[str] = json.loads((folder / CARD).read_text("utf-8"))["intents"]

    def opinion(self, read: Sequence[Token]) -> np.ndarray:
        """Shape (intents,), float32: the larger, the likelier; zero on average."""
        rows = np.array([self.pieces.of(read)], dtype=np.int64)
        said = self.session.run(None, {"rows": rows})[0][0]
        return np.asarray(said - said.mean())

    def columns(self, intents: Sequence[str]) -> np.ndarray:
        """Where each of these intents stands in an opinion; -1 for one it was never taught."""
        return np.array([self.intents.index(name) if name in self.intents else -1 for name in intents])

    def save(self, folder: Path) -> None:
        """Copies what it was read from: a model brings its own encoder along."""
        for name in (NETWORK, PIECES, CARD):
            shutil.copyfile(self.folder / name, folder / name)


def opinions_on(said: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Opinions in the order of other intents. Of what it was never taught it has none: zero, the middle."""
    return np.where(columns >= 0, said[..., columns], np.float32(0))


def name(text: str) -> int:
    """A sentence as a number of 64 bits, by which it is known whether the encoder was taught it."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


def found_in(file: str, texts: Sequence[str], folder: Path = FOLDER) -> np.ndarray:
    """Of each text, whether it stands in TAUGHT or HELD: bools."""
    known = np.load(folder / file, allow_pickle=False)
    return np.isin(np.array([name(text) for text in texts], dtype=np.uint64), known)
