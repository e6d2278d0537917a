"""Conversation, postman and a real Redis together, with a channel that keeps what it is given."""

from dataclasses import dataclass

import pytest
import redis.asyncio as redis

from bot.adapters.redis_store import Connection, RedisStore
from bot.adapters.vault import Vault
from bot.core.library import Library
from bot.core.talk import Address, Body, Event, Hello, Tap, Text
from bot.service.conversation import Conversation, Handled
from bot.service.meter import Meter
from bot.service.postman import Postman
from tests.fakes import Globe, Listener, Mouth, StillClock
from tests.house import SECRET

HER = Address(channel="test", user="her")


@dataclass
class Together:
    """Everything below the channels. `library` may be swapped."""

    library: Library
    store: RedisStore
    vault: Vault
    clock: StillClock
    ears: Listener
    globe: Globe
    mouth: Mouth
    postman: Postman
    conversation: Conversation
    count: int = 0

    async def does(self, body: Body, *, id_: str | None = None, who: Address = HER, late: float = 0) -> Handled:
        """One event to its commit, and its replies delivered."""
        self.count += 1
        at = self.clock.now()
        self.clock.passes(late)
        event = Event(id=id_ or f"e{self.count}", address=who, at=at, body=body, trace=f"m{self.count}")
        handled = await self.conversation.handle(event)
        await self.postman.rest()
        return handled

    async def says(self, text: str) -> Handled:
        return await self.does(Text(text=text))

    async def taps(self, option: str, step: str | None = None) -> Handled:
        return await self.does(Tap(step=step or self.mouth.steps[-1], option=option))

    async def comes(self, link: str | None = None) -> Handled:
        return await self.does(Hello(link=link, locale="ru"))


def join(connection: Connection, library: Library, secret: str = SECRET) -> Together:
    """A process of its own over the same Redis."""
    vault, clock, ears, globe, mouth, meter = Vault(secret), StillClock(), Listener(), Globe(), Mouth(), Meter()
    store = RedisStore(connection, vault, clock)
    postman = Postman(store, {"test": mouth}, clock, meter)
    house = Together(library, store, vault, clock, ears, globe, mouth, postman, None)  # type: ignore[arg-type]
    house.conversation = Conversation(store, ears, globe, vault, clock, lambda: house.library, postman.deliver, meter)
    return house


@pytest.fixture
async def connection(redis_client: "redis.Redis") -> Connection:
    """A connection to the emptied Redis of the run."""
    connected = Connection(redis_client)
    await connected.start()
    return connected


@pytest.fixture
def together(connection: Connection, library: Library) -> Together:
    """One process."""
    return join(connection, library)
