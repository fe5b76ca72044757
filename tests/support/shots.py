"""Make the pictures of docs/images that show `newsmill browse`, from the demo's two nights.

PYTHONPATH=tests .venv/bin/python tests/support/shots.py
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from flows.demo.home import demo_home, demo_settings
from flows.orders import choose_sources, nightly_order
from flows.run import run
from flows.settings import load_settings
from storage.store import Store

IMAGES = Path(__file__).parents[2] / "docs" / "images"
_WIDE = {"width": 1200, "height": 760}


def main() -> None:
    """Run the demo, serve its database, and photograph its pages."""
    with tempfile.TemporaryDirectory(prefix="newsmill-shots-") as name:
        folder = Path(name)
        with demo_home(folder) as site:
            settings = load_settings(folder, **demo_settings(folder, site))
            for site.edition in (1, 2):
                run(nightly_order(choose_sources(folder, ())), settings)
        command = [str(Path(sys.executable).parent / "newsmill"), "browse", "--db", settings.storage.url, "--port", "0"]
        with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            base = next(line.split()[1] for line in process.stdout if line.startswith("Serving "))
            try:
                photograph(base.rstrip("/"), pages(settings.storage.url))
            finally:
                process.terminate()


def pages(database: str) -> dict[str, tuple[str, dict[str, int]]]:
    """The name of each picture, the page that it shows, and the size of the window."""
    with Store(database) as store, store.reading() as tx:
        (first,) = tx.exec_driver_sql("SELECT id FROM run WHERE kind = 'nightly' ORDER BY started_at").first() or ("",)
        copy, original = tx.exec_driver_sql(
            "SELECT record_id, canonical_id FROM duplicate WHERE relation = 'translated'"
        ).first() or ("", "")
    return {
        "browse-night": (f"/?run={first}", _WIDE),
        "browse-beside": (f"/records/{copy}/beside/{original}", _WIDE),
        "browse-copying": ("/copying", _WIDE),
    }


def photograph(base: str, wanted: dict[str, tuple[str, dict[str, int]]]) -> None:
    """Take the pictures, of what a window shows at first."""
    with sync_playwright() as playwright:
        own = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=own, args=["--no-sandbox", "--disable-dev-shm-usage"])
        for name, (path, size) in wanted.items():
            viewport: Any = size
            page = browser.new_page(base_url=base, viewport=viewport, color_scheme="light")
            page.goto(path)
            page.screenshot(path=IMAGES / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
