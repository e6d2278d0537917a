"""A small Bot API: what the bot calls and what a person does, with faults on request. It complains about what the real
one would refuse."""

import asyncio
import itertools
import json
import re
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from typing import Any

import aiohttp
from aiohttp import web

FIELDS = {
    "sendMessage": {"chat_id", "text", "parse_mode", "link_preview_options", "disable_notification", "protect_content",
                    "reply_markup"},
    "sendLocation": {"chat_id", "latitude", "longitude", "disable_notification", "protect_content"},
    "editMessageText": {"chat_id", "message_id", "text", "parse_mode", "link_preview_options", "reply_markup"},
    "deleteMessages": {"chat_id", "message_ids"},
    "answerCallbackQuery": {"callback_query_id"},
    "getUpdates": {"offset", "timeout", "allowed_updates"},
    "setWebhook": {"url", "secret_token", "allowed_updates", "max_connections"},
    "deleteWebhook": {"drop_pending_updates"},
    "leaveChat": {"chat_id"},
    "getMyName": {"language_code"},
    "setMyName": {"name", "language_code"},
    "setMyCommands": {"commands", "language_code"},
    "setMyDescription": {"description", "language_code"},
    "setMyShortDescription": {"short_description", "language_code"},
    "setChatMenuButton": {"menu_button"},
}  # fmt: skip
Call = tuple[str, dict[str, Any]]


