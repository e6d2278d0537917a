"""What all tests share: the real library, and one real Redis for the whole run."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path

import pytest
import redis.asyncio as redis

from bot.adapters.embedded_redis import EmbeddedRedis
from bot.adapters.files import load
from bot.adapters.phrases import read_phrases
from bot.core.library import Library
from bot.engine.atlas import Atlas
from bot.settings import CONTENT, LOCALES_FOLDER

TODAY = date(2026, 11, 22)
pytest_plugins = ["tests.house", "tests.channels.telegram.home", "tests.service.together", "tests.channels.browser"]


@pytest.fixture(scope="session")
def library() -> Library:
    """The content as it is served."""
    return load(CONTENT, read_phrases(LOCALES_FOLDER), TODAY)[0]


@pytest.fixture(scope="session")
def atlas(library: Library) -> Atlas:
    """The whole map, ready to be asked."""
    return Atlas(library.gazetteer)


@pytest.fixture(scope="session")
def redis_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A real Redis, started once for the run."""
    folder = tmp_path_factory.mktemp("redis")
    server = EmbeddedRedis(folder)

    async def start() -> None:
        client = await server.start()
        await client.aclose()

    asyncio.run(start())
    yield folder
    server.stop()


@pytest.fixture
async def redis_client(redis_folder: Path) -> AsyncIterator["redis.Redis"]:
    """A client of that Redis, emptied for each test."""
    client = redis.Redis(unix_socket_path=str(redis_folder / "redis.sock"))
    await client.flushall()
    yield client
    await client.aclose()
