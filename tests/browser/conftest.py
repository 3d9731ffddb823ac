"""Fixtures of the browser tests: one served town, one Chromium, a page that records what goes wrong."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.support.database import copied
from tests.support.site import Site, served

from jiceng.kernel.settings import Settings

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
]
WIDE, NARROW = 1366, 390


@pytest.fixture(scope="module")
def site(server: Settings, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The town, onboarded and served; anew for each file, for what one does is not the next one's start."""
    with (
        copied(server, template, "b") as settings,
        served(settings, tmp_path_factory.mktemp("tenants")) as site,
    ):
        yield site


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Watched:
    """A page and everything that must not happen on it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda said: self._said(said.type, f"{said.text} {said.location}"))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on(
            "request",
            lambda asked: (
                None
                if asked.url.startswith((address + "/", "data:"))
                else self.complaints.append(f"left the host: {asked.url}")
            ),
        )

    def _said(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(f"{kind}: {text}")

    def fits(self, name: str, shots: Path | None) -> None:
        """The page never scrolls sideways, wide or narrow; keep a picture of both when asked."""
        self.page.wait_for_load_state()
        for width in (WIDE, NARROW):
            self.page.set_viewport_size({"width": width, "height": 768})
            if shots is not None:
                self.page.screenshot(path=shots / f"{name}-{width}.png", full_page=True)
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{name} is {wide} px wide in a window of {width}"
        self.page.set_viewport_size({"width": WIDE, "height": 768})


@pytest.fixture
def watched(site: Site, chromium: Browser) -> Iterator[Watched]:
    """A fresh browser window on the site; at the end nothing may have been complained about."""
    context = chromium.new_context(viewport={"width": WIDE, "height": 768}, locale="zh-CN")
    watched = Watched(context.new_page(), site.address)
    yield watched
    context.close()
    assert watched.complaints == []


@pytest.fixture(scope="session")
def shots() -> Path | None:
    """Where pictures are kept for looking at: the folder JICENG_SHOTS, or nowhere."""
    folder = os.environ.get("JICENG_SHOTS")
    return Path(folder) if folder else None
