"""What stands in the bot's profile: names, descriptions, commands and the menu button. All neutral."""

import asyncio
from collections.abc import Iterator
from typing import Any

from aiogram.enums import MenuButtonType
from aiogram.methods import (
    GetMyName,
    SetChatMenuButton,
    SetMyCommands,
    SetMyDescription,
    SetMyName,
    SetMyShortDescription,
    TelegramMethod,
)
from aiogram.types import BotCommand, MenuButtonCommands

from bot.channels.telegram.api import Api, Failed, TooMany
from bot.core.library import Library
from bot.core.phrases import PhraseKey
from bot.core.talk import LOCALES, Locale
from bot.service.log import note

COMMANDS: tuple[tuple[str, PhraseKey], ...] = (
    ("start", "command_start"),
    ("menu", "command_menu"),
    ("help", "command_help"),
    ("language", "command_language"),
    ("close", "command_close"),
)
DEFAULT: Locale = "ru"
"""What people with any other language read."""
LONGEST_PAUSE = 120.0


async def set_up(api: Api, library: Library) -> None:
    """Tell Telegram, once a start. What fails is left as it was: nobody waits for it."""
    await _name(api, library)
    for call in _calls(library):
        await _patiently(api, call)


async def _name(api: Api, library: Library) -> None:
    """Names may be set a few times a day only, so only where they differ."""
    for code, locale in _languages():
        wanted = library.phrases[locale].say("bot_name")
        try:
            found = await api.call(GetMyName(language_code=code) if code else GetMyName())
        except Failed:
            continue
        if not isinstance(found, dict) or found.get("name") != wanted:
            await _patiently(api, SetMyName(name=wanted, **_code(code)))


def _calls(library: Library) -> Iterator[TelegramMethod[Any]]:
    for code, locale in _languages():
        say = library.phrases[locale].say
        commands = [BotCommand(command=command, description=say(key)) for command, key in COMMANDS]
        yield SetMyCommands(commands=commands, **_code(code))
        yield SetMyDescription(description=say("bot_description"), **_code(code))
        yield SetMyShortDescription(short_description=say("bot_short"), **_code(code))
    yield SetChatMenuButton(menu_button=MenuButtonCommands(type=MenuButtonType.COMMANDS))


def _languages() -> Iterator[tuple[str | None, Locale]]:
    yield None, DEFAULT
    for locale in LOCALES:
        yield locale, locale


def _code(code: str | None) -> dict[str, Any]:
    return {"language_code": code} if code else {}


async def _patiently(api: Api, call: TelegramMethod[Any]) -> None:
    for tries in range(4):
        try:
            await api.call(call)
            return
        except TooMany as failed:
            if failed.seconds > LONGEST_PAUSE:
                break
            await asyncio.sleep(failed.seconds)
        except Failed:
            await asyncio.sleep(0.2 * 2**tries)
    note("profile_not_set", kind=type(call).__name__)
