"""python -m bot serve: all channels that are configured, in one process."""

import argparse
import asyncio
import ipaddress
import logging
import os
import signal
import sys

from bot.adapters.embedded_redis import NoRedis
from bot.adapters.files import BadContent
from bot.app import Pana
from bot.service.ports import StoreGone
from bot.settings import BadSetting, Settings, read_settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--without-nlu` for trying out."""
    parser.add_argument("--without-nlu", action="store_true", help="answer taps and shortcuts only, for trying out")


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop; 1 with one clear sentence where that cannot be."""
    try:
        settings = read_settings()
        start_logging(settings.log_level)
        pana = Pana(settings, with_nlu=not options.without_nlu)
        refuse_unnamed(settings, pana)
        asyncio.run(_serve(pana))
    except BadContent as e:
        print("\n".join(map(str, e.problems)), file=sys.stderr)
        print(f"The content has {len(e.problems)} mistakes; pana does not start with them.", file=sys.stderr)
        return 1
    except StoreGone:
        print("The Redis at PANA_REDIS_URL does not answer.", file=sys.stderr)
        return 1
    except (BadSetting, NoRedis) as e:
        print(e, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def start_logging(level: str) -> None:
    """Our own lines only: what other libraries log may hold what people wrote."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("pana")
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel(level.upper())
    logging.getLogger().handlers = [logging.NullHandler()]
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)


def refuse_unnamed(settings: Settings, pana: Pana) -> None:
    """P2: it says who is behind it, or it serves nobody but its own machine."""
    messenger = settings.telegram_token is not None and settings.telegram_api_url is None
    public = settings.public_url is not None or not _loopback(settings.http_host) or messenger
    if public and not pana.named():
        raise BadSetting(
            "pana does not serve the public as long as nobody stands behind it: write the organisation "
            "that answers for it under `who:` in content/facts.yaml."
        )


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _serve(pana: Pana) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, pana.reload)
    settings = pana.settings
    try:
        async with pana.serving() as port:
            host = f"[{settings.http_host}]" if ":" in settings.http_host else settings.http_host
            print(f"pana answers at http://{host}:{port}/", flush=True)
            print(f"  numbers to call  http://{host}:{port}/call", flush=True)
            print(f"  health           http://{host}:{port}/health", flush=True)
            if pana.reminders:
                print(f"  {pana.reminders} pages wait for a review: python -m bot check", flush=True)
            await stop.wait()
    except OSError as e:
        told = os.strerror(e.errno) if e.errno else type(e).__name__
        raise BadSetting(
            f"Port {settings.http_port} on {settings.http_host} cannot be used ({told}); is pana running already? "
            "PANA_HTTP_PORT chooses another."
        ) from e
