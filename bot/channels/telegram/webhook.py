"""The webhook: our own route, answered after the commit; a tap is acknowledged in the answer."""

import asyncio
import hmac
import json
from urllib.parse import urlsplit

from aiogram.methods import SetWebhook
from aiohttp import web

from bot.channels.telegram.api import Api, Failed, TooMany
from bot.channels.telegram.receiving import Receiver
from bot.channels.telegram.updates import WANTED
from bot.service.log import note

PATH = "/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (its name only)
CONNECTIONS = 100


class Webhook:
    """Takes updates that Telegram brings."""

    def __init__(self, api: Api, receiver: Receiver, url: str, secret: str) -> None:
        self._api, self._receiver, self._url, self._secret = api, receiver, url, secret

    def routes(self) -> list[web.RouteDef]:
        """The path of the webhook's address."""
        return [web.post(urlsplit(self._url).path or PATH, self._take)]

    async def run(self) -> None:
        """Tell Telegram where we are, until it has heard."""
        tries = 0
        while True:
            try:
                await self._api.call(
                    SetWebhook(
                        url=self._url,
                        secret_token=self._secret,
                        allowed_updates=list(WANTED),
                        max_connections=CONNECTIONS,
                    )
                )
                return
            except Failed as failed:
                tries += 1
                note("no_webhook", error=type(failed).__name__, tries=tries)
                await asyncio.sleep(failed.seconds if isinstance(failed, TooMany) else min(2.0**tries, 60.0))

    async def _take(self, request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self._secret.encode()):
            return web.Response(status=403)
        try:
            update = json.loads(await request.read())
        except (ValueError, RecursionError):
            return web.Response(status=400)
        taken = await self._receiver.take(self._receiver.read(update))
        if not taken.handled:
            return web.Response(status=503)
        if taken.tap is None:
            return web.Response()
        return web.json_response({"method": "answerCallbackQuery", "callback_query_id": taken.tap})
