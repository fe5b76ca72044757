"""Every setting refuses what it cannot mean, by its name: five wrong values each at least."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prefect import Flow
from prefect.exceptions import ParameterTypeError
from support.command import NEWSMILL, environment
from support.unfit import CONTROL, STRINGS

from flows.nightly import nightly
from flows.settings import Settings, load_settings
from flows.url_list import url_list
from ingest.errors import ConfigError
from ingest.urls import canonicalize

NUMBER: tuple[Any, ...] = ("soon", -1, True, "1e999", [], 10**30, "9" * 5000, "nan", "0x10")
TEXT: tuple[Any, ...] = ("", "  ", "a\nb", "a\0b", "a\x1b[31mb", "a\u2028b", "a\ud800b", "x" * 10_000, 7, [], {"a": 1})
PLACE: tuple[Any, ...] = ("", "a\nb", "a\0b", "x" * 10_000, 7, [], "s3://", "s3://b/a b", "ftp://h/x", "file:///tmp/x")
FOLDER = (*PLACE, "s3://bucket/x")
CHOICE: tuple[Any, ...] = ("", "cloud", "ARGOS JSONL", 7, [], None, "auto\n")
SWITCH: tuple[Any, ...] = ("perhaps", 2, [], "", "1.5", {"a": 1})
SECRET = (*TEXT, "user:tallow-candle@host", "ftp://user:tallow-candle@host", "http://", "http://user:tallow@host:port/")

WRONG: dict[str, tuple[Any, ...]] = {
    "fetch.user_agent": (*TEXT, "Mühle/1.0", "/1.0", "mill\r\nX-Forged: 1"),
    "fetch.delay_s": (*NUMBER, 1e308, float("inf"), 86_401),
    "fetch.concurrency": (*NUMBER, 0, 1.5, 1001),
    "fetch.deadline_s": (*NUMBER, 0, 1e12, float("nan")),
    "fetch.max_body_bytes": (*NUMBER, 0, 1.5, 10**12),
    "fetch.attempts": (*NUMBER, 0, 1.5, 101),
    "fetch.max_pages": (*NUMBER, 0, 1.5, 100),
    "fetch.proxy": (*SECRET, "socks5://host:1", "http://host:80/path"),
    "fetch.allow_private": (
        *("*", "*:80", "10.0.0.0/8", "10.0.0.0/8:80", "10.0.0.1-9:80", "localhost", "localhost:http", "localhost:0"),
        *("localhost:65536", "http://localhost:80", "localhost:80/", "user@localhost:80", "::1:80:", "[::1]", ":80"),
        *(["localhost:80", 7], ["localhost:80", "x"], '["localhost:80", 7]', '["localhost"]', [[]], 7, "a\nb:80"),
        *("[fe80::zz]:80", "a b:80", "localhost:٨٠", "localhost:80;other:80", '{"localhost": 80}'),
    ),
    "fetch.tdmrep": SWITCH,
    "extract.processes": (*NUMBER, 1.5, 100_000),
    "extract.deadline_s": (*NUMBER, 0, 1e12, float("inf")),
    "extract.memory_mb": (*NUMBER, 0, 199, 10**9),
    "extract.sites_dir": FOLDER,
    "translate.target": (*TEXT, "English", "xx", "qq", "zz", "und", "mul", "en_US", "EN", "../../x", "en-"),
    "translate.packages_dir": FOLDER,
    "translate.backend": (*CHOICE, {}, {"ru": "cloud"}, {"xx": "firefox"}, {"Russian": "firefox"}, {"ru": ["argos"]}),
    "translate.pivot": SWITCH,
    "translate.beam": (*NUMBER, 0, 33),
    "translate.threads": (*NUMBER, 1.5, 100_000),
    "translate.compute_type": (*CHOICE, "int4"),
    "storage.url": (
        *(
            *TEXT,
            "sqlite://",
            "sqlite:///",
            ":memory:",
            "sqlite:///:memory:",
            "sqlite:///file:x?mode=memory",
            "news.db",
        ),
        *("sqlite://data/news.db", "sqlite+aiosqlite:///news.db", "mysql://user:tallow-candle@host/news", "oracle://x"),
        *("postgresql://user:tallow-candle@host:port/news", "sqlite:///x.db?mode=memory"),
    ),
    "storage.archive_dir": PLACE,
    "storage.archive_file_mb": (*NUMBER, 0, 10**9),
    "storage.permitted_for": ("cloud", "TRAINING JSONL", "ai", 7, [], "search\n", {"a": 1}),
    "run.batch_size": (*NUMBER, 0, 5000),
    "run.task_runner": CHOICE,
    "run.dask_address": (*TEXT, "localhost", "http://localhost:8786", "tcp://localhost", "tcp://localhost:x"),
    "run.recheck_hours": (
        "daily",
        "1;2",
        [0],
        [-1, 2],
        ["x"],
        [[]],
        7,
        {"a": 1},
        "1,nan",
        "inf",
        [True],
        [1e9],
        [1] * 21,
    ),
    "run.recheck_most": (*NUMBER, -1, 1.5, 10_001),
    "export.after_nightly": PLACE,
    "export.format": (*CHOICE, "xml"),
    "export.canonical_only": SWITCH,
    "export.permitted_for": ("cloud", "TRAINING JSONL", "ai", 7, [], "search\n", {"a": 1}),
    "serve.host": (*TEXT, "http://127.0.0.1", "127.0.0.1:4200", "::g", "a/b", "-"),
    "serve.port": (*NUMBER, 0, 65_536, 80.5),
    "serve.cron": (*TEXT, "daily", "61 2 * * *", "* * *", "*/0 * * * *", "5-2 * * * *", "0 0 0 1 1", "* * * 13 *"),
    "serve.timezone": (*TEXT, "Mars/Olympus", "Europe", "../../etc/passwd", "+01:00"),
    "serve.keep_days": (*NUMBER, 0, 10**6),
    "notify.url": (*SECRET, "hooks.example/x", "http://host with space/", "http://host/åsa"),
    "notify.format": CHOICE,
    "notify.shortfall": SWITCH,
}


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.upper().startswith("NEWSMILL")]:
        monkeypatch.delenv(name)


def names() -> list[str]:
    """All settings, as section.key."""
    return [
        f"{section}.{key}"
        for section, field in Settings.model_fields.items()
        for key in type(field.default).model_fields
    ]


@pytest.mark.parametrize("name", names())
def test_what_a_setting_cannot_mean_is_refused_by_its_name(name: str) -> None:
    """One line that begins with the name, and repeats no secret; a setting without wrong values here has none yet."""
    assert len(WRONG[name]) >= 5
    section, key = name.split(".")
    for value in WRONG[name]:
        with pytest.raises(ConfigError) as refused:
            load_settings(None, **{section: {key: value}})
        said = str(refused.value)
        assert said.startswith(f"setting {name}"), value
        assert len(said.splitlines()) == 1, value
        assert len(said) < 1000, value
        assert "tallow" not in said


@pytest.mark.parametrize("name", names())
def test_a_variable_is_held_to_the_same_rules(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every wrong value that the environment can hold; an empty variable is as good as none."""
    section, key = name.split(".")
    for value in WRONG[name]:
        if isinstance(value, str) and value and "\0" not in value and "\ud800" not in value:
            monkeypatch.setenv(f"NEWSMILL_{section}__{key}".upper(), value)
            with pytest.raises(ConfigError, match=f"setting {re.escape(name)}"):
                load_settings()


