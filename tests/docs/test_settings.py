"""Every setting is documented, and shown in config/settings.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.documents import NAMES, ROOT, rows, text_of

from flows.settings import Settings, load_settings
from ingest.sources import load_sources
from ingest.urls import canonicalize


def settings() -> Iterator[tuple[str, str, Any]]:
    """(section, key, default) of every setting."""
    for section, field in Settings.model_fields.items():
        for key in type(field.default).model_fields:
            yield section, key, getattr(field.default, key)


@pytest.mark.parametrize(("section", "key", "default"), list(settings()))
def test_every_setting_is_documented(section: str, key: str, default: object) -> None:
    """docs/operate.md has a row for each setting, with its default and its name in the environment."""
    value = "none" if default in (None, ()) else f"`{default}`"
    variable = f"NEWSMILL_{section}__{key}".upper()
    row = next((row for row in text_of("docs/operate.md").splitlines() if row.startswith(f"| `{section}.{key}` |")), "")
    assert row.startswith(f"| `{section}.{key}` | {value} |"), (
        f"docs/operate.md: the table of settings needs a row | `{section}.{key}` | {value} | meaning | `{variable}` |"
    )
    assert row.endswith(f"| `{variable}` |"), f"docs/operate.md: the row of {section}.{key} must end with `{variable}`"


def test_no_setting_is_documented_that_is_gone() -> None:
    """Every row of the table of settings is one of a setting."""
    known = {f"{section}.{key}" for section, key, _ in settings()}
    named = rows("docs/operate.md", "\n## Settings")
    assert known == named, "docs/operate.md: remove the rows of settings that no longer exist"


def test_settings_toml_shows_every_setting(tmp_path: Path) -> None:
    """config/settings.toml has a line for each setting, commented out, and all of them together can be loaded."""
    text = text_of("config/settings.toml")
    assert tomllib.loads(text) == {section: {} for section in Settings.model_fields}, "comment every key out"
    (tmp_path / "settings.toml").write_text(
        re.sub(r"^# (?=[a-z_]+ = )", "", text, flags=re.MULTILINE), encoding="utf-8"
    )
    shown = tomllib.loads((tmp_path / "settings.toml").read_text(encoding="utf-8"))
    for section, key, default in settings():
        assert key in shown[section], f"config/settings.toml: add `# {key} = ...` to [{section}], with a comment"
        if default is not None:
            shown_value = tuple(shown[section][key]) if isinstance(default, tuple) else shown[section][key]
            assert default == shown_value, f"config/settings.toml: {section}.{key} must show its default"
    load_settings(tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_that_is_named_exists(name: str) -> None:
    """What a document says to set in the environment is the name of a setting."""
    known = {f"NEWSMILL_{section}__{key}".upper() for section, key, _ in settings()}
    assert set(re.findall(r"NEWSMILL_[A-Z]+__[A-Z_]+", text_of(name))) <= known


def test_the_starter_sources_load() -> None:
    """config/sources.toml can be used: https feeds, each once, in the languages that the README names."""
    sources = load_sources(ROOT / "config" / "sources.toml")
    feeds = [feed for source in sources for feed in source.feeds]
    assert {"ar", "de", "en", "ru", "sv"} == {source.language for source in sources}
    assert len(set(feeds)) == len(feeds)
    assert [feed for feed in feeds if not canonicalize(feed).startswith("https://")] == []
