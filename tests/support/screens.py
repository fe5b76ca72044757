"""Screenshots of what tests look at, for people to look at too."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"


def keep(page: Page, name: str, *, height: int | None = None) -> None:
    """Keep a screenshot; pages that scroll within themselves need a window of their `height` to be seen whole."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    if height is not None and page.viewport_size is not None:
        page.set_viewport_size({"width": page.viewport_size["width"], "height": height})
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
