"""Settings: defaults, then the file, then the environment, then the options of a command."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from flows.settings import Settings, load_settings
from ingest.errors import ConfigError

SHIPPED = Path(__file__).parents[2] / "config" / "settings.toml"
# Unset by default, which TOML cannot write: the file shows an example.
EXAMPLES = {
    ("fetch", "proxy"),
    ("extract", "sites_dir"),
    ("translate", "packages_dir"),
    ("storage", "archive_dir"),
    ("storage", "permitted_for"),
    ("export", "after_nightly"),
    ("export", "permitted_for"),
    ("notify", "url"),
    ("run", "dask_address"),
}


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("NEWSMILL_")]:
        monkeypatch.delenv(name)


def _config(folder: Path, text: str) -> Path:
    (folder / "settings.toml").write_text(text, encoding="utf-8")
    return folder


def _uncommented() -> str:
    """The file that is shipped, with the # taken from every line that sets something."""
    return re.sub(r"(?m)^# (?=\w+ = )", "", SHIPPED.read_text(encoding="utf-8"))


def _values(settings: Settings) -> dict[tuple[str, str], Any]:
    return {(section, key): value for section, keys in settings.model_dump().items() for key, value in keys.items()}


def test_the_file_that_is_shipped_sets_nothing() -> None:
    """As shipped, all lines are comments."""
    assert _values(Settings()) == _values(load_settings(SHIPPED.parent))


def test_the_file_that_is_shipped_shows_every_setting_with_its_default(tmp_path: Path) -> None:
    """With the # removed, every line is a setting, none is missing, and each has the value that holds without it."""
    text = _uncommented()
    shown = {(section, key) for section, keys in tomllib.loads(text).items() for key in keys}
    defaults = _values(Settings())
    loaded = _values(load_settings(_config(tmp_path, text)))
    assert set(defaults) == shown
    assert {name: value for name, value in defaults.items() if name not in EXAMPLES} == {
        name: value for name, value in loaded.items() if name not in EXAMPLES
    }
    assert dict.fromkeys(EXAMPLES) == {name: defaults[name] for name in EXAMPLES}


def test_what_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Options win over the environment, the environment over the file, the file over defaults, key by key."""
    config = _config(tmp_path, "[fetch]\ndelay_s = 2\nattempts = 5\nconcurrency = 7\n")
    monkeypatch.setenv("NEWSMILL_FETCH__DELAY_S", "3")
    monkeypatch.setenv("NEWSMILL_FETCH__ATTEMPTS", "6")
    monkeypatch.setenv("NEWSMILL_STORAGE__URL", "sqlite:///env.db")
    settings = load_settings(config, fetch={"delay_s": 4}, run={"batch_size": 9})
    fetch = settings.fetch
    assert (fetch.delay_s, fetch.attempts, fetch.concurrency, fetch.deadline_s) == (4.0, 6, 7, 30.0)
    assert (settings.storage.url, settings.run.batch_size) == ("sqlite:///env.db", 9)


@pytest.mark.parametrize(
    ("written", "pairs"),
    [
        ("127.0.0.1:8000", ("127.0.0.1:8000",)),
        ("127.0.0.1:8000, news.internal:80,", ("127.0.0.1:8000", "news.internal:80")),
        ("", ()),
    ],
)
def test_lists_in_the_environment(monkeypatch: pytest.MonkeyPatch, written: str, pairs: tuple[str, ...]) -> None:
    """A list is written with commas; an empty variable is as good as none."""
    monkeypatch.setenv("NEWSMILL_FETCH__ALLOW_PRIVATE", written)
    assert pairs == load_settings().fetch.allow_private


def test_a_backend_for_one_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the file and in the environment, by the code of the language; one name is for all."""
    config = _config(tmp_path, '[translate]\nbackend.ru = "firefox"\nbackend.nb = "argos"')
    assert load_settings(config).translate.backend == {"ru": "firefox", "no": "argos"}
    monkeypatch.setenv("NEWSMILL_TRANSLATE__BACKEND__RU", "firefox")
    assert load_settings().translate.backend == {"ru": "firefox"}
    monkeypatch.delenv("NEWSMILL_TRANSLATE__BACKEND__RU")
    monkeypatch.setenv("NEWSMILL_TRANSLATE__BACKEND", "firefox")
    assert load_settings().translate.backend == "firefox"


