"""The web chat as she meets it: a real browser, a real pana, the real content."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.channels.browser import (
    DESK,
    PHONE,
    clean,
    come,
    go_to,
    options,
    replies,
    shape,
    step,
    tap,
    until,
    visitor,
    write,
)  # fmt: skip

pytestmark = pytest.mark.browser

CHROME = {"kk": "Осында жазыңыз", "ru": "Напишите здесь", "en": "Write here"}
BETRAYS = re.compile(
    r"насили|кризис|помощ|көмек|зорлық|violen|abus|help|crisis|pana|пана|\b1(02|03|11|12)\b", re.IGNORECASE
)


@asynccontextmanager
async def wire(url: str) -> AsyncIterator["Wire"]:
    """A cable between browser and house that can be cut and mended."""
    line = Wire(urlsplit(url).port or 80)
    server = await asyncio.start_server(line.carry, "127.0.0.1", 0)
    line.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield line
    finally:
        server.close()
        line.cut()


class Wire:
    """Copies bytes both ways, until it is cut."""

    url: str

    def __init__(self, port: int) -> None:
        self.port = port
        self.whole = True
        self.ends: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        self.whole = False
        for end in list(self.ends):
            end.transport.abort()

    def mend(self) -> None:
        self.whole = True

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.whole:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.ends |= {writer, far_writer}
        await asyncio.gather(self.copy(reader, far_writer), self.copy(far_reader, writer))
        self.ends -= {writer, far_writer}

    @staticmethod
    async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                target.write(data)
                await target.drain()
        with suppress(OSError, RuntimeError):
            target.close()


async def chrome(page: Page) -> str:
    """Everything on and around the page that is not what the cover itself says."""
    return await page.evaluate(  # type: ignore[no-any-return]
        """() => [document.title, ...document.querySelectorAll('#top, #skips, #foot, #notice')]
              .map((x) => x.innerText ?? x).concat(
                [...document.querySelectorAll('#top *, #skips *, #foot *')].map((x) => x.getAttribute('aria-label') ?? ''))
              .join(' | ')"""
    )


async def post(page: Page, url: str, body: dict[str, Any]) -> int:
    """Say something for her from elsewhere (another tab), with her cookie."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    answer = await page.context.request.post(
        f"{url}/say",
        headers={"Content-Type": "application/json", "Origin": origin, "Sec-Fetch-Site": "same-origin"},
        data=json.dumps(body),
    )
    return answer.status


async def has_left(page: Page) -> None:
    """The page was replaced, the cookie is gone, and there is no way back to the talk."""
    await page.wait_for_url("**/tips")
    assert await page.locator("h1").count() == 1
    assert await page.locator("script, #log").count() == 0
    assert not await page.context.cookies()
    await page.go_back()
    assert page.url == "about:blank", "the one page before the chat; the chat itself is not in the history"


def said(route: Route) -> dict[str, Any]:
    """What the page sends."""
    return dict(route.request.post_data_json or {})


async def nothing_kept(page: Page) -> bool:
    """Is there nothing of her in any storage a page can have?"""
    return await page.evaluate(  # type: ignore[no-any-return]
        """async () => localStorage.length + sessionStorage.length === 0 && history.state === null
             && (await indexedDB.databases()).length === 0 && (await caches.keys().catch(() => [])).length === 0
             && document.cookie === '' && navigator.serviceWorker?.controller == null"""
    )


