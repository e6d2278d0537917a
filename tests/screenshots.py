"""python -m tests.screenshots: makes bot/channels/page/preview.png from the real page, in three languages."""

import asyncio
import base64
import tempfile
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from bot.app import Pana
from bot.settings import ROOT, Settings
from tests.channels.browser import ARGUMENTS, PHONE, chromium, come, tap, visitor, write

PREVIEW = ROOT / "bot" / "channels" / "page" / "preview.png"
SCENES = {"kk": ("safe",), "ru": ("safe", "он меня бьёт, помогите"), "en": ("safe", "plan", "begin", "together", "yes")}


async def main() -> None:
    """Three phones side by side: the menu, a cry for help, a question of the plan."""
    with tempfile.TemporaryDirectory() as folder:
        pana = Pana(Settings(http_port=0, data=Path(folder)), with_nlu=False)
        async with pana.serving() as port, async_playwright() as playwright:
            path = chromium(playwright.chromium.executable_path)
            browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
            shots = [await _scene(browser, port, locale, taps) for locale, taps in SCENES.items()]
            await _side_by_side(browser, shots)
            await browser.close()


async def _scene(browser: Browser, port: int, locale: str, does: tuple[str, ...]) -> bytes:
    page = await visitor(browser, locale, PHONE)
    await come(page, f"http://127.0.0.1:{port}")
    for said in does:
        await (write(page, said) if " " in said else tap(page, said))
    await page.mouse.move(0, 0)
    await page.wait_for_timeout(900)  # the page scrolls gently
    return await page.screenshot()


async def _side_by_side(browser: Browser, shots: list[bytes]) -> None:
    page = await browser.new_page(viewport={"width": 3 * PHONE[0] + 80, "height": PHONE[1] + 40})
    images = "".join(f'<img src="data:image/png;base64,{base64.b64encode(shot).decode()}">' for shot in shots)
    style = "body{margin:20px;display:flex;gap:20px;background:#e7e1d6}img{border-radius:18px}"
    await page.set_content(f"<style>{style}</style>{images}")
    await page.screenshot(path=PREVIEW)


if __name__ == "__main__":
    asyncio.run(main())
