"""Chromium as the tests drive it: a delivered page opened as whoever got it opens it, without a network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

_CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)  # fmt: skip
# missing on a user's machine it is a reason to skip; in CI it is a fault
needs_chromium = pytest.mark.skipif(
    not _CHROMIUM and "CI" not in os.environ, reason="Chromium is not installed"
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, started once for the tests of a module."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Opened:
    """One page in a window of its own, and what went wrong in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("console", lambda message: self.faults.append(message.text))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("dialog", lambda dialog: self.faults.append(dialog.message))
        page.on("request", self._asked)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:")):
            self.faults.append(request.url)

    def serious(self) -> list[str]:
        """What axe-core finds that keeps somebody from reading the page."""
        only = {"resultTypes": ["violations"]}  # it works out the other results no further
        found = Axe().run(self.page, options=only).response["violations"]
        return [
            f"{v['id']}: {v['nodes'][0]['html'][:120]}"
            for v in found
            if v["impact"] in ("serious", "critical")
        ]

    def scrolls_sideways(self) -> bool:
        """Whether the page is wider than its window."""
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        return bool(self.page.evaluate(wide))


@contextmanager
def opened(
    browser: Browser, file: Path, *, width: int = 1280, dark: bool = False
) -> Iterator[Opened]:
    """A file in a window of that width."""
    page = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
    )
    one = Opened(page)
    page.goto(file.as_uri())
    yield one
    page.close()
