"""Connection: the scripts, and calls made in the same moment joined into one round trip."""

import asyncio
from importlib import resources
from typing import Any

import redis.asyncio as redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoScriptError, RedisError, ResponseError

from bot.service.ports import StoreGone

WAITAOF_SINCE = (7, 2)
SCRIPTS = ("open", "commit", "release", "claim", "strike", "put_off", "due", "post")
_Call = tuple[tuple[Any, ...], asyncio.Future[Any]]


class Connection:
    """A Redis, spoken to in pipelines: while one is under way the next one fills. Raises StoreGone."""

    def __init__(self, client: "redis.Redis") -> None:
        self._client = client
        self._waiting: list[_Call] = []
        self._sender: asyncio.Task[None] | None = None
        self._shas: dict[str, str] = {}
        self._knows_waitaof = False

    async def start(self) -> None:
        """Load the scripts; the server must be 6.2 or later."""
        try:
            for name in SCRIPTS:
                source = resources.files(__package__).joinpath(f"{name}.lua").read_text(encoding="utf-8")
                self._shas[name] = await self._client.script_load(source)
            version = str((await self._client.info("server"))["redis_version"])
            self._knows_waitaof = tuple(map(int, version.split(".")[:2])) >= WAITAOF_SINCE
        except (RedisError, OSError) as e:
            raise StoreGone from e

    async def script(self, name: str, keys: list[str], args: list[Any]) -> Any:
        """Run a script; loaded again where the server has forgotten it (it was restarted)."""
        try:
            return await self.call("EVALSHA", self._shas[name], len(keys), *keys, *args)
        except NoScriptError:
            await self.start()
            return await self.call("EVALSHA", self._shas[name], len(keys), *keys, *args)

    async def durable(self, name: str, keys: list[str], args: list[Any]) -> Any:
        """Run a script, and return once it is on the disk, where the server can tell (at most a second later)."""
        if not self._knows_waitaof:
            return await self.script(name, keys, args)
        # Both stand in one batch, and so on one connection: WAITAOF speaks of what came before it there.
        both = asyncio.gather(self.script(name, keys, args), self.call("WAITAOF", 1, 0, 1000), return_exceptions=True)
        done, _ = await both  # a server that keeps no append-only file cannot tell; the commit stands all the same
        if isinstance(done, BaseException):
            raise done
        return done

    async def call(self, *command: Any) -> Any:
        """Any command, together with all others of the same moment."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((command, answer))
        if self._sender is None:
            self._sender = asyncio.get_running_loop().create_task(self._send())
        return await answer

    async def listen(self, channel: str) -> "redis.client.PubSub":
        """A subscription of its own connection."""
        heard = self._client.pubsub(ignore_subscribe_messages=True)
        try:
            await heard.subscribe(channel)
        except (RedisError, OSError) as e:
            raise StoreGone from e
        return heard

    async def close(self) -> None:
        """Send what waits, then let go."""
        if self._sender is not None:
            await self._sender
        await self._client.aclose()

    async def _send(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._pipeline(batch)
        finally:
            self._sender = None

    async def _pipeline(self, batch: list[_Call]) -> None:
        pipeline = self._client.pipeline(transaction=False)
        for command, _ in batch:
            pipeline.execute_command(*command)
        try:
            results = await pipeline.execute(raise_on_error=False)
        except (TimeoutError, RedisError, OSError) as e:
            results = [e] * len(batch)
        for (_, answer), result in zip(batch, results, strict=True):
            if answer.done():
                continue  # whoever asked has gone
            if isinstance(result, NoScriptError):
                answer.set_exception(result)
            elif isinstance(result, BaseException):
                answer.set_exception(_told(result))
            else:
                answer.set_result(result)


def _told(error: BaseException) -> BaseException:
    """The world failing is StoreGone; a wrong command of ours stays what it is."""
    wrong = isinstance(error, ResponseError) and not isinstance(error, RedisConnectionError)
    refused = wrong and str(error).split(" ", 1)[0] in (
        "LOADING",
        "READONLY",
        "MISCONF",
        "OOM",
        "BUSY",
        "MASTERDOWN",
    )
    if wrong and not refused:
        return RuntimeError("a wrong command to Redis")
    gone = StoreGone()
    gone.__cause__ = error
    return gone