@given(name=st.sampled_from(names()), value=st.one_of(STRINGS, st.integers(), st.floats(), st.lists(STRINGS)))
def test_any_value_is_a_setting_or_a_line(name: str, value: object) -> None:
    """Whatever stands in a setting, it is taken or refused in one line by its name; nothing else comes of it."""
    section, key = name.split(".")
    said = ""
    try:
        load_settings(None, **{section: {key: value}})
    except ConfigError as error:
        said = str(error)
    assert not said or said.startswith(f"setting {name}")
    assert len(said.splitlines()) <= 1
    assert not CONTROL.search(said)


@given(
    flow=st.sampled_from([nightly, url_list]),
    given_=st.dictionaries(
        st.sampled_from(["urls", "target", "translate", "sources", "db"]),
        st.one_of(STRINGS, st.none(), st.booleans(), st.integers(), st.lists(STRINGS)),
    ),
)
def test_any_parameters_are_taken_or_refused(flow: Flow[Any, Any], given_: dict[str, Any]) -> None:
    """Before a run begins; what is taken is web addresses, a language, names."""
    try:
        taken = flow.validate_parameters(given_)
    except (ParameterTypeError, TypeError):
        return
    assert all(canonicalize(url) for url in taken.get("urls", ()))
    if taken.get("target"):
        load_settings(translate={"target": taken["target"]})


