"""The bundled news site as the source of what is served, with settings, models and a database of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Not those of `newsmill demo`, which may run beside it.
_BASE_PORT = 8761


@contextmanager
def demo_site(folder: Path) -> Iterator[Path]:
    """Serve the demo's outlets, and make a configuration folder for them; yields it.

    The database is made anew each time, Prefect's own stays: its first start takes longest.
    """
    from flows.demo.home import demo_home, demo_settings

    with demo_home(folder, _BASE_PORT) as site:
        (folder / "settings.toml").write_text(_as_toml(demo_settings(folder, site)), encoding="utf-8")
        yield folder


def _as_toml(sections: Mapping[str, Mapping[str, Any]]) -> str:
    # JSON's numbers, strings and lists of strings are TOML's too.
    return "\n".join(
        f"[{section}]\n" + "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in keys.items())
        for section, keys in sections.items()
    )
