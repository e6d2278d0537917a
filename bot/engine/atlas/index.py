"""Index: every name of the gazetteer by its skeleton, for exact, inflected, shortened and misspelt look-ups."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.place import Gazetteer, Unit
from bot.engine.atlas.spelling import bare, skeleton, stems
from bot.engine.atlas.words import Word, words

EXACT, FORMER, INFLECTED, SHORTENED, UNLIKELY, MISSPELT = 0, 1, 2, 3, 4, 5
"""How a name was met, best first. UNLIKELY: under an ending longer than need be; MISSPELT + 1: with two typos."""
ONE_TYPO, TWO_TYPOS = 5, 8
"""A name may hold one typo from so many letters on, two from so many."""
LONGEST_NAME = 4
"""Words of a message that one name may take."""
SHORTEST_PREFIX = 3

LONGEST_ENDING = 5
"""Letters of a case ending that may be typed wrong."""

_DOUBLED = re.compile(r"(.)\1+")
_MOST_STEMS = 6


class Match(NamedTuple):
    """A unit that a name may mean, how well (EXACT …), and by how many letters of it."""

    unit: Unit
    cost: int
    letters: int = 9


class Index:
    """Look-ups over all names. Building takes a third of a second; nothing in it changes afterwards."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._units = tuple(gazetteer.units.values())
        self._names: dict[str, tuple[int, ...]] = {}
        self._former: dict[str, tuple[int, ...]] = {}
        self._bares: dict[str, tuple[int, ...]] = {}
        self._compounds: dict[str, tuple[int, ...]] = {}
        self._long: set[str] = set()
        for number, unit in enumerate(self._units):
            own = {unit.kk, unit.ru, unit.en}
            for name in own:
                self._add(number, name, self._names)
            for name in set(unit.also) - own:
                self._add(number, name, self._former)
        self._firsts = frozenset(key.partition(" ")[0] for key in self._compounds)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for key in {*self._names, *self._former}:
            if len(key) >= ONE_TYPO or key in self._long:
                self._by_length[len(key)].append(key)
        self._wide = tuple(n for n, unit in enumerate(self._units) if unit.kind in ("region", "district"))
        self._wide_keys = tuple((key, n) for n in self._wide for key in self._keys_of(self._units[n]))

    def _add(self, number: int, name: str, into: dict[str, tuple[int, ...]]) -> None:
        own = _own_words(name)
        key = joined(word.bones for word in own)
        if len(key) < 2 or key.isdigit():
            return
        _put(into, key, number)
        if len(key) == ONE_TYPO - 1 and len(name) >= ONE_TYPO:
            self._long.add(key)  # the skeleton has fewer letters than the name
        if len(own) > 1:
            _put(self._compounds, " ".join(_root(word.bones) for word in own), number)
        for shorter in bare(key) if into is self._names else ():
            _put(self._bares, shorter, number)

    def _keys_of(self, unit: Unit) -> set[str]:
        """The whole names, and their last words: "Рыскулова" of "район Турара Рыскулова"."""
        names = [_own_words(name) for name in (unit.kk, unit.ru, unit.en, *unit.also)]
        return {key for own in names for key in (joined(w.bones for w in own), own[-1].bones)}

    def named(self, span: tuple[Word, ...]) -> Iterator[Match]:
        """The units that these words name, typed right: as they are, by a former name, or under case endings."""
        key = joined(word.bones for word in span)
        yield from self._matches(self._names, key, EXACT)
        yield from self._matches(self._former, key, FORMER)
        cost = INFLECTED
        for stem in (key, *stems(key)):
            found = [*self._matches(self._bares, stem, cost)]
            if stem != key:
                found += self._matches(self._names, stem, cost)
                yield from self._matches(self._former, stem, UNLIKELY)
            yield from found
            cost = UNLIKELY if found else cost
        if len(span) > 1:
            yield from self._compound(span)

    def _compound(self, span: tuple[Word, ...]) -> Iterator[Match]:
        """Names of several words, each under an ending of its own: "в Красном Яре"."""
        roots = [tuple(dict.fromkeys((w.bones, *bare(w.bones), *stems(w.bones)[:_MOST_STEMS]))) for w in span]
        for first in roots[0]:
            if first in self._firsts:
                for rest in product(*roots[1:]):
                    yield from self._matches(self._compounds, " ".join((first, *rest)), INFLECTED)

    def shortened(self, span: tuple[Word, ...]) -> Iterator[Match]:
        """Regions and districts of which these are the first letters: "турк" in "турк обл", "Т. Рыскулова"."""
        own = [word for word in span if len(word.raw) > 1] or list(span)
        key = joined(word.bones for word in own)
        if len(key) >= SHORTEST_PREFIX and not any(word.raw.isdigit() for word in span):
            for whole, number in self._wide_keys:
                if whole.startswith(key):
                    yield Match(self._units[number], SHORTENED)

    def misspelt(self, span: tuple[Word, ...], most: int = 2) -> Iterator[Match]:
        """The units whose name is one or two typos away from these words, also under a case ending."""
        key = joined(word.bones for word in span)
        for asked in (key, *stems(key)[:_MOST_STEMS]):
            for size in range(len(asked) - most, len(asked) + most + 1):
                allowed = min(most, 2 if size >= TWO_TYPOS else 1)
                if abs(size - len(asked)) <= allowed:
                    yield from self._near(asked, self._by_length.get(size, []), allowed)

        for cut in range(1, min(LONGEST_ENDING, len(span[-1].bones) - 2, len(key) - ONE_TYPO + 1) + 1):
            yield from self._matches(self._names, key[:-cut], MISSPELT)  # the typo is in the ending

    def _near(self, asked: str, names: list[str], allowed: int) -> Iterator[Match]:
        for name, typos, _ in process.extract(asked, names, scorer=OSA.distance, score_cutoff=allowed, limit=None):
            worse = MISSPELT + max(int(typos) - 1, 0)
            yield from self._matches(self._names, name, worse)
            yield from self._matches(self._former, name, worse)

    def _matches(self, table: dict[str, tuple[int, ...]], key: str, cost: int) -> Iterator[Match]:
        for number in table.get(key, ()):
            yield Match(self._units[number], cost, len(key))


def _put(table: dict[str, tuple[int, ...]], key: str, number: int) -> None:
    known = table.get(key, ())
    if number not in known:
        table[key] = (*known, number)


def joined(bones: Iterable[str]) -> str:
    """Several skeletons as one: Кзыл-Орда, Кзыл Орда and Кзылорда are the same."""
    return _DOUBLED.sub(r"\1", "".join(bones))


def _own_words(name: str) -> tuple[Word, ...]:
    """The words of a name that are its own: not "область", "ауданы", "District"."""
    found = tuple(word for word in words(name))
    own = tuple(word for word in found if word.hint in (None, "street") or len(word.raw) < 2)
    return own or found


def _root(bones: str) -> str:
    return bare(bones)[0] if bare(bones) else bones


def of_skeleton(name: str) -> str:
    """The key of a whole name, for comparing."""
    return joined(word.bones for word in words(name)) or skeleton(name)
