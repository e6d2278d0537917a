"""python -m bot talk: a conversation in the terminal, through the real service and store."""

import argparse
import asyncio
import re
import secrets
import sys

from bot.adapters.embedded_redis import NoRedis
from bot.adapters.files import BadContent
from bot.app import Pana
from bot.commands.serve import start_logging
from bot.core.effect import Parcel
from bot.core.library import Library
from bot.core.reply import PLAIN, Reply, fit
from bot.core.talk import ANYWHERE, Address, Body, Event, Hello, Tap, Text
from bot.service.delivery import Delivery, Sent
from bot.service.ports import StoreGone
from bot.settings import BadSetting, read_settings

MARKS = re.compile(r"\*\*|\|\||`")
"""Light Markdown, which a terminal does not show."""


class Terminal:
    """service.ports.Channel that prints."""

    name = "terminal"

    def __init__(self, library: Library) -> None:
        self._library = library

    async def send(self, parcel: Parcel) -> Delivery:
        """Print a reply in the shape of a channel without buttons."""
        if isinstance(parcel.carries, Reply):
            reply = parcel.carries
            for piece in fit(reply, PLAIN, self._library.phrases[reply.locale]):
                print("\n" + MARKS.sub("", piece.text), flush=True)
            print("  ".join(action.label for action in reply.actions), flush=True)
        else:
            print(self._library.phrases["en"].say("closed"), flush=True)
        return Sent()

    async def unsend(self, to: Address, trace: str) -> bool:
        """What is printed stays printed."""
        return True

    def doubt(self, parcel: Parcel) -> str | None:
        """What is printed is printed."""
        return None


def arguments(parser: argparse.ArgumentParser) -> None:
    """The language to begin in, and the link to come by."""
    parser.add_argument("--lang", choices=("kk", "ru", "en"), default="kk")
    parser.add_argument("--start", default=None, help="a link payload: plan, teen …")
    parser.add_argument("--without-nlu", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Talk until the input ends; the conversation is wiped then."""
    try:
        start_logging("ERROR")
        asyncio.run(_talk(Pana(read_settings(), with_nlu=not options.without_nlu), options))
    except BadContent as e:
        print("\n".join(map(str, e.problems)), file=sys.stderr)
        return 1
    except (BadSetting, NoRedis, StoreGone) as e:
        print(e or "The Redis does not answer.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


async def _talk(pana: Pana, options: argparse.Namespace) -> None:
    pana.channels["terminal"] = Terminal(pana.library)
    address = Address(channel="terminal", user=secrets.token_hex(8))

    async def hand(body: Body) -> None:
        await pana.conversation.handle(Event(id=secrets.token_hex(8), address=address, at=pana.clock.now(), body=body))
        await pana.postman.rest()

    await pana.start()
    try:
        await hand(Hello(link=options.start, locale=options.lang))
        while line := await asyncio.to_thread(sys.stdin.readline):
            await hand(_universal(line.strip()) or Text(text=line.rstrip("\n")))
    finally:
        await hand(Tap(step=ANYWHERE, option="leave"))
        await pana.stop()


def _universal(said: str) -> Tap | None:
    """The actions are printed with their signs; typing the sign is enough."""
    signs = {"◀": "back", "☰": "menu", "✕": "leave", "☎": "help"}
    return Tap(step=ANYWHERE, option=signs[said]) if said in signs else None