def test_lists_in_the_file(tmp_path: Path) -> None:
    """In the file a list is TOML's."""
    config = _config(tmp_path, '[fetch]\nallow_private = ["127.0.0.1:8000", "news.internal:80"]')
    assert load_settings(config).fetch.allow_private == ("127.0.0.1:8000", "news.internal:80")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[fetch]\ndelay = 1", "fetch.delay"),
        ("[fetsch]\ndelay_s = 1", "fetsch"),
        ("fetch = 1", "fetch"),
        ("[fetch]\ndelay_s = -1", "fetch.delay_s"),
        ("[fetch]\ndelay_s = inf", "fetch.delay_s"),
        ("[fetch]\ndelay_s = nan", "fetch.delay_s"),
        ("[fetch]\nconcurrency = 0", "fetch.concurrency"),
        ("[fetch]\ndeadline_s = 0", "fetch.deadline_s"),
        ("[fetch]\nattempts = 1.5", "fetch.attempts"),
        ("[extract]\ndeadline_s = inf", "extract.deadline_s"),
        ("[extract]\nmemory_mb = 10", "extract.memory_mb"),
        ('[translate]\ntarget = "English"', "translate.target"),
        ('[translate]\nbackend = "cloud"', "translate.backend"),
        ("[storage]\narchive_file_mb = 0", "storage.archive_file_mb"),
        ("[run]\nbatch_size = 5000", "run.batch_size"),
    ],
)
def test_settings_that_are_unknown_or_wrong(tmp_path: Path, text: str, name: str) -> None:
    """The message names the setting, and the file to look in."""
    config = _config(tmp_path, text)
    with pytest.raises(ConfigError, match=f"setting {re.escape(name)}: .*{re.escape(str(config))}"):
        load_settings(config)


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("NEWSMILL_FETCH__DELAY_S", "soon", r"setting fetch\.delay_s: .*NEWSMILL_"),
        ("NEWSMILL_FETCH__DELAYS", "1", r"setting fetch\.delays: .*NEWSMILL_"),
        ("NEWSMILL_FETCH", '{"delay_s"', "NEWSMILL_.*fetch"),
        (
            "NEWSMILL_FECH__DELAY_S",
            "1",
            r"FECH__DELAY_S is no setting; is it NEWSMILL_FETCH__DELAY_S\? .* fetch, ",
        ),
    ],
)
def test_variables_that_are_unknown_or_wrong(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
) -> None:
    """A variable is held to the same rules as the file."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigError, match=message):
        load_settings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[notify]\nurls = 1", "setting notify.urls: no such setting; there are url, format, shortfall (see "),
        ("[noitfy]\nurl = 1", "setting noitfy: no such setting; there are fetch, extract, translate, "),
        ('[translate]\ntarget = "English"', "'English' is no language code; write it like en or pt-BR (see "),
    ],
)
def test_a_wrong_setting_is_told_with_what_would_be_right(tmp_path: Path, text: str, said: str) -> None:
    """An unknown name is answered with those there are; what is no language code, with one."""
    with pytest.raises(ConfigError, match=re.escape(said)):
        load_settings(_config(tmp_path, text))


def test_options_that_are_wrong() -> None:
    """An option is held to the same rules."""
    with pytest.raises(ConfigError, match=r"setting translate\.target: "):
        load_settings(translate={"target": "?"})


def test_a_proxy_may_hold_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy is read from the environment like any setting, and shown by nothing that prints settings."""
    monkeypatch.setenv("NEWSMILL_FETCH__PROXY", "http://mill:tallow-candle@proxy.example:3128")
    settings = load_settings()
    assert settings.fetch.proxy is not None
    assert settings.fetch.proxy.get_secret_value() == "http://mill:tallow-candle@proxy.example:3128"
    shown = (repr(settings), str(settings.fetch), settings.model_dump_json())
    assert not any("tallow" in text for text in shown)


@pytest.mark.parametrize("content", [b"[fetch\n", b'[fetch]\nuser_agent = "Sn\xf6"'])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes) -> None:
    """Broken TOML is reported with the name of the file."""
    (tmp_path / "settings.toml").write_bytes(content)
    with pytest.raises(ConfigError, match=f"cannot read {re.escape(str(tmp_path))}"):
        load_settings(tmp_path)


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    """A --config that does not exist is an error, not a run with defaults."""
    with pytest.raises(ConfigError, match=r"no such folder: .*nowhere.*--config"):
        load_settings(tmp_path / "nowhere")


def test_no_configuration_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no folder is named and there is no config/, defaults hold; a folder need not hold settings.toml."""
    monkeypatch.chdir(tmp_path)
    assert _values(Settings()) == _values(load_settings()) == _values(load_settings(tmp_path))


def test_the_folder_config_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --config, config/ below the current folder is read."""
    (tmp_path / "config").mkdir()
    _config(tmp_path / "config", "[run]\nbatch_size = 7")
    monkeypatch.chdir(tmp_path)
    assert load_settings().run.batch_size == 7


def test_worker_processes() -> None:
    """As many as set, or one a core."""
    assert load_settings(extract={"processes": 3}).processes == 3
    assert (os.cpu_count() or 1) == load_settings().processes
