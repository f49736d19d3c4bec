"""The bare script: asynchronous Playwright, one Chromium, a context for each journey.

Usage: python benchmarks/rivals/bare_browser.py ADDRESS JOURNEYS EXECUTABLE [ARGUMENT …]
"""

from __future__ import annotations

import asyncio
import re
import secrets
import sys

from playwright.async_api import APIRequestContext, Browser, async_playwright, expect
from schedule import pauses

OPERATOR = {"Authorization": "Bearer the-operator"}


async def journey(browser: Browser, operator: APIRequestContext, url: str) -> None:
    """Sign up, log in, get a project, and be erased."""
    email, password = f"{secrets.token_hex(4)}@people.example.com", secrets.token_hex(12)
    context = await browser.new_context(base_url=url)
    page = await context.new_page()
    await page.goto("/signup", wait_until="domcontentloaded")
    await page.get_by_label("Name", exact=True).fill(email)
    await page.get_by_label("E-mail address", exact=True).fill(email)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Sign up", exact=True).click()
    await expect(page).to_have_url(f"{url}/login")
    await page.get_by_label("E-mail address", exact=True).fill(email)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Log in", exact=True).click()
    await expect(page).to_have_url(f"{url}/projects")
    await expect(page.get_by_test_id("signed-in-as")).to_have_text(email)
    await page.get_by_label("Name", exact=True).fill(secrets.token_hex(4))
    await page.get_by_role("button", name="Create project", exact=True).click()
    await expect(page).to_have_url(re.compile(r"/projects/\w+$"))
    project = page.url
    for pause in pauses():
        await page.goto(project, wait_until="domcontentloaded")
        if await page.get_by_test_id("state").text_content() == "active":
            break
        await asyncio.sleep(pause)
    await context.close()
    found = await (await operator.get(f"{url}/operator/accounts", params={"email": email})).json()
    await operator.delete(f"{url}/operator/accounts/{found['id']}")
    assert (await operator.get(f"{url}/operator/accounts", params={"email": email})).status == 404  # noqa: PLR2004 -- HTTP Not Found


async def main(url: str, journeys: int, executable: str, arguments: list[str]) -> None:
    """Make all journeys at once."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=arguments)
        operator = await playwright.request.new_context(extra_http_headers=OPERATOR)
        await asyncio.gather(*(journey(browser, operator, url) for _ in range(journeys)))
        await browser.close()


asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]))
