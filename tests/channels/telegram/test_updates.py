"""Raw updates (tests/payloads/telegram) and what they must become; 10,000 broken ones."""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.telegram.updates import Elsewhere, Heard, read
from bot.core.library import Library

FOLDER = Path(__file__).parents[2] / "payloads" / "telegram"
PAYLOADS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize("name", PAYLOADS)
def test_payload(library: Library, name: str) -> None:
    payload = PAYLOADS[name]
    found, becomes = read(payload["update"], library, NOW), payload["becomes"]
    if becomes is None:
        assert found is None
    elif "leaves" in becomes:
        assert isinstance(found, Elsewhere)
        assert found.chat == becomes["leaves"]
    else:
        assert isinstance(found, Heard)
        event = found.event.model_dump(mode="json", exclude_none=True)
        assert event["body"] == becomes["body"]
        assert event["address"] == {"channel": "telegram", "user": becomes["user"]}
        assert event.get("trace") == becomes.get("trace")
        assert event.get("on") == becomes.get("on")
        assert found.tap == becomes.get("tap")


_odd = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.just([]), st.just({}),
    st.just("\ud800"), st.just(2**70), st.just(float("nan")), st.lists(st.integers(), max_size=2),
)  # fmt: skip


@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_mutated_updates_break_nothing(library: Library, data: st.DataObject) -> None:
    update: Any = copy.deepcopy(PAYLOADS[data.draw(st.sampled_from(sorted(PAYLOADS)))]["update"])
    for _ in range(data.draw(st.integers(1, 3))):
        update = _mutated(update, data)
    found = read(update, library, NOW)
    if isinstance(found, Heard):
        found.event.model_dump_json()


def _mutated(value: Any, data: st.DataObject) -> Any:
    if isinstance(value, dict) and value and data.draw(st.integers(0, 5)):
        key = data.draw(st.sampled_from(sorted(value)))
        if data.draw(st.integers(0, 4)) == 0:
            del value[key]
        else:
            value[key] = _mutated(value[key], data)
        return value
    return data.draw(_odd)
