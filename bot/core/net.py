"""Net: the phrases that always mean danger, caught without any understanding."""

from collections.abc import Iterable
from functools import cached_property

from bot.core.folding import fold
from bot.core.record import Record
from bot.core.understanding import Danger

Phrase = tuple[str, ...]


class Net(Record):
    """Phrases by kind, each a sequence of folded words; a word ending in `*` stands for any ending. A message that
    holds one of `unless` is left to the trained understanding."""

    now: tuple[Phrase, ...] = ()
    self_harm: tuple[Phrase, ...] = ()
    unless: tuple[Phrase, ...] = ()

    def catch(self, text: str) -> Danger | None:
        """Return the danger that `text` (as she wrote it) certainly speaks of, "now" before "self_harm"."""
        words = fold(text).split()
        if _any(self._unless, words):
            return None
        if _any(self._now, words):
            return "now"
        return "self_harm" if _any(self._self_harm, words) else None

    @cached_property
    def _now(self) -> "_Index":
        return _index(self.now)

    @cached_property
    def _self_harm(self) -> "_Index":
        return _index(self.self_harm)

    @cached_property
    def _unless(self) -> "_Index":
        return _index(self.unless)


_Index = dict[str, list[Phrase]]
"""Phrases by the first two letters of their first word, so that a message meets only those that may stand in it."""


def phrase(written: str) -> Phrase:
    """An editor's phrase as folded words; the star that stands for an ending is kept."""
    parts: list[str] = []
    for word in written.split():
        folded = fold(word).split()  # "don't" is two words, as it is in a message
        if folded and word.endswith("*"):
            folded[-1] += "*"
        parts += folded
    return tuple(parts)


def _index(phrases: Iterable[Phrase]) -> _Index:
    index: _Index = {}
    for each in filter(None, phrases):
        index.setdefault(each[0].rstrip("*")[:2], []).append(each)
    return index


def _any(index: _Index, words: list[str]) -> bool:
    return any(
        _stands(each, words, start)
        for start, word in enumerate(words)
        for key in {word[:1], word[:2]}
        for each in index.get(key, ())
    )


def _stands(phrase: Phrase, words: list[str], start: int) -> bool:
    """True when the phrase stands in `words` from `start` on."""
    if start + len(phrase) > len(words):
        return False
    return all(_fits(part, words[start + n]) for n, part in enumerate(phrase))


def _fits(part: str, word: str) -> bool:
    return word.startswith(part[:-1]) if part.endswith("*") else word == part
