"""One HTTP server for all pages and webhooks; /health and /metrics."""

import asyncio
import hmac
import ipaddress
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bot.service.log import bug
from bot.service.meter import Meter

LARGEST_BODY = 1024 * 1024
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Health = Callable[[], Awaitable[dict[str, bool]]]


def application(
    routes: Iterable[web.RouteDef], on_prepare: Any, health: Health, meter: Meter, token: str | None
) -> web.Application:
    """The application with these routes. `token` opens /metrics; without one it answers on loopback only."""
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[_caught])
    app.on_response_prepare.append(on_prepare)
    app.add_routes(routes)

    async def tell_health(request: web.Request) -> web.Response:
        """200 when messages can be answered; the NLU may still be loading."""
        found = await health()
        return web.json_response(found, status=200 if found["redis"] and found["postman"] else 503)

    async def tell_metrics(request: web.Request) -> web.Response:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        allowed = hmac.compare_digest(given.encode(), token.encode()) if token else _on_loopback(request)
        if not allowed:
            raise web.HTTPForbidden
        return web.Response(text="\n".join(meter.lines()) + "\n", content_type="text/plain")

    app.add_routes([web.get("/health", tell_health), web.get("/metrics", tell_metrics)])
    return app


def _on_loopback(request: web.Request) -> bool:
    """True for a caller on this machine who did not come through a proxy."""
    try:
        near = ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        near = False
    return near and not {"X-Forwarded-For", "Forwarded", "X-Real-IP"} & set(request.headers)


@web.middleware
async def _caught(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A bug in a page is noted by its place, without what was asked."""
    try:
        return await handler(request)
    except (web.HTTPException, ConnectionResetError, asyncio.CancelledError):
        raise
    except Exception as e:
        bug("bug_in_page", e)
        raise web.HTTPInternalServerError from None


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve `app`; yields the port. Raises OSError where it is taken. No access log: it would hold addresses."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
