"""The nearest help: right distances, honest order, nothing shown that must stay hidden."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.centre import Centre, CentreKind, Entry, Status
from bot.core.place import Place
from bot.core.talk import LOCALES
from bot.engine.distance import haversine, shown
from bot.engine.nearest import BETTER_WITHIN, KINDS, MOST, REACH, nearest

HERE = Place(id="x", kind="city", names=dict.fromkeys(LOCALES, "Мұнда"), region="61", lat=43.5, lon=68.5)
ANY = KINDS["any"]


def entry(
    id_: str,
    lat: float | None,
    lon: float | None = 68.5,
    kind: CentreKind = "family_support",
    status: Status = "published",
    region: str = "61",
) -> Entry:
    centre = Centre(
        id=id_, kind=kind, names=dict.fromkeys(LOCALES, id_), status=status, checked_on=date(2026, 1, 1), sources=("s",)
    )
    return Entry(centre=centre, place=HERE.but(id=region, region=region), lat=lat, lon=lon if lat is not None else None)


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ((51.1801, 71.44598), (43.25249, 76.9115), 972),  # Astana, Almaty
        ((43.51672, 68.50463), (43.29458, 68.25685), 32),  # Kentau, Turkistan
        ((51.24601, 51.42558), (49.97143, 82.60586), 2195),  # Oral, Oskemen
        ((43.25249, 76.9115), (43.25249, 76.9115), 0),
    ],
)
def test_known_distances(one: tuple[float, float], other: tuple[float, float], km: int) -> None:
    assert shown(*one, *other) == pytest.approx(km, abs=2)
    assert haversine(*one, *other) == pytest.approx(shown(*one, *other), rel=0.006, abs=1)


def test_three_nearest_in_order() -> None:
    found = nearest([entry(f"e{n}", 43.5 + n / 10) for n in (5, 1, 4, 2, 3)], HERE, ANY)
    assert [near.entry.centre.id for near in found] == ["e1", "e2", "e3"]
    assert [near.km for near in found] == [11, 22, 33]


def test_only_the_kinds_asked_for() -> None:
    entries = [entry("law", 43.5, kind="legal_aid"), entry("child", 43.6, kind="child_support")]
    assert [near.entry.centre.id for near in nearest(entries, HERE, KINDS["child"])] == ["child"]


def test_in_one_town_the_order_of_the_kinds_counts() -> None:
    entries = [entry("a-child", 43.5, kind="child_support"), entry("z-family", 43.5)]
    assert [near.entry.centre.id for near in nearest(entries, HERE, ANY)] == ["z-family", "a-child"]


def test_unverified_is_never_first_where_a_better_one_is_near() -> None:
    found = nearest([entry("said", 43.5, status="unverified"), entry("better", 43.9)], HERE, ANY)
    assert [near.entry.centre.id for near in found] == ["better", "said"]


def test_unverified_is_first_where_a_better_one_is_far() -> None:
    found = nearest([entry("said", 43.5, status="unverified"), entry("better", 44.5)], HERE, ANY)
    assert [near.entry.centre.id for near in found] == ["said", "better"]


def test_what_is_known_of_a_region_only_fills_up_without_a_distance() -> None:
    entries = [entry("near", 43.6), entry("region", None), entry("elsewhere", None, region="10")]
    found = nearest(entries, HERE, ANY)
    assert [(near.entry.centre.id, near.km) for near in found] == [("near", 11), ("region", None)]


def test_nothing_in_reach_gives_the_nearest_there_is() -> None:
    found = nearest([entry("far", 51.0, region="10"), entry("farther", 53.0, region="10")], HERE, ANY)
    assert [near.entry.centre.id for near in found] == ["far"]
    assert (found[0].km or 0) > REACH


def test_what_is_far_in_her_own_region_goes_before_what_has_no_town() -> None:
    entries = [entry("far", 48.0), entry("region", None), entry("far elsewhere", 47.0, region="10")]
    assert [near.entry.centre.id for near in nearest(entries, HERE, ANY)] == ["far", "region"]


def test_nothing_known_gives_nothing() -> None:
    assert nearest([], HERE, ANY) == ()


def test_the_point_she_shared_counts_and_not_the_middle_of_the_town() -> None:
    entries = [entry("middle", 43.5), entry("edge", 43.6)]
    assert nearest(entries, HERE, ANY, spot=(43.6, 68.5))[0].entry.centre.id == "edge"


_degrees = st.tuples(st.floats(41, 55), st.floats(47, 87))


@given(points=st.lists(_degrees, min_size=MOST, max_size=12), unverified=st.sets(st.integers(0, 11)), far=_degrees)
def test_a_farther_one_never_changes_the_answer(
    points: list[tuple[float, float]], unverified: set[int], far: tuple[float, float]
) -> None:
    entries = [
        entry(f"e{n:02}", *point, status="unverified" if n in unverified else "published")
        for n, point in enumerate(points)
    ]
    before = nearest(entries, HERE, ANY)
    ways = [haversine(HERE.lat, HERE.lon, near.entry.lat or 0, near.entry.lon or 0) for near in before]
    beyond = haversine(HERE.lat, HERE.lon, *far)
    if len(before) == MOST and beyond > max(*ways, BETTER_WITHIN) + 1:
        assert nearest([*entries, entry("far", *far)], HERE, ANY) == before