@pytest.mark.parametrize(
    ("written", "pairs"),
    [
        ("LOCALHOST:080", ("localhost:80",)),
        ('["127.0.0.1:8000", "[::1]:8080"]', ("127.0.0.1:8000", "[::1]:8080")),
        ("[0:0::1]:8080,news.internal:80", ("[::1]:8080", "news.internal:80")),
        ("åsa.example:80", ("xn--sa-xia.example:80",)),
    ],
)
def test_pairs_may_be_written_in_several_ways(written: str, pairs: tuple[str, ...]) -> None:
    """With commas or as JSON, and each address as it stands in a URL: so it is found when it is asked for."""
    assert load_settings(fetch={"allow_private": written}).fetch.allow_private == pairs


@pytest.mark.parametrize("code", ["en", "sv", "pt-BR", "zh-Hant", "ga", "gsw"])
def test_languages_that_exist_pass(code: str) -> None:
    """In the spelling that newsmill writes."""
    assert load_settings(translate={"target": code}).translate.target == code


@pytest.mark.parametrize("line", ["30 2 * * *", "*/15 0-6,22 1 JAN mon-fri", "0 0 * * 7", " 5  4 * * * "])
def test_schedules_pass(line: str) -> None:
    """As cron has them."""
    assert load_settings(serve={"cron": line}).serve.cron == " ".join(line.split())


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("NEWSMILL_STORAGE_URL", "NEWSMILL_STORAGE__URL?"),
        ("NEWSMILL_NOTIFY_URL", "NEWSMILL_NOTIFY__URL?"),
        ("NEWSMILL_FETCHDELAY", "NEWSMILL_FETCH__DELAY_S?"),
        ("NEWSMILL_DELAY_S", "SECTION__KEY"),
        ("NEWSMILL_FETCH", "SECTION__KEY"),
        ("NEWSMILL", "SECTION__KEY"),
        ("NEWSMILLS_FETCH__DELAY_S", "NEWSMILL_FETCH__DELAY_S?"),
        ("newsmill_storage_url", "NEWSMILL_STORAGE__URL?"),
        ("NEWSMILL_DB", "SECTION__KEY"),
        ("NEWSMILL__STORAGE__URL", "NEWSMILL_STORAGE__URL?"),
    ],
)
def test_a_misspelt_variable_is_named(monkeypatch: pytest.MonkeyPatch, name: str, meant: str) -> None:
    """Whatever begins like ours is ours: a run must not write elsewhere than its operator means."""
    monkeypatch.setenv(name, "1")
    with pytest.raises(ConfigError, match=f"^{name} is no setting.*{re.escape(meant)}"):
        load_settings()


def test_a_home_is_where_config_and_data_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """NEWSMILL_HOME moves what is usual; what is set stays as it is set."""
    home = tmp_path / "home"
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text("[run]\nbatch_size = 7\n", encoding="utf-8")
    monkeypatch.setenv("NEWSMILL_HOME", str(home))
    settings = load_settings()
    assert (settings.run.batch_size, settings.storage.url) == (7, f"sqlite:///{home}/data/newsmill.db")
    assert load_settings(storage={"url": "sqlite:///own.db"}).storage.url == "sqlite:///own.db"
    monkeypatch.setenv("NEWSMILL_HOME", str(home / "none"))
    with pytest.raises(ConfigError, match="NEWSMILL_HOME names no folder"):
        load_settings()


def test_a_command_ends_with_two_and_one_line(tmp_path: Path) -> None:
    """Before anything is read or written."""
    env = environment(tmp_path, NEWSMILL_STORAGE_URL="sqlite:///other.db")
    done = subprocess.run(
        [NEWSMILL, "stats"], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=180, check=False
    )
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "NEWSMILL_STORAGE_URL is no setting" in done.stderr
    assert list(tmp_path.iterdir()) == []
