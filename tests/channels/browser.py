"""A real browser for the pages: Chromium from PATH (or PANA_CHROMIUM), driven by Playwright."""

import asyncio
import os
import shutil
import warnings
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "NO BROWSER: the web pages are NOT tested here. Put chromium on PATH, or name it in PANA_CHROMIUM."
expect.set_options(timeout=20_000)  # a busy machine is slow, and that is no mistake
PHONE = (360, 740)
DESK = (1280, 800)


def chromium(bundled: str) -> str | None:
    """The browser to use: the one named by PANA_CHROMIUM, one on PATH, or Playwright's own."""
    named = os.environ.get("PANA_CHROMIUM")
    if named:
        return named
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or (bundled if Path(bundled).exists() else None)


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    """A running browser. Without one: a failure in CI, elsewhere a skip that says so aloud."""
    async with async_playwright() as playwright:
        path = chromium(playwright.chromium.executable_path)
        if path is None:
            if os.environ.get("CI"):
                pytest.fail(MISSING)
            pytest.skip(MISSING)
        running = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield running
        finally:
            await running.close()


@pytest_asyncio.fixture
async def browser_page(browser: Browser) -> Page:
    """A page on a small telephone, in Russian, with nothing in it yet."""
    return await visitor(browser)


async def visitor(browser: Browser, locale: str = "ru", size: tuple[int, int] = PHONE, **more: object) -> Page:
    """Somebody new: a page of her own. `clean` tells whether the page threw, or the security policy stopped it."""
    width, height = size
    context: BrowserContext = await browser.new_context(
        locale=locale,
        viewport={"width": width, "height": height},
        **more,  # type: ignore[arg-type]
    )
    context.set_default_timeout(20_000)
    page = await context.new_page()
    wrongs: list[str] = []
    page.on("pageerror", lambda error: wrongs.append(str(error)))
    page.on("console", lambda message: wrongs.append(message.text) if "Security Policy" in message.text else None)
    setattr(page, "wrongs", wrongs)  # noqa: B010 (Playwright's class knows no such name)
    return page


def clean(page: Page) -> bool:
    """Did nothing go wrong inside the page so far?"""
    wrongs: list[str] = getattr(page, "wrongs")  # noqa: B009
    for wrong in wrongs:
        warnings.warn(wrong, stacklevel=2)
    return not wrongs


async def come(page: Page, url: str) -> Locator:
    """Open the chat and wait for the first question; return it."""
    await page.goto(url)
    await expect(options(page).first).to_be_visible()
    return replies(page).last


def replies(page: Page) -> Locator:
    """All that was said to her, oldest first."""
    return page.locator("#log .reply")


def options(page: Page) -> Locator:
    """The buttons of the newest question."""
    return page.locator("#options button")


async def until(holds: Callable[[], bool], seconds: float = 15.0) -> None:
    """Wait until something on our side has happened."""
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.05)


async def step(page: Page) -> str:
    """The step of the newest question."""
    return await replies(page).last.get_attribute("data-step") or ""


async def shape(page: Page) -> str:
    """The shape of the newest question."""
    return await replies(page).last.get_attribute("data-shape") or ""


async def tap(page: Page, option: str) -> None:
    """Tap an option of the newest question and wait for what follows."""
    count = await replies(page).count()
    await page.click(f'#options [data-option="{option}"]')
    await expect(replies(page)).to_have_count(count + 1)


async def write(page: Page, text: str) -> None:
    """Write into whichever box is there, send it, wait for the answer."""
    count = await replies(page).count()
    box = page.locator("#say:visible, #word:visible")
    await box.fill(text)
    await box.press("Enter")
    await expect(replies(page)).to_have_count(count + 1)


async def go_to(page: Page, wanted: str) -> None:
    """Walk on, always by the first option, until a question of the `wanted` shape stands there."""
    for _ in range(30):
        if await shape(page) == wanted:
            return
        if await options(page).count():
            await tap(page, await options(page).first.get_attribute("data-option") or "")
        else:
            await write(page, "груша")
    pytest.fail(f"no question of the shape {wanted!r} within thirty steps; the last was {await step(page)}")
