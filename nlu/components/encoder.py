"""What a tuned transformer thinks that a message means: a number for each intent. It came as multilingual-e5-small, was
cut to six layers and taught pana's sentences by tune.py; here it only runs, in onnxruntime, its matrices as bytes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from components.pieces import Pieces
from components.reading import Token, tokens

FOLDER = Path(__file__).resolve().parent.parent / "encoder"
NETWORK, PIECES, CARD = "network.onnx", "pieces.tsv", "card.json"
TAUGHT, HELD = "taught.npy", "held.npy"  # fingerprints of the sentences it was shown, and of those kept from it
HELD_BACK = 6  # every sixth situation is kept from it


class Encoder:
    """The network, its pieces, and the intents it was taught. `folder`: as tune.py writes it."""

    def __init__(self, folder: Path = FOLDER) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # no threads of its own: it is forked
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


def fingerprints(texts: Sequence[str]) -> np.ndarray:
    """Each sentence as a number of 64 bits, whatever letters it is typed in: for knowing it again."""
    bones = (" ".join(token.bones for token in tokens(text)) for text in texts)
    return np.array([int.from_bytes(sha256(one.encode()).digest()[:8], "little") for one in bones], dtype=np.uint64)


def stands_in(file: str, prints: np.ndarray, folder: Path = FOLDER) -> np.ndarray:
    """Of each fingerprint, whether it stands in TAUGHT or HELD: bools."""
    return np.isin(prints, np.load(folder / file, allow_pickle=False))