class _Tags(HTMLParser):
    """Reads what is shown; unbalanced or unknown tags are refused."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.shown = ""
        assert not re.search(r"&(?!(lt|gt|amp|quot);)", html), "a bare &"
        self.feed(html)
        self.close()
        assert not self.open, "not closed"

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        assert tag in ("b", "code", "tg-spoiler"), tag
        assert not self.open, "nested"
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.shown += data


class BotApi:
    """`types`, `taps`, `sends`, `chat`; `faults`, one a call: 429, 500, 403, "drop" (not done), "lost" (done). `done`
    is told of every call that was obeyed, before it is answered."""

    def __init__(self) -> None:
        self.ids, self.numbers = itertools.count(1), itertools.count(1000)
        self.chats: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
        self.calls: list[Call] = []
        self.problems: list[str] = []
        self.faults: dict[str, list[Any]] = defaultdict(list)
        self.updates: list[dict[str, Any]] = []
        self.webhook: dict[str, Any] | None = None
        self.offset = 0
        self.lag = 0.0
        self.done: Callable[[str, dict[str, Any]], None] = lambda method, params: None
        self._lines: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._tasks = set[asyncio.Task[None]]()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._call)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._client = aiohttp.ClientSession()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._client.close()
            await runner.cleanup()

    async def _call(self, request: web.Request) -> web.Response:
        method, params = request.match_info["method"], await request.json()
        self.calls.append((method, params))
        fault = self.faults[method].pop(0) if self.faults[method] else None
        if fault not in (None, "lost"):
            return self._fail(request, fault)
        await asyncio.sleep(self.lag)
        try:
            unknown = set(params) - FIELDS[method]
            assert not unknown, f"unknown {unknown}"
            result = await self._act(method, params)
        except AssertionError as e:
            self.problems.append(f"{method}: {e} {params}")
            return self._error(400, str(e))
        except LookupError as e:
            return self._error(400, str(e))
        self.done(method, params)
        if fault == "lost":
            return self._fail(request, "drop")
        return web.json_response({"ok": True, "result": result})

    def _fail(self, request: web.Request, fault: Any) -> web.Response:
        if fault == "drop":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        status, _, seconds = str(fault).partition(":")
        return self._error(
            int(status), "an injected fault", {"retry_after": int(seconds or 1)} if status == "429" else None
        )

    def _error(self, status: int, told: str, parameters: Any = None) -> web.Response:
        body = {"ok": False, "error_code": status, "description": told}
        if parameters:
            body["parameters"] = parameters
        return web.json_response(body, status=status)

    async def _act(self, method: str, p: dict[str, Any]) -> Any:
        match method:
            case "sendMessage":
                return self._sent(p, self._shown(p))
            case "sendLocation":
                assert abs(p["latitude"]) <= 90, "latitude"
                assert abs(p["longitude"]) <= 180, "longitude"
                return self._sent(p, {"text": "", "pin": (p["latitude"], p["longitude"])})
            case "editMessageText":
                return self._edited(p)
            case "deleteMessages":
                assert 1 <= len(p["message_ids"]) <= 100, "count of ids"
                for id_ in p["message_ids"]:
                    self.chats[p["chat_id"]].pop(id_, None)
            case "getUpdates":
                return await self._updates(p)
            case "setWebhook":
                self.webhook = p
            case "deleteWebhook":
                self.webhook = None
            case "getMyName":
                return {"name": ""}
        return True

    def _sent(self, p: dict[str, Any], shown: dict[str, Any]) -> dict[str, Any]:
        message = {"message_id": next(self.ids), "bot": True, "silent": p.get("disable_notification"),
                   "protected": p.get("protect_content"), **shown}  # fmt: skip
        self.chats[p["chat_id"]][message["message_id"]] = message
        return {"message_id": message["message_id"], "date": 1, "chat": {"id": p["chat_id"], "type": "private"}}

    def _edited(self, p: dict[str, Any]) -> bool:
        message = self.chats[p["chat_id"]].get(p["message_id"])
        if message is None:
            raise LookupError("Bad Request: message to edit not found")
        shown = self._shown(p)
        if all(message[key] == value for key, value in shown.items()):
            raise LookupError("Bad Request: message is not modified: specified new message content …")
        message.update(shown)
        return True

    def _shown(self, p: dict[str, Any]) -> dict[str, Any]:
        html = p["text"]
        shown = _Tags(html).shown if p.get("parse_mode") == "HTML" else html
        assert shown.strip(), "empty"
        assert len(shown.encode("utf-16-le")) // 2 <= 4096, "too long"
        markup = p.get("reply_markup") or {}
        for row in markup.get("inline_keyboard", ()):
            for button in row:
                assert "url" in button or 1 <= len(button["callback_data"].encode()) <= 64, button
        return {"text": shown, "html": html, "markup": markup}

    async def _updates(self, p: dict[str, Any]) -> list[dict[str, Any]]:
        self.offset = max(self.offset, p.get("offset", 0))
        self.updates = [u for u in self.updates if u["update_id"] >= self.offset]
        end = time.monotonic() + min(p.get("timeout", 0), 1)
        while not self.updates and time.monotonic() < end:
            await asyncio.sleep(0.005)
        return self.updates[:100]

    def now(self) -> int:
        """The time that stands in its messages."""
        return int(time.time())

    def push(self, update: dict[str, Any]) -> dict[str, Any]:
        """An update on its way to the bot."""
        update = {"update_id": next(self.numbers), **update}
        if self.webhook is None:
            self.updates.append(update)
        else:
            task = asyncio.get_running_loop().create_task(self._bring(update, self.webhook))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return update

    async def _bring(self, update: dict[str, Any], hook: dict[str, Any]) -> None:
        """Again and again until it is answered with 200, one person's in order."""
        person = (update.get("message") or update.get("callback_query") or {}).get("from", {}).get("id", 0)
        async with self._lines[person]:
            while True:
                try:
                    headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret_token"]}
                    async with self._client.post(hook["url"], json=update, headers=headers) as answer:
                        if answer.status == 200:
                            if answer.content_type == "application/json":
                                said = await answer.json()
                                self.calls.append((said.pop("method"), said))
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.1)

    def sends(self, user: int, **content: Any) -> int:
        """A message of hers; returns its id."""
        sender = {"id": user, "is_bot": False, "first_name": "<b>&amp", "language_code": content.pop("lang", "ru")}
        id_ = next(self.ids)
        message = {"message_id": id_, "date": int(time.time()), "chat": {"id": user, "type": "private"}, "from": sender}
        self.chats[user][id_] = {"message_id": id_, "bot": False, "text": content.get("text", "")}
        self.push({"message": {**message, **content}})
        return id_

    def types(self, user: int, text: str, lang: str = "ru") -> int:
        return self.sends(user, text=text, lang=lang)

    def taps(self, user: int, data: str, message: int | None = None) -> None:
        """A tap on the button with that data, under the last message that has it (or under any message that was)."""
        if message is None:
            message = next(m["message_id"] for m in reversed(self.chat(user)) if data in buttons(m))
        shown = {"message_id": message, "date": int(time.time()), "chat": {"id": user, "type": "private"}}
        sender = {"id": user, "is_bot": False, "first_name": "x"}
        self.push({"callback_query": {"id": str(next(self.numbers)), "from": sender, "message": shown, "data": data,
                                      "chat_instance": "1"}})  # fmt: skip

    def chat(self, user: int) -> list[dict[str, Any]]:
        """What she sees, in order."""
        return [self.chats[user][i] for i in sorted(self.chats[user])]

    def methods(self, name: str) -> list[dict[str, Any]]:
        return [params for method, params in self.calls if method == name]

    async def until(self, true: Callable[[], Any], seconds: float = 8.0) -> None:
        """Wait until that is so."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it did not come true"
            await asyncio.sleep(0.01)


def buttons(message: dict[str, Any]) -> list[str]:
    """The data of a message's buttons."""
    rows = message.get("markup", {}).get("inline_keyboard", [])
    return [json.loads(json.dumps(b)).get("callback_data", "") for row in rows for b in row]
