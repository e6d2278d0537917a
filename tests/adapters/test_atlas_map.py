"""The map of a process: the atlas first; a geocoder of the operator's own only for what the atlas does not know."""

import http.server
import json
import logging
import threading
from collections.abc import Iterator
from typing import ClassVar

import pytest

from bot.adapters.atlas_map import AtlasMap
from bot.core.place import NOWHERE
from bot.engine.atlas import Atlas


class Nominatim(http.server.BaseHTTPRequestHandler):
    """A small real server that answers as a Nominatim does, and counts."""

    asked: ClassVar[list[str]] = []
    status = 200
    answer: object = []

    def do_GET(self) -> None:
        Nominatim.asked.append(self.path)
        self.send_response(Nominatim.status)
        self.end_headers()
        self.wfile.write(json.dumps(Nominatim.answer).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def nominatim() -> Iterator[str]:
    """Its address."""
    Nominatim.asked, Nominatim.status = [], 200
    Nominatim.answer = [{"lat": "43.2567891", "lon": "76.9286543", "display_name": "x"}]
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Nominatim) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


async def test_without_a_geocoder_nobody_is_asked(atlas: Atlas) -> None:
    assert await AtlasMap(atlas).find("ыыыщщщ") == NOWHERE


async def test_what_the_atlas_knows_is_not_asked(atlas: Atlas, nominatim: str) -> None:
    found = await AtlasMap(atlas, nominatim).find("Талдықорғанда")
    assert found.place is not None
    assert not Nominatim.asked


async def test_a_guess_of_the_geocoder_is_asked_back_once(atlas: Atlas, nominatim: str) -> None:
    map_ = AtlasMap(atlas, nominatim)
    for _ in range(3):
        found = await map_.find("ыыыщщщ жжж")
        assert found.place is None
        assert [place.id for place in found.others] == ["750000000"]
    assert len(Nominatim.asked) == 1
    assert "countrycodes=kz" in Nominatim.asked[0]


@pytest.mark.parametrize(("status", "answer"), [(500, {}), (200, []), (200, {"odd": 1}), (429, {})])
async def test_a_geocoder_that_fails_is_silence(atlas: Atlas, nominatim: str, status: int, answer: object) -> None:
    Nominatim.status, Nominatim.answer = status, answer
    assert await AtlasMap(atlas, nominatim).find("ыыыщщщ") == NOWHERE


async def test_a_geocoder_that_is_not_there(atlas: Atlas) -> None:
    assert await AtlasMap(atlas, "http://127.0.0.1:9").find("ыыыщщщ") == NOWHERE


async def test_nothing_asked_stands_in_a_log(atlas: Atlas, nominatim: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await AtlasMap(atlas, nominatim).find("ыыыщщщ белгі")
    assert "ыыыщщщ" not in caplog.text
    assert "%D1%8B" not in caplog.text


async def test_a_point_is_rounded_to_about_a_kilometre(atlas: Atlas) -> None:
    assert await AtlasMap(atlas).around(43.2402, 76.9049) == await AtlasMap(atlas).around(43.2398, 76.8951)
