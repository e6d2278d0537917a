"""Telegram, room by room."""
