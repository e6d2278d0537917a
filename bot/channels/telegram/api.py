"""The Bot API: aiogram's methods over its connection pool; answers as they came, failures sorted by what they mean."""

import json
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod
from aiohttp import ClientConnectorError, ClientError, ClientTimeout

TIMEOUT = 12.0
"""Seconds a call may take: less than the lease on a parcel."""
CONNECTIONS = 200


JSON = {"Content-Type": "application/json"}
NO_PREVIEW: Any = {"is_disabled": True}


class Failed(Exception):
    """A call that came to nothing. No message: Telegram's may repeat what was said."""


class NotReached(Failed):
    """Nobody was there: nothing has happened."""


class NoAnswer(Failed):
    """It was sent off, and nobody knows what became of it: the line broke, the time ran out, the server failed."""


class TooMany(Failed):
    """Telegram wants to be left alone for so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


class Closed(Failed):
    """She has blocked us, or is no longer there."""


class Refused(Failed):
    """Telegram does not take it. `same`: nothing would change; `gone`: that message is not there, or stays as it is."""

    def __init__(self, *, same: bool = False, gone: bool = False) -> None:
        super().__init__()
        self.same, self.gone = same, gone


class Denied(Failed):
    """The token is wrong, or somebody else polls with it."""


class _Session(AiohttpSession):
    """Calls as JSON, and results as they are: what we read of them is an id. Only what was set goes out, so that
    aiogram's own defaults stay away: a `type` must be written where it is made."""

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        body = json.dumps({name: getattr(method, name) for name in method.model_fields_set}, default=_plain)
        limit = ClientTimeout(total=timeout or TIMEOUT)
        try:
            async with session.post(url, data=body, headers=JSON, timeout=limit) as response:
                status, content = response.status, await response.read()
        except ClientConnectorError:
            raise NotReached from None
        except (ClientError, TimeoutError, OSError):
            raise NoAnswer from None
        if status == 200:
            try:
                return json.loads(content)["result"]
            except (ValueError, KeyError, TypeError):
                raise NoAnswer from None
        if status == 429:
            raise TooMany(_seconds(content))
        self.check_response(bot, method, status, content.decode("utf-8", "replace"))
        raise NoAnswer


def _seconds(content: bytes) -> float:
    """How long Telegram wants to be left alone; a second where it does not say."""
    try:
        return max(float(json.loads(content)["parameters"]["retry_after"]), 1.0)
    except (ValueError, KeyError, TypeError):
        return 1.0


def _plain(value: Any) -> Any:
    """A model of aiogram's inside a call, as it goes out."""
    return value.model_dump(mode="json", exclude_unset=True, exclude_none=True, warnings=False)


class Api:
    """One bot. Raises TokenValidationError where the token cannot be one."""

    def __init__(self, token: str, base: str | None) -> None:
        server = TelegramAPIServer.from_base(base.rstrip("/")) if base else PRODUCTION
        self._bot = Bot(token, session=_Session(api=server, limit=CONNECTIONS))

    async def call(self, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        """The result as Telegram wrote it. Raises Failed in one of its kinds; nothing of what was said is in it."""
        try:
            return await self._bot(method, timeout)
        except Failed:
            raise
        except AiogramError as e:
            raise _sorted(e) from None

    async def close(self) -> None:
        """Let go of the connections."""
        await self._bot.session.close()


def _sorted(error: AiogramError) -> Failed:
    match error:
        case TelegramForbiddenError():
            return Closed()
        case TelegramUnauthorizedError():
            return Denied()
        case TelegramBadRequest() | TelegramNotFound():
            return _refused(error.message.lower())
        case ClientDecodeError():
            return NoAnswer()
    return Denied() if getattr(error, "error_code", 0) == 409 or "Conflict" in type(error).__name__ else NoAnswer()


def _refused(told: str) -> Failed:
    if "chat not found" in told or "user not found" in told or "user is deactivated" in told:
        return Closed()
    gone = "not found" in told or "can't be" in told or "message_id_invalid" in told
    return Refused(same="not modified" in told, gone=gone)
