"""The embedded Redis: started once, joined by others, ended with its owner; long paths; kept after a kill."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import redis.asyncio as redis

from bot.adapters.embedded_redis import EmbeddedRedis, NoRedis, find_server
from bot.adapters.redis_store import Connection
from bot.settings import ROOT

OWNER = """
import asyncio, sys
from pathlib import Path
from bot.adapters.redis_store import Connection
from bot.adapters.embedded_redis import EmbeddedRedis
async def main():
    client = await EmbeddedRedis(Path(sys.argv[1])).start()
    await client.set("kept", "yes")
    print("up", flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


async def test_the_second_joins_the_first(tmp_path: Path) -> None:
    first, second = EmbeddedRedis(tmp_path), EmbeddedRedis(tmp_path)
    a = await first.start()
    b = await second.start()
    await a.set("x", "1")
    assert await b.get("x") == b"1"
    second.stop()
    assert await a.ping()
    assert (await a.config_get("appendonly"))["appendonly"] in (b"yes", "yes")
    assert (await a.config_get("maxmemory-policy"))["maxmemory-policy"] in (b"noeviction", "noeviction")
    await a.aclose()
    await b.aclose()
    first.stop()
    assert first._child is None


async def test_a_path_longer_than_a_socket_may_have(tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 20) / ("er" * 40)
    assert len(str(folder)) > 150
    server = EmbeddedRedis(folder)
    client = await server.start()
    assert await client.ping()
    await client.aclose()
    server.stop()


async def test_what_was_written_survives_a_kill_and_the_server_ends_with_its_owner(tmp_path: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "up\n"
    await asyncio.sleep(1.2)  # appendfsync everysec
    os.kill(owner.pid, signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    server = EmbeddedRedis(tmp_path)  # at once: it waits until the old server has let go
    client = await server.start()
    assert server._child is not None
    assert await client.get("kept") == b"yes"
    await client.aclose()
    server.stop()


async def test_without_a_server_there_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(NoRedis, match=r"install Redis.*PANA_REDIS_URL"):
        await EmbeddedRedis(tmp_path).start()


def test_an_old_server_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "redis-server"
    old.write_text("#!/bin/sh\necho 'Redis server v=5.0.3 sha=0'\n")
    old.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda name: str(old))
    assert find_server() != old


async def test_a_commit_stands_where_the_server_cannot_tell_whether_it_is_on_the_disk(redis_folder: Path) -> None:
    connection = Connection(redis.Redis(unix_socket_path=str(redis_folder / "redis.sock")))
    await connection.start()
    connection._knows_waitaof = True  # Redis 6.2 refuses the command
    assert await connection.durable("release", ["pana:lock:nobody"], ["token"]) == 1
    await connection.close()
