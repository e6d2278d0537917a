"""Features, classifier, language, places, mind: each small and alone, trained on the small corpus."""

import numpy as np
import pytest

from components import corpus, learn
from components.encoder import FOLDER, HELD, TAUGHT, Encoder, fingerprints, opinions_on, stands_in
from components.exam import PRECISION, RECALL, SHARE, Exam, _threshold, measure
from components.features import RARE, Vocabulary, features
from components.judge import best_mixture, clear, fit, softmax
from components.mind import Mind, alarm, danger, retold
from components.pieces import END, HEAD, OWN, START, TAIL, UNKNOWN, Pieces
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
    assert best_mixture(lambda _: values, always)[0] > best_mixture(lambda _: values, half)[0]


def test_an_opinion_counts_as_much_as_it_has_been_right():
    chance = np.random.default_rng(1)
    answers = np.tile([0, 1], 200)
    right = np.eye(2)[answers] * 2 - 1
    scores, good, bad = right + chance.normal(0, 2, (400, 2)), right + chance.normal(0, 1, (400, 2)), -right
    trusted = best_mixture(lambda trust: scores + trust * good, answers)[1]
    doubted = best_mixture(lambda trust: scores + trust * bad, answers)[1]
    assert trusted > 0.5
    assert doubted < 0.1


