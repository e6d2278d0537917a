"""No twin may have a near relative in the data, and a known failure that passes must be struck off."""

import pytest

import train
import twins
from components import corpus

from .conftest import HOUSE

INTENTS = corpus.known_intents(HOUSE / "domain.yml")


def one(text, intent="disclose_violence", tongue="ru"):
    return corpus.Sentence(text, intent, tongue, f"{tongue}/{intent}:1", 1)


FOLDERS = pytest.mark.parametrize("folder", [twins.FOLDER, twins.EVERYDAY], ids=lambda folder: folder.name)


@FOLDERS
def test_what_nobody_learns_from_reads_without_mistakes(folder):
    found, mistakes = twins.read(folder)
    assert not mistakes, "\n".join(map(str, mistakes))
    assert found


@FOLDERS
def test_none_of_it_stands_in_the_data(folder):
    data = corpus.read(HOUSE / "data", INTENTS)[0]
    found, _ = twins.read(folder)
    told = [
        f"data/{ours.tongue}/{ours.intent}.yml:{ours.line}: {ours.text}\n"
        f"  is like ({alike:.2f}) {folder.name}/{theirs.tongue}/{theirs.intent}.yml:{theirs.line}: {theirs.text}"
        for ours, theirs, alike in ((data[at], found[to], alike) for at, to, alike in twins.leaks(data, found))
    ]
    assert not told, f"{len(told)} leaks: take the sentence out of the data\n" + "\n".join(told)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("муж избил меня вчера вечером", "Муж избил меня вчера вечером!!"),
        ("күйеуім мені күнде ұрады айтарға жан жоқ", "kuieuim meni kunde urady aitarga jan joq"),
        ("свекровь не выпускает меня из дома", "свекровь не выпускает меня из дома уже"),
        ("бьёт", "БЬЁТ"),
    ],
)
def test_a_leak_is_found_in_any_letters_and_with_a_word_more(ours, theirs):
    assert len(list(twins.leaks([one(ours)], [one(theirs)]))) == 1


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("муж избил меня вчера вечером на кухне", "отец избил брата вчера из-за оценки"),
        ("он бьёт меня", "он бьёт мать"),
    ],
)
def test_two_people_in_like_trouble_are_no_leak(ours, theirs):
    assert not list(twins.leaks([one(ours)], [one(theirs)]))


def test_thanks_may_meet():
    assert not list(twins.leaks([one("рахмет", "thank", "kk")], [one("Рахмет", "thank", "kk")]))


def test_known_failures_still_fail():
    known = twins.known_failures()
    archive = HOUSE / "models" / f"pana-{train.digest(HOUSE / 'data')}.tar.gz"
    if not archive.exists():
        pytest.skip("the model of this data is not trained: run train.py")
    import quiet

    quiet.hush("WARNING")
    import serving

    parse = serving.load(archive)
    there = {(found.tongue, found.intent, found.text) for found in twins.read()[0]}
    for failure in known:
        assert (failure["tongue"], failure["intent"], failure["text"]) in there, f"is no twin any more: {failure}"
        raised = parse(failure["text"], None)["danger"]["raised"]
        assert raised is None, f"passes now, strike it off tests/known_failures.yml: {failure}"
