"""A folder to run the demo in: its database, archive, models and sources, and the settings that hold there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows.demo.model import unpack_packages
from flows.demo.site import DemoSite


@contextmanager
def demo_home(folder: Path, base_port: int | None = None) -> Iterator[DemoSite]:
    """Serve the outlets, with their models and sources.toml in a folder; what an earlier demo stored there is removed.

    Args:
        folder: is made where it does not exist; files that are not the demo's stay.
        base_port: the first port of the outlets, as `DemoSite` takes it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for left in (*folder.glob("newsmill.db*"), *folder.glob("archive/newsmill-*.warc.gz")):
        left.unlink()
    unpack_packages(folder / "models")
    with DemoSite(base_port=base_port) as site:
        (folder / "sources.toml").write_text(site.sources_toml(), encoding="utf-8")
        yield site


def demo_settings(folder: Path, site: DemoSite) -> dict[str, dict[str, Any]]:
    """The settings by section, in values that JSON has too: all is in the folder, and the site may be asked."""
    return {
        # The site is ours and on this machine: no need to be slow with it. 3 s end the page that never ends.
        "fetch": {"allow_private": list(site.allow_private), "delay_s": 0, "deadline_s": 3},
        "storage": {"url": f"sqlite:///{folder / 'newsmill.db'}"},
        "translate": {"packages_dir": str(folder / "models")},
    }
