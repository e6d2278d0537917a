"""The NLU house over HTTP: POST /model/parse with a short deadline; silence on failure."""

from collections.abc import Callable
from typing import Any, cast, get_args

import aiohttp

from bot.core.talk import LOCALES, Locale
from bot.core.understanding import NOTHING_HEARD, Danger, Meaning, Understanding
from bot.service.log import note
from bot.service.meter import Meter

DEADLINE = 1.5
"""Seconds; she waits no longer for an understanding."""
LONGEST_TEXT = 2000


class RasaEars:
    """service.ports.Ears. `url` gives the address of the NLU, None while there is none. Never raises."""

    def __init__(self, url: Callable[[], str | None], meter: Meter) -> None:
        self._url, self._meter = url, meter
        self._session: aiohttp.ClientSession | None = None

    async def understand(self, text: str) -> Understanding:
        """What `text` seems to mean; NOTHING_HEARD where nobody answers in time."""
        answer = await self._ask("POST", "/model/parse", {"text": text[:LONGEST_TEXT]})
        self._meter.count("understood", "no" if answer is None else "yes")
        try:
            return _read(answer) if answer is not None else NOTHING_HEARD
        except (KeyError, TypeError, ValueError):
            note("nlu_answer_unreadable")
            return NOTHING_HEARD

    async def ready(self) -> bool:
        """True when the NLU answers."""
        return await self._ask("GET", "/health", None) is not None

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()

    async def _ask(self, method: str, path: str, body: dict[str, str] | None) -> dict[str, Any] | None:
        base = self._url()
        if base is None:
            return None
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=DEADLINE))
        try:
            async with self._session.request(method, base.rstrip("/") + path, json=body) as response:
                if response.status != 200:
                    note("nlu_refused", count=response.status)
                    return None
                answer = await response.json()
                return answer if isinstance(answer, dict) else None
        except (TimeoutError, aiohttp.ClientError, ValueError) as e:
            note("nlu_silent", error=type(e).__name__)
            return None


def _read(answer: dict[str, Any]) -> Understanding:
    ranking = [Meaning(intent=g["name"], sure=float(g["confidence"])) for g in answer["intent_ranking"] if g["name"]]
    if not ranking:
        return Understanding(source="none")
    places = [entity["value"] for entity in answer.get("entities", []) if entity.get("entity") == "place"]
    locale = answer.get("locale")
    return Understanding(
        intent=ranking[0].intent,
        sure=ranking[0].sure,
        runner_up=ranking[1] if len(ranking) > 1 else None,
        danger=_danger(answer),
        locale=cast(Locale, locale) if locale in LOCALES else None,
        place=" ".join(places) or None,  # "Түркістан облысы", "Мақтаарал ауданы": together they name one
        source="nlu",
    )


def _danger(answer: dict[str, Any]) -> Danger | None:
    """The detector's own decision ("raised", its threshold per language applied)."""
    raised = (answer.get("danger") or {}).get("raised")
    return cast(Danger, raised) if raised in get_args(Danger) else None