def an_exam(noise, many=400):
    """Half of it danger; Russian and mixed twice as noisy as the rest."""
    chance = np.random.default_rng(2)
    answers = np.tile([0, 1, 2, 2], many // 4)
    tongues = np.array(["kk", "en", "ru", "mixed"])[np.arange(many) // 4 % 4]
    loud = np.where(np.isin(tongues, ["ru", "mixed"]), 2, 1)[:, None]
    scores = chance.normal(0, noise, (many, 3)) * loud + np.eye(3)[answers]
    return Exam(["danger_now", "self_harm", "greet"], answers, tongues, scores, np.zeros((many, 3)))


def heard_and_false(exam, settings, tongues, locale):
    likely, real = alarm(danger(exam.together(settings.trust), settings)), exam.dangerous()
    raised, here = likely >= settings.thresholds[locale], np.isin(exam.tongues, tongues)
    return raised[here & real].mean(), raised[here & ~real].mean()


def test_thresholds_are_chosen_for_recall_language_by_language():
    exam = an_exam(0.15)
    settings = measure(exam)
    assert heard_and_false(exam, settings, ["ru", "mixed"], "ru")[0] >= RECALL
    assert heard_and_false(exam, settings, ["en"], "en")[0] >= RECALL
    assert settings.thresholds["en"] != settings.thresholds["ru"]


def test_a_threshold_is_not_so_low_that_all_is_raised():
    exam = an_exam(0.3)
    heard, false = heard_and_false(exam, measure(exam), ["ru", "mixed"], "ru")
    assert 0 < heard < RECALL
    assert SHARE * heard >= (PRECISION - 0.01) * (SHARE * heard + (1 - SHARE) * false)


def test_where_nothing_is_precise_recall_decides():
    likely, real = np.array([0.9, 0.8, 0.3, 0.2]), np.array([False, True, False, True])
    assert _threshold(likely, real) == 0.2


def test_a_language_without_danger_is_measured_with_all():
    exam = an_exam(0.25)
    exam.tongues = np.where(exam.dangerous(), "kk", exam.tongues)
    assert 0 < measure(exam).thresholds["en"] < 0.5


def test_the_encoder_is_not_asked_where_all_is_clear_and_always_where_danger_may_be():
    scores = np.array([[-1.2, -1.0, 0.9], [-0.1, -1.0, 0.9], [-1.2, 0.5, 0.9], [0.9, -1.0, -1.0]])
    assert clear(scores, dangers=[0]).tolist() == [True, True, False, False]
    assert clear(scores, dangers=[0, 1]).tolist() == [True, True, False, False]
    assert clear(np.array([[0.1, -0.8, 0.9]]), dangers=[0]).tolist() == [False]
    both_nearly = np.array([[-0.05, -0.05, 0.9]])
    assert [clear(both_nearly, dangers=[0])[0], clear(both_nearly, dangers=[0, 1])[0]] == [True, False]


def test_a_class_without_examples_is_never_chosen():
    from scipy import sparse

    weights = fit(sparse.csr_matrix(np.eye(4)), np.array([0, 2, 0, 2]), 3, 1.0)
    assert weights.shape == (5, 3)
    assert np.all(weights[-1, 1] < weights[-1, [0, 2]])


PIECES = Pieces([*((one, 0.0) for one in OWN), ("▁he", -3), ("▁", -4), ("h", -9), ("e", -9), ("lp", -5)])


def test_a_word_is_cut_the_likeliest_way_and_nothing_is_lost():
    assert PIECES.of(tokens("help he")) == [START, 4, 8, 4, END]
    assert PIECES.of(tokens("e")) == [START, 5, 7, END]
    assert PIECES.of(tokens("ж")) == [START, 5, UNKNOWN, END]
    assert PIECES.of([]) == [START, END]


def test_of_a_long_message_the_beginning_and_the_end_are_read():
    rows = PIECES.of(tokens("he " * 300 + "help"))
    assert len(rows) == HEAD + TAIL + 2
    assert rows[-3:] == [4, 8, END]


def test_the_encoder_knows_sentences_that_were_kept_from_it():
    encoder = Encoder()
    known = corpus.read(HOUSE / "data", corpus.known_intents(HOUSE / "domain.yml"))[0]
    asked = [known[at] for at in learn.fresh(known)[::40]]
    right = [encoder.intents[int(encoder.opinion(tokens(one.text)).argmax())] == one.intent for one in asked]
    assert np.mean(right) > 0.65


def test_a_message_is_weighed_as_it_was_measured(mind, sentences):
    """`Exam.together` and `Mind.hear` must come to the same probabilities."""
    for text in ("добрый вечер", "он ломает дверь", "где приют"):
        read = tokens(text)
        told = retold(read, mind.tongue.shares(read), mind.glossary)
        at, values = mind.vocabulary.row(features(read, told))
        scores = (values @ mind.weights[at] + mind.weights[-1])[None]
        opinions = opinions_on(mind.encoder.opinion(read), mind.columns)[None]
        exam = Exam(mind.settings.intents, np.array([0]), np.array(["ru"]), scores, opinions)
        sure = softmax(exam.together(mind.settings.trust), mind.settings.warmth)[0]
        heard = dict(mind.hear(text).intents)
        assert [heard[name] for name in mind.settings.intents] == pytest.approx(sure.tolist(), abs=1e-3)


def test_the_encoder_is_spared_what_is_clear(mind, monkeypatch):
    def asked(_read):
        raise AssertionError("it was asked")

    monkeypatch.setattr(mind.encoder, "opinion", asked)
    monkeypatch.setattr("components.mind.clear", lambda scores, dangers: np.array([True]))
    assert mind.hear("добрый вечер").intents
    monkeypatch.setattr("components.mind.clear", lambda scores, dangers: np.array([False]))
    with pytest.raises(AssertionError, match="asked"):
        mind.hear("добрый вечер")


def test_the_encoder_has_an_opinion_on_everything():
    encoder = Encoder()
    for text in ("он бьёт меня", "😀", "", "ұрып жатыр " * 400):
        said = encoder.opinion(tokens(text))
        assert said.shape == (len(corpus.known_intents(HOUSE / "domain.yml")),)
        assert np.isfinite(said).all()
        assert abs(float(said.mean())) < 1e-3


def test_of_an_intent_it_was_never_taught_the_encoder_has_no_opinion():
    columns = Encoder().columns(["greet", "juggling"])
    assert columns[0] >= 0
    assert columns[1] == -1
    said = np.arange(40, dtype=np.float32)
    assert opinions_on(said, columns).tolist() == [float(columns[0]), 0.0]


def test_a_part_of_the_data_was_never_shown_to_the_encoder():
    known = corpus.read(HOUSE / "data", corpus.known_intents(HOUSE / "domain.yml"))[0]
    prints = fingerprints([one.text for one in known])
    met, held = stands_in(TAUGHT, prints), stands_in(HELD, prints)
    gone = ~np.isin(np.load(FOLDER / TAUGHT), prints)
    assert gone.mean() < 0.02, "taken out of the data, but the encoder was taught it: time to tune again"
    assert 0.5 < met.mean() < 0.95
    assert 0.05 < held.mean() < 0.3
    assert not (met & held).any()
    assert not met[learn.fresh(known)].any()
    blocks: dict[str, set[bool]] = {}
    for one, old in zip(known, met.tolist()):
        blocks.setdefault(one.situation, set()).add(old)
    both = sum(len(kinds) == 2 for kinds in blocks.values())
    assert both < len(blocks) / 50, "situations are shown whole or not at all"


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
    assert mind.settings == again.settings


def test_danger_is_raised_whatever_the_intent_says(mind):
    heard = mind.hear("он ломает дверь топором")
    assert heard.raised == "now"
    assert mind.hear("i want to die").raised == "self_harm"
    assert mind.hear("здравствуйте").raised is None
