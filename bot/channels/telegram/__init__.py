"""Telegram: a channel of several rooms. aiogram is its transport (ADR 0004, ADR 0009)."""

from bot.channels.telegram.channel import BadToken, Telegram

__all__ = ["BadToken", "Telegram"]
