"""Understanding a place: from "кентау турк обл", "Talgarda" or a shared point to a settlement, or a question."""

from bot.engine.atlas.atlas import Atlas

__all__ = ["Atlas"]
