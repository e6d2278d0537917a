"""Net: the phrases that always mean danger, caught without any understanding."""

from collections.abc import Iterable

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
        if _any(self.unless, words):
            return None
        if _any(self.now, words):
            return "now"
        return "self_harm" if _any(self.self_harm, words) else None


def phrase(written: str) -> Phrase:
    """An editor's phrase as folded words; the star that stands for an ending is kept."""
    return tuple(fold(word) + "*" * word.endswith("*") for word in written.split())


def _any(phrases: Iterable[Phrase], words: list[str]) -> bool:
    return any(_stands(phrase, words) for phrase in phrases)


def _stands(phrase: Phrase, words: list[str]) -> bool:
    last = len(words) - len(phrase)
    return any(all(_fits(part, words[start + n]) for n, part in enumerate(phrase)) for start in range(last + 1))


def _fits(part: str, word: str) -> bool:
    return word.startswith(part[:-1]) if part.endswith("*") else word == part
