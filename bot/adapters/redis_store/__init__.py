"""The only store: a real Redis. Two scripts a turn, a few more for the postman."""

from bot.adapters.redis_store.connection import Connection
from bot.adapters.redis_store.reports import RedisReports
from bot.adapters.redis_store.store import RedisStore
from bot.adapters.redis_store.streams import RedisStreams

__all__ = ["Connection", "RedisReports", "RedisStore", "RedisStreams"]
