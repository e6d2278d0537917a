"""What we measure against: a bare aiogram bot that echoes, with a Telegram that answers at once."""

import asyncio
import time
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.session.base import BaseSession
from aiogram.methods import TelegramMethod
from aiogram.types import Chat, Message, Update, User

UPDATES = 4000


class _AtOnce(BaseSession):
    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        return Message(message_id=1, date=datetime.now(UTC), chat=Chat(id=1, type="private"))

    async def stream_content(self, *args: Any, **kwargs: Any) -> AsyncGenerator[bytes, None]:
        yield b""

    async def close(self) -> None:
        """Nothing is open."""


async def echo_rate() -> float:
    """Updates a second through aiogram's dispatcher and back."""
    bot, dispatcher = Bot("1:token", session=_AtOnce()), Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(message.text or "")

    updates = [_update(n) for n in range(UPDATES)]
    began = time.perf_counter()
    for start in range(0, UPDATES, 64):
        await asyncio.gather(*(dispatcher.feed_raw_update(bot, update) for update in updates[start : start + 64]))
    return UPDATES / (time.perf_counter() - began)


def _update(number: int) -> dict[str, Any]:
    user = User(id=number, is_bot=False, first_name="x")
    chat = Chat(id=number, type="private")
    message = Message(message_id=number, date=datetime.now(UTC), chat=chat, from_user=user, text="hello")
    return Update(update_id=number, message=message).model_dump(mode="json", exclude_none=True, by_alias=True)
