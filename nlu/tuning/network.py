"""The encoder as TensorFlow trains it: a BERT of a few layers, its mean and its first place weighed for each intent."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from components.pieces import HEAD, PAD, TAIL

DROPPED = 0.1
SOFTENED = 0.05  # of each answer's certainty is shared out among all intents
WARMING = 0.06  # of all steps, until the learning is at its quickest
SHAPES = (12, 16, 20, 26, 34, 48, 64, HEAD + TAIL + 2)  # messages are filled up to one of these lengths


class Network:
    """`arrays` as e5.read gives them, and a head (`head.w`, `head.b`) for the intents."""

    def __init__(self, arrays: dict[str, np.ndarray], heads: int, intents: int, seed: int) -> None:
        self.heads = heads
        self.width = arrays["word"].shape[1]
        self.layers = len({name for name in arrays if name.endswith(".q.w")})
        head = np.random.default_rng(seed).normal(0, 0.02, (2 * self.width, intents)).astype(np.float32)
        arrays = {**arrays, "head.w": head, "head.b": np.zeros(intents, np.float32)}
        self.held = {name: tf.Variable(one, name=name.replace(".", "_")) for name, one in arrays.items()}
        tf.random.set_seed(seed)

    def arrays(self) -> dict[str, np.ndarray]:
        """What it holds now, as plain arrays."""
        return {name: one.numpy() for name, one in self.held.items()}

    def scores(self, rows: tf.Tensor, learning: bool) -> tf.Tensor:
        """Shape (messages, intents) for rows of shape (messages, places), filled up with PAD."""
        many, places = tf.shape(rows)[0], tf.shape(rows)[1]
        real = tf.cast(rows != PAD, tf.float32)
        hidden = tf.gather(self.held["word"], rows) + self.held["position"][:places]
        hidden = tf.reshape(_dropped(self._even(hidden, "start"), learning), (many * places, self.width))
        unseen = (1 - real)[:, None, None, :] * -1e4
        for layer in range(self.layers):
            looked = self._look(hidden, f"l{layer}", many, places, unseen)
            hidden = self._even(hidden + _dropped(looked, learning), f"l{layer}.aln")
            thought = self._weigh(tf.nn.gelu(self._weigh(hidden, f"l{layer}.fi")), f"l{layer}.fo")
            hidden = self._even(hidden + _dropped(thought, learning), f"l{layer}.oln")
        hidden = tf.reshape(hidden, (many, places, self.width))
        mean = tf.reduce_sum(hidden * real[..., None], 1) / tf.reduce_sum(real, 1, keepdims=True)
        seen = _dropped(tf.concat([mean, hidden[:, 0]], -1), learning)
        return tf.matmul(seen, self.held["head.w"]) + self.held["head.b"]

    def _look(self, hidden: tf.Tensor, layer: str, many: tf.Tensor, places: tf.Tensor, unseen: tf.Tensor) -> tf.Tensor:
        """Attention: each place gathers from the others."""
        size = self.width // self.heads

        def _apart(part: str) -> tf.Tensor:
            whole = tf.reshape(self._weigh(hidden, f"{layer}.{part}"), (many, places, self.heads, size))
            return tf.transpose(whole, (0, 2, 1, 3))

        alike = _product(_apart("q"), _apart("k"), turned=True) * size**-0.5
        found = _product(tf.nn.softmax(alike + unseen), _apart("v"))
        together = tf.reshape(tf.transpose(found, (0, 2, 1, 3)), (many * places, self.width))
        return self._weigh(together, f"{layer}.ao")

    def _weigh(self, hidden: tf.Tensor, part: str) -> tf.Tensor:
        return _product(hidden, self.held[f"{part}.w"]) + self.held[f"{part}.b"]

    def _even(self, hidden: tf.Tensor, part: str) -> tf.Tensor:
        mean, spread = tf.nn.moments(hidden, -1, keepdims=True)
        return (hidden - mean) * tf.math.rsqrt(spread + 1e-12) * self.held[f"{part}.w"] + self.held[f"{part}.b"]


def _product(one: tf.Tensor, two: tf.Tensor, turned: bool = False) -> tf.Tensor:
    """A product in half precision: twice as quick where the processor knows it."""
    return tf.cast(tf.matmul(tf.cast(one, tf.bfloat16), tf.cast(two, tf.bfloat16), transpose_b=turned), tf.float32)


def _dropped(hidden: tf.Tensor, learning: bool) -> tf.Tensor:
    return tf.nn.dropout(hidden, DROPPED) if learning else hidden


def filled(messages: list[list[int]]) -> np.ndarray:
    """Messages as one array, filled up with PAD."""
    longest = max(map(len, messages))
    rows = np.full((len(messages), next(one for one in SHAPES if one >= longest)), PAD, np.int32)
    for at, message in enumerate(messages):
        rows[at, : len(message)] = message
    return rows


class Pace(tf.keras.optimizers.schedules.LearningRateSchedule):
    """Quicker and quicker at first, then slower and slower to the end."""

    def __init__(self, steps: int, quickest: float) -> None:
        self.steps, self.quickest = steps, quickest

    def __call__(self, step: tf.Tensor) -> tf.Tensor:
        at, warm = tf.cast(step, tf.float32), WARMING * self.steps
        return self.quickest * tf.minimum(at / warm, tf.maximum(0.0, (self.steps - at) / (self.steps - warm)))


class Lessons:
    """Teaches a network, a batch at a time."""

    def __init__(self, network: Network, steps: int, quickest: float) -> None:
        held = list(network.held.values())
        optimizer = tf.keras.optimizers.legacy.Adam(Pace(steps, quickest), beta_2=0.99, epsilon=1e-6)
        intents = held[-1].shape[0]

        @tf.function(input_signature=[tf.TensorSpec((None, None), tf.int32), tf.TensorSpec((None,), tf.int64)])
        def learn(rows: tf.Tensor, answers: tf.Tensor) -> tf.Tensor:
            with tf.GradientTape() as tape:
                wanted = tf.one_hot(answers, intents) * (1 - SOFTENED) + SOFTENED / intents
                scores = network.scores(rows, learning=True)
                lost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(wanted, scores))
            slopes, _ = tf.clip_by_global_norm(tape.gradient(lost, held), 1.0)
            optimizer.apply_gradients(zip(slopes, held))
            return lost

        self.learn = learn

    def __call__(self, messages: list[list[int]], answers: np.ndarray) -> float:
        """One step; how much was lost (cross entropy)."""
        return float(self.learn(tf.constant(filled(messages)), tf.constant(answers)))
