"""service.ports.Map: the atlas in this process, and a Nominatim of the operator's own where one is named."""

import asyncio
import logging
from collections import OrderedDict

from geopy.exc import GeopyError
from geopy.geocoders import Nominatim

from bot.core.place import NOWHERE, Found
from bot.engine.atlas import Atlas
from bot.service.log import note

DEADLINE = 1.5
"""Seconds; she waits no longer for the geocoder."""
REMEMBERED = 512
"""Answers of the geocoder that are kept, in memory only."""
ROUNDED = 2
"""Decimals of a degree: about a kilometre (P19)."""


class AtlasMap:
    """Asks the atlas first; the geocoder (`url`) only for what the atlas does not know. `atlas` may be swapped."""

    def __init__(self, atlas: Atlas, url: str | None = None) -> None:
        self.atlas = atlas
        self._geocoder = _nominatim(url) if url else None
        self._known: OrderedDict[str, tuple[float, float] | None] = OrderedDict()

    async def find(self, text: str) -> Found:
        """What the words for a place mean."""
        found = self.atlas.find(text)
        if found != NOWHERE or self._geocoder is None or not text.strip():
            return found
        point = await self._ask(" ".join(text.split())[:120])
        if point is None:
            return NOWHERE
        near = self.atlas.around(*point)
        return Found(others=(near.place,)) if near.place else near  # asked back: a geocoder guesses

    async def around(self, lat: float, lon: float) -> Found:
        """The settlement nearest to a point in degrees."""
        return self.atlas.around(round(lat, ROUNDED), round(lon, ROUNDED))

    async def _ask(self, text: str) -> tuple[float, float] | None:
        if text in self._known:
            self._known.move_to_end(text)
            return self._known[text]
        try:
            answer = await asyncio.wait_for(asyncio.to_thread(self._geocode, text), DEADLINE * 2)
        except (TimeoutError, GeopyError, OSError, ValueError, KeyError, TypeError) as e:
            note("geocoder_silent", error=type(e).__name__)
            return None
        self._known[text] = answer
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return answer

    def _geocode(self, text: str) -> tuple[float, float] | None:
        assert self._geocoder is not None
        location = self._geocoder.geocode(text, country_codes="kz", exactly_one=True)
        return (round(location.latitude, ROUNDED), round(location.longitude, ROUNDED)) if location else None


def _nominatim(url: str) -> Nominatim:
    """The client of geopy for a server at `url` (with or without its scheme)."""
    logging.getLogger("geopy").disabled = True  # at DEBUG it writes what was asked
    scheme, _, rest = url.rpartition("://")
    return Nominatim(user_agent="pana", domain=rest.rstrip("/"), scheme=scheme or "https", timeout=DEADLINE)