@pytest.mark.parametrize("locale", ["kk", "ru", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_first_screen_speaks_her_language_and_fits_a_small_telephone(
    house: Any, browser: Browser, locale: str, scheme: str
) -> None:
    page = await visitor(browser, locale, PHONE, color_scheme=scheme)
    first = await come(page, house.url)

    assert await first.get_attribute("lang") == locale
    assert await page.locator("html").get_attribute("lang") == locale
    assert await page.locator("#say").get_attribute("placeholder") == CHROME[locale]
    assert not BETRAYS.search(await page.title())
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    assert (
        await page.evaluate("document.querySelector('#log').scrollWidth - document.querySelector('#log').clientWidth")
        <= 0
    )
    small = await page.evaluate(
        """() => [...document.querySelectorAll('button, a, textarea, input')].filter((x) => x.offsetParent && !x.closest('.skips'))
              .map((x) => [x.innerText || x.id, x.getBoundingClientRect()]).filter(([, box]) => box.width < 44 || box.height < 44)
              .map(([name]) => name)"""
    )
    assert small == [], "targets smaller than 44 px"
    assert clean(page)


async def test_every_kind_of_question_fits_a_small_telephone(house: Any, browser: Browser) -> None:
    page = await visitor(browser, "kk")
    await come(page, f"{house.url}/?start=plan")
    for _ in range(12):
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360, await step(page)
        wide = "(x) => x.scrollWidth > x.clientWidth + 1"
        assert not await page.locator("#options button").evaluate_all(f"(all) => all.some({wide})"), await step(page)
        if await shape(page) == "tick":
            await tap(page, "done")
        elif await options(page).count():
            await tap(page, await options(page).first.get_attribute("data-option") or "")
        else:
            await write(page, "алма")


async def test_a_tap_answers_and_the_old_buttons_are_gone(house: Any, browser_page: Page) -> None:
    page = browser_page
    await come(page, house.url)
    label = await options(page).first.inner_text()

    await tap(page, await options(page).first.get_attribute("data-option") or "")

    await expect(page.locator(".mine")).to_have_count(1)
    assert label in await page.locator(".mine").inner_text()
    await expect(page.locator("#options")).to_have_count(1)
    assert await page.evaluate(
        "document.querySelector('#options').previousElementSibling.matches('.reply:last-of-type')"
    )


async def test_typing_enter_sends_shift_enter_makes_a_line_and_nothing_becomes_html(
    house: Any, browser_page: Page
) -> None:
    page = browser_page
    await come(page, house.url)

    await page.locator("#say").press_sequentially("<b>раз</b>")
    await page.keyboard.press("Shift+Enter")
    await page.locator("#say").press_sequentially("два")
    tall = await page.locator("#say").evaluate("(x) => x.offsetHeight")
    await page.keyboard.press("Enter")

    await expect(replies(page)).to_have_count(2)
    assert "<b>раз</b>\nдва" in await page.locator(".mine").inner_text()
    assert await page.locator("#say").input_value() == ""
    assert await page.locator("#say").evaluate("(x) => x.offsetHeight") < tall
    assert await nothing_kept(page)


async def test_ticks_change_in_place_and_keep_the_focus(house: Any, browser_page: Page) -> None:
    page = browser_page
    await come(page, f"{house.url}/?start=plan")
    await go_to(page, "tick")
    count, names = (
        await replies(page).count(),
        await options(page).evaluate_all("(all) => all.map((x) => x.dataset.option)"),
    )
    ticks = page.locator("#options [aria-pressed]")

    await ticks.nth(0).focus()
    await page.keyboard.press("Space")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await page.wait_for_timeout(1200)

    assert await ticks.evaluate_all("(all) => all.slice(0, 2).map((x) => x.ariaPressed)") == ["true", "true"]
    assert await page.evaluate("document.activeElement.dataset.option") == names[1]
    assert await replies(page).count() == count

    await page.reload()
    await expect(ticks.nth(1)).to_have_attribute("aria-pressed", "true")
    await tap(page, "done")


async def test_a_reload_shows_the_same_once_and_reads_nothing_aloud_again(house: Any, browser_page: Page) -> None:
    page = browser_page
    await come(page, house.url)
    await tap(page, await options(page).first.get_attribute("data-option") or "")
    before = await replies(page).all_inner_texts()
    await page.add_init_script(
        """addEventListener('DOMContentLoaded', () => {
             window.loud = 0;
             new MutationObserver(() => { if (document.querySelector('#log').ariaLive === 'polite') window.loud += 1; })
               .observe(document.querySelector('#log'), { childList: true, subtree: true });
           });"""
    )

    await page.reload()

    await expect(replies(page)).to_have_count(len(before))
    await expect(page.locator("#log")).to_have_attribute("aria-live", "polite")
    assert await replies(page).all_inner_texts() == before
    assert await page.evaluate("window.loud") == 0


async def test_another_language_changes_the_whole_page_and_keeps_what_she_is_writing(
    house: Any, browser_page: Page
) -> None:
    page = browser_page
    await come(page, house.url)
    await page.fill("#say", "ещё не отправлено")

    for locale in ("kk", "en", "ru"):
        await page.click(f'[data-language="{locale}"]')
        await expect(replies(page).last).to_have_attribute("lang", locale)
        await expect(page.locator("#say")).to_have_attribute("placeholder", CHROME[locale])
        await expect(page.locator(f'[data-language="{locale}"]')).to_have_attribute("aria-pressed", "true")
        assert await page.locator("html").get_attribute("lang") == locale
        assert await page.locator("#say").input_value() == "ещё не отправлено"
        assert await replies(page).count() == 1, "the same question is not asked twice"
    assert clean(page)


async def test_the_exit_button_takes_everything_away(house: Any, browser_page: Page) -> None:
    page = browser_page
    await come(page, house.url)
    await write(page, "моя тайна")
    assert await page.context.cookies()

    await page.click(".exit")

    await has_left(page)
    await page.goto(house.url)
    await expect(replies(page)).to_have_count(1)
    assert "тайна" not in await page.content()


async def test_the_screen_is_empty_before_the_network_has_answered(house: Any, browser_page: Page) -> None:
    page = browser_page
    await come(page, house.url)

    left = await page.evaluate(
        """() => { document.querySelector('.exit').click();
                   return [document.body.innerText, document.title, document.querySelector('[role=alert]') !== null,
                           document.querySelectorAll('.reply, .mine, #log, #say').length]; }"""
    )

    assert left == ["Загрузка…", "Загрузка…", True, 0]
    await page.wait_for_url("**/tips")


async def test_shift_three_times_leaves(house: Any, browser_page: Page) -> None:
    page = browser_page
    await come(page, house.url)
    await page.locator("#say").press_sequentially("я пишу")

    await page.keyboard.press("Shift")
    await expect(page.locator("#exit-status")).not_to_have_text("")
    assert await page.locator(".exit .lights .on").count() == 1
    await page.keyboard.press("Shift")
    assert await page.locator(".exit .lights .on").count() == 2
    await page.keyboard.press("Shift")

    await has_left(page)


async def test_switching_the_keyboard_and_capital_letters_do_not_leave(house: Any, browser_page: Page) -> None:
    page = browser_page
    await come(page, house.url)
    await page.focus("#say")

    for held in ("Alt", "Control"):
        for _ in range(4):
            await page.keyboard.press(f"{held}+Shift")
            await page.keyboard.press(f"Shift+{held}")
    for letter in "QAZ":
        await page.keyboard.press(f"Shift+{letter}")
    for letter in "абв":
        await page.keyboard.press("Shift")
        await page.keyboard.type(letter)
    await page.keyboard.press("Shift")

    assert await page.locator(".exit .lights .on").count() == 1
    assert await page.locator(".reply").count() == 1


async def test_the_action_leave_and_the_word_leave_take_the_page_away_in_every_tab(
    house: Any, browser_page: Page
) -> None:
    page = browser_page
    await come(page, house.url)
    other = await page.context.new_page()
    await come(other, house.url)

    await page.fill("#say", "выйти")
    await page.press("#say", "Enter")

    await has_left(page)
    await other.wait_for_url("**/tips")

    await come(page, house.url)
    await page.click('[data-action="leave"]')
    await has_left(page)


async def test_the_keyboard_alone_is_enough(house: Any, browser: Browser) -> None:
    page = await visitor(browser, "ru", DESK)
    await come(page, house.url)
    here = "document.activeElement"

    await page.keyboard.press("Tab")
    assert await page.evaluate(f"{here}.hasAttribute('data-exit')"), "leaving comes first"
    assert (await page.evaluate(f"{here}.getBoundingClientRect().left")) >= 0, "and it is seen"
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    assert await page.evaluate(f"{here}.id") == "say"
    assert await page.evaluate("history.length") == 2, "about:blank and the chat"

    stops = []
    await page.evaluate(
        "document.activeElement.blur(); getSelection().removeAllRanges(); document.querySelector('.skip').focus()"
    )
    for _ in range(30):
        await page.keyboard.press("Tab")
        stops.append(
            await page.evaluate(
                f"{here}.dataset.option ?? {here}.dataset.action ?? {here}.dataset.language ?? {here}.id"
            )
        )
        outline = await page.evaluate(f"getComputedStyle({here}).outlineStyle")
        assert outline != "none" or stops[-1] in ("", "#"), f"no visible focus on {stops[-1]}"
        if stops[-1] == "say":
            break
    first = await options(page).first.get_attribute("data-option")
    assert [stop for stop in stops if stop in ("kk", "ru", "en")][:3] == ["kk", "ru", "en"]
    assert stops.index("log") < stops.index(first) < stops.index("menu") < stops.index("say")

    count = await replies(page).count()
    await options(page).first.focus()
    await page.keyboard.press("Enter")
    await expect(replies(page)).to_have_count(count + 1)
    await page.keyboard.press("Tab")
    assert await page.evaluate(f"{here}.matches('#options button')"), "the next question is the next stop"

    await page.locator(".exit").focus()
    await page.keyboard.press("Space")
    await has_left(page)


async def test_the_numbers_are_one_tap_away_and_leave_no_way_back(house: Any, browser_page: Page) -> None:
    page = browser_page
    await come(page, house.url)
    length = await page.evaluate("history.length")

    await page.click(".call")
    await page.wait_for_url("**/call")

    numbers = await page.locator('a[href^="tel:"]').evaluate_all(
        "(all) => all.map((x) => x.getAttribute('href').slice(4))"
    )
    assert {"102", "103", "111", "112"} <= set(numbers)
    assert min(await page.locator(".numbers a").evaluate_all("(all) => all.map((x) => x.offsetHeight)")) >= 44
    assert not BETRAYS.search(await page.title())
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    assert await page.evaluate("history.length") == length

    await page.click(".return")
    await expect(replies(page)).to_have_count(1)
    await page.click(".call")
    await page.wait_for_url("**/call")
    for _ in range(3):
        await page.keyboard.press("Shift")
    await has_left(page)


async def test_without_javascript_the_numbers_are_still_there(house: Any, browser: Browser) -> None:
    page = await visitor(browser, java_script_enabled=False)
    await page.goto(house.url)
    await page.locator("noscript a").click()
    assert await page.locator('a[href="tel:102"]').count() == 1
    await page.locator(".exit").click()
    await page.wait_for_url("**/tips")


async def test_the_cover_shows_nothing_and_her_word_opens_it(house: Any, browser_page: Page) -> None:
    page = browser_page
    await come(page, house.url)
    await tap(page, "safe")
    for option in ("settings", "own_word", "choose_word"):
        await tap(page, option)
    assert await page.locator("#word").get_attribute("type") == "password"
    await page.fill("#word", "тополёк")
    await page.click("#show-word")
    assert await page.locator("#word").get_attribute("type") == "text"
    await write(page, "тополёк")
    assert "тополёк" not in await page.content(), "a secret word is not written into the conversation"
    await tap(page, "cover_now")

    await page.click('#options [data-option="put_on"]')
    await expect(page.locator("html.cover")).to_have_count(1)
    await expect(page.locator(".call, #actions button, #notice, #exit-status, #secret")).to_have_count(0)

    for _ in range(2):  # as it became, and as it is loaded
        await expect(replies(page)).to_have_count(1)
        assert await page.locator(".mine").count() == 0
        assert not BETRAYS.search(await chrome(page)), await chrome(page)
        assert not BETRAYS.search(await page.locator("body").get_attribute("data-words") or "")
        await page.keyboard.press("Shift")
        assert await page.locator(".lights.visible").count() == 0
        await page.reload()

    await page.fill("#say", "тополёк")
    await page.press("#say", "Enter")
    await expect(page.locator("html.cover")).to_have_count(0)
    await expect(page.locator(".call")).to_be_visible()
    assert "тополёк" not in await page.locator("#log").inner_text()
    assert clean(page)


async def test_a_broken_connection_mends_itself_and_says_nothing_twice(house: Any, browser_page: Page) -> None:
    page = browser_page
    async with wire(house.url) as line:
        await come(page, line.url)
        await tap(page, await options(page).first.get_attribute("data-option") or "")
        before = await replies(page).all_inner_texts()

        line.cut()
        await expect(page.locator("#trouble")).not_to_have_text("")
        assert (
            await post(
                page, house.url, {"id": "6f1b7c0e-0000-4000-a000-000000000001", "tap": {"step": "*", "option": "menu"}}
            )
            == 204
        )
        await page.wait_for_timeout(500)
        assert await replies(page).count() == len(before)
        line.mend()

        await expect(replies(page)).to_have_count(len(before) + 1, timeout=20_000)
        await expect(page.locator("#trouble")).to_have_text("")
        await page.wait_for_timeout(1500)
        assert (await replies(page).all_inner_texts())[:-1] == before
        await page.goto("about:blank")


async def test_a_tab_that_was_cut_off_while_she_left_in_another_goes_too(house: Any, browser_page: Page) -> None:
    page = browser_page
    async with wire(house.url) as line:
        await come(page, line.url)
        await write(page, "моя тайна")
        line.cut()
        await expect(page.locator("#trouble")).not_to_have_text("")

        other = await page.context.new_page()
        await come(other, house.url)
        await other.click(".exit")
        await other.wait_for_url("**/tips")
        line.mend()

        await page.wait_for_url("**/tips")
        await page.goto("about:blank")


async def test_a_stream_that_belongs_to_another_talk_ends_this_one(house: Any, browser_page: Page) -> None:
    page = browser_page
    await come(page, house.url)
    talks = iter(("one", "two"))

    async def answer(route: Route) -> None:
        data = json.dumps({"empty": False, "talk": next(talks)})
        await route.fulfill(content_type="text/event-stream", body=f"retry: 50\nevent: ready\ndata: {data}\n\n")

    await page.route("**/stream", answer)
    await page.reload()
    await page.wait_for_url("**/tips")


async def test_an_answer_lost_on_the_way_back_does_not_say_it_twice(house: Any, browser_page: Page) -> None:
    page = browser_page
    await come(page, house.url)
    sent: list[str] = []

    async def lose_the_first(route: Route) -> None:
        sent.append(said(route)["id"])
        if len(sent) == 1:
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/say", lose_the_first)
    await page.fill("#say", "один раз")
    await page.press("#say", "Enter")
    await until(lambda: len(sent) == 2)
    await page.wait_for_timeout(500)  # for a third, which must not come

    assert len(sent) == 2
    assert len(set(sent)) == 1
    assert await replies(page).count() == 2
    assert await page.locator(".mine").count() == 1


async def test_what_could_not_be_sent_stays_in_the_box_and_goes_under_the_same_id(
    house: Any, browser_page: Page
) -> None:
    page = browser_page
    await come(page, house.url)
    sent: list[str] = []

    async def busy(route: Route) -> None:
        sent.append(said(route)["id"])
        if len(sent) == 1:
            await route.fulfill(status=503, json={"sentence": "Несколько минут не работает."})
        else:
            await route.continue_()

    await page.route("**/say", busy)
    await page.fill("#say", "это важно")
    await page.press("#say", "Enter")

    await expect(page.locator("#trouble")).to_have_text("Несколько минут не работает.")
    await expect(page.locator("#say")).to_have_value("это важно")
    assert await page.locator(".mine").count() == 0
    await page.click("#retry")

    await expect(replies(page)).to_have_count(2)
    await expect(page.locator("#trouble")).to_have_text("")
    assert len(set(sent)) == 1
    assert await nothing_kept(page)


async def test_a_place_is_rounded_before_it_leaves_the_device(house: Any, browser: Browser) -> None:
    page = await visitor(
        browser, geolocation={"latitude": 43.238949, "longitude": 76.889709}, permissions=["geolocation"]
    )
    await come(page, house.url)
    sent: list[dict[str, Any]] = []

    async def note(route: Route) -> None:
        sent.append(said(route))
        await route.fulfill(status=204)

    await page.route("**/say", note)
    await page.evaluate("document.querySelector('#place').hidden = false")
    await page.click("#place")
    await expect(page.locator(".mine")).to_have_count(1)
    await until(lambda: len(sent) == 1)
    assert sent[-1]["spot"] == {"lat": 43.24, "lon": 76.89}

    await page.context.clear_permissions()
    await page.evaluate("document.querySelector('#place').hidden = false")
    await page.click("#place")
    await expect(page.locator("#trouble")).not_to_have_text("")
    assert len(sent) == 1


async def test_what_is_hidden_is_not_in_the_page_until_it_is_tapped_and_nothing_foreign_gets_in(
    house: Any, browser_page: Page
) -> None:
    page = browser_page
    reply = {
        "step": "x/y", "shape": "say", "options": [], "actions": [], "asks_place": False, "cover": False, "locale": "ru",
        "html": "<p onclick='evil()'>a <span class='spoiler'>груша <strong>и чай</strong></span> <a href='tel:102'>102</a>"
                "<a href='https://evil.example'>b</a><img src='/x' onerror='evil()'><script>evil()</script></p>",
    }  # fmt: skip
    stream = f'id: 1\nevent: reply\ndata: {json.dumps(reply)}\n\nevent: ready\ndata: {{"empty": false}}\n\n'
    await page.route("**/stream", lambda route: route.fulfill(content_type="text/event-stream", body=stream))
    await page.goto(house.url)
    await expect(replies(page)).to_have_count(1)

    assert "груша" not in await page.content()
    await page.focus(".spoiler")
    await page.keyboard.press("Enter")
    assert await page.locator(".spoiler").inner_text() == "груша и чай"
    await page.click(".spoiler")
    assert "груша" not in await page.content()
    assert await page.locator(".reply a").evaluate_all("(all) => all.map((x) => x.getAttribute('href'))") == ["tel:102"]
    assert await page.locator("#log img, #log script, #log [onclick]").count() == 0


async def test_the_address_forgets_the_link_and_nothing_is_asked_of_anybody_else(
    house: Any, browser_page: Page
) -> None:
    page = browser_page
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))

    await come(page, f"{house.url}/?start=help")
    await write(page, "здравствуйте")

    assert urlsplit(page.url).query == ""
    assert asked == {urlsplit(house.url).netloc}
    assert await nothing_kept(page)
    cookies = await page.context.cookies()
    assert all(cookie["httpOnly"] and cookie["sameSite"] == "Strict" for cookie in cookies)
    assert clean(page)
