"""The whole of pana, running in this process: real Redis, real HTTP, the real content."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis.asyncio as redis

from bot.app import Pana
from bot.settings import Settings

SECRET = "a secret for tests"


@dataclass
class House:
    """A running pana and where it answers."""

    pana: Pana
    url: str


def settings_for(redis_folder: Path, data: Path, **more: object) -> Settings:
    """Settings of a house that joins the test run's Redis on any free port."""
    url = f"unix://{redis_folder / 'redis.sock'}"
    return Settings(http_port=0, data=data, redis_url=url, secret=SECRET, **more)  # type: ignore[arg-type]


@pytest.fixture
async def house(redis_client: "redis.Redis", redis_folder: Path, tmp_path: Path) -> AsyncIterator[House]:
    """pana without its NLU."""
    pana = Pana(settings_for(redis_folder, tmp_path), with_nlu=False)
    async with pana.serving() as port:
        yield House(pana, f"http://127.0.0.1:{port}")
