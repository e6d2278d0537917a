"""python -m bot understand [TEXT]: what a message means, one JSON object a line."""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterable

from bot.adapters.clock import SystemClock
from bot.adapters.embedded_nlu import EmbeddedNlu
from bot.adapters.files import BadContent, load
from bot.adapters.phrases import read_phrases
from bot.adapters.rasa import RasaEars
from bot.commands.nearest import lines
from bot.core.library import Library
from bot.core.understanding import Understanding
from bot.engine.meaning import plain_meaning
from bot.service.meter import Meter
from bot.settings import CONTENT, LOCALES_FOLDER, NLU, BadSetting, read_settings

PATIENCE = 120.0
"""Seconds to wait for an NLU that is loading."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The message; without it one message a line from standard input."""
    parser.add_argument("text", nargs="?", default=None)


def run(options: argparse.Namespace) -> int:
    """Print what each message means; 1 with one sentence where no NLU can be had."""
    messages = [options.text] if options.text is not None else lines()
    try:
        return asyncio.run(_understand(messages))
    except BadContent as e:
        print("\n".join(map(str, e.problems)), file=sys.stderr)
    except BadSetting as e:
        print(e, file=sys.stderr)
    return 1


async def _understand(messages: Iterable[str]) -> int:
    settings = read_settings()
    library, _ = load(CONTENT, read_phrases(LOCALES_FOLDER), SystemClock().now().date())
    beside = None if settings.nlu_url else EmbeddedNlu(NLU, settings.data)
    ears = RasaEars(lambda: settings.nlu_url or (beside.url() if beside else None), Meter())
    try:
        if beside is not None:
            beside.start()
        if not await _wait(ears, beside):
            print("There is no NLU to ask: `make run` sets it up.", file=sys.stderr)
            return 1
        for line in messages:
            print(json.dumps(await _one(line, library, ears), ensure_ascii=False), flush=True)
    finally:
        await ears.close()
        if beside is not None:
            beside.stop()
    return 0


async def _wait(ears: RasaEars, beside: EmbeddedNlu | None) -> bool:
    until = asyncio.get_running_loop().time() + PATIENCE
    while not await ears.ready():
        if asyncio.get_running_loop().time() > until or (beside is not None and not beside.installed()):
            return False
        await asyncio.sleep(0.2)
    return True


async def _one(text: str, library: Library, ears: RasaEars) -> dict[str, object]:
    heard = plain_meaning(text, library) or (await ears.understand(text) if text.strip() else Understanding())
    return {
        "intent": heard.intent,
        "sure": round(heard.sure, 4),
        "danger": heard.danger,
        "locale": heard.locale,
        "place": heard.place,
        "source": heard.source,
    }
