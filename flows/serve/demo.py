"""The bundled news site as the source of what is served, with settings, models and a database of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = Path("data/serve-demo")

# Not those of `newsmill demo`, which may run beside it.
_BASE_PORT = 8761


@contextmanager
def demo_site(folder: Path) -> Iterator[Path]:
    """Serve the demo's outlets, and make a configuration folder for them; yields it.

    The database is made anew each time, Prefect's own stays: its first start takes longest.
    """
    from flows.demo.model import unpack_packages
    from flows.demo.site import DemoSite

    folder.mkdir(parents=True, exist_ok=True)
    for left in (*folder.glob("newsmill.db*"), *folder.glob("archive/newsmill-*.warc.gz")):
        left.unlink()
    unpack_packages(folder / "models")
    with DemoSite(base_port=_BASE_PORT) as site:
        (folder / "sources.toml").write_text(site.sources_toml(), encoding="utf-8")
        (folder / "settings.toml").write_text(_settings(folder, site.allow_private), encoding="utf-8")
        yield folder


def _settings(folder: Path, addresses: tuple[str, ...]) -> str:
    """The site is ours and on this machine: no need to be slow with it. 3 s end the page that never ends."""
    database = f"sqlite:///{folder / 'newsmill.db'}"
    # JSON's strings and lists of strings are TOML's too.
    return (
        f"[fetch]\nallow_private = {json.dumps(addresses)}\ndelay_s = 0\ndeadline_s = 3\n\n"
        f"[translate]\npackages_dir = {json.dumps(str(folder / 'models'))}\n\n"
        f"[storage]\nurl = {json.dumps(database)}\n"
    )
