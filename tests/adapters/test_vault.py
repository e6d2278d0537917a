"""The vault: what is sealed opens only as it was meant, and hashes tell nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.vault import Unsealable, Vault
from bot.core.talk import Address

VAULT = Vault("a secret")


@given(st.binary(max_size=5000))
def test_what_is_sealed_opens(plain: bytes) -> None:
    sealed = VAULT.seal("session", plain)
    assert VAULT.open("session", sealed) == plain
    assert len(plain) < 8 or plain not in sealed


@pytest.mark.parametrize(
    "spoil", [lambda b: b[:-1], lambda b: b + b"x", lambda b: b"", lambda b: bytes([b[0] ^ 1]) + b[1:]]
)
def test_what_was_changed_does_not_open(spoil: object) -> None:
    with pytest.raises(Unsealable):
        VAULT.open("session", spoil(VAULT.seal("session", b"words")))  # type: ignore[operator]


def test_another_purpose_or_secret_does_not_open() -> None:
    sealed = VAULT.seal("session", b"words")
    with pytest.raises(Unsealable):
        VAULT.open("door", sealed)
    with pytest.raises(Unsealable):
        Vault("another secret").open("session", sealed)


def test_the_same_is_sealed_differently_each_time() -> None:
    assert VAULT.seal("session", b"words") != VAULT.seal("session", b"words")


def test_people_are_hashed_with_the_key() -> None:
    her, other = Address(channel="web", user="77011234567"), Address(channel="web", user="77011234568")
    assert VAULT.person(her) == VAULT.person(her) != VAULT.person(other)
    assert VAULT.person(her) != Vault("another secret").person(her)
    assert "7701" not in VAULT.person(her)
    assert VAULT.person(Address(channel="telegram", user="77011234567")) != VAULT.person(her)


def test_a_plan_opens_with_its_word_however_it_is_written() -> None:
    answers: dict[str, str | tuple[str, ...]] = {"safety_plan/living": "together", "safety_plan/bag": ("keys", "money")}
    sealed = VAULT.seal_plan("Алма, Қайық терезе ТҰМАН", answers)
    assert VAULT.open_plan("алма қайық терезе тұман", sealed) == answers
    assert VAULT.open_plan("алма кайык терезе туман", sealed) == answers
    assert VAULT.open_plan("алма қайық терезе", sealed) is None
    assert "together" not in sealed


def test_a_plan_needs_no_secret_of_the_server() -> None:
    sealed = VAULT.seal_plan("алма қайық терезе тұман", {"a/b": "c"})
    assert Vault("rotated").open_plan("алма қайық терезе тұман", sealed) == {"a/b": "c"}


def test_her_word_is_known_again_and_salted() -> None:
    hashed = VAULT.hash_word("Каштан")
    assert hashed != VAULT.hash_word("Каштан")
    assert VAULT.is_word("каштан!", hashed)
    assert not VAULT.is_word("каштаны", hashed)


def test_ids_are_the_same_for_the_same_event_and_speakable() -> None:
    assert VAULT.case_id("e1") == VAULT.case_id("e1") != VAULT.case_id("e2")
    assert VAULT.parcel_id("e1", 0) != VAULT.parcel_id("e1", 1)
    assert len({VAULT.case_id(f"e{n}") for n in range(5000)}) > 4990
    assert set("".join(VAULT.case_id(f"e{n}")[2:] for n in range(500))) <= set("23456789ABCDEFGHJKMNPQRSTVWXYZ")


def test_four_words_are_four_different_ones() -> None:
    words = [f"w{n}" for n in range(640)]
    offers = {VAULT.four_words(words) for _ in range(50)}
    assert len(offers) == 50
    assert all(len(set(offer.split())) == 4 for offer in offers)
