"""The heavy work in other processes: the same database comes out, whoever did it."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command import counts, installed
from support.prefect_server import QUIET, prefect_server, wait_for
from support.snapshot import snapshot

from flows import runners
from flows.demo.corpus import load_articles
from flows.demo.model import unpack_packages
from flows.settings import RunSettings, Settings, TranslateSettings
from ingest.errors import ConfigError

DASK = importlib.util.find_spec("prefect_dask") is not None

pytestmark = [pytest.mark.slow, pytest.mark.prefect]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all texts of the demo and its translation packages."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "texts").mkdir()
    for number, article in enumerate(load_articles()):
        text = f"{article.title}\n\n{article.text}"
        (folder / "texts" / f"{number}.txt").write_text(text, encoding="utf-8")
    # Sixty pages and more: some that were copied in part.
    for number, article in enumerate(load_articles()[:12]):
        half = article.text[: len(article.text) * 2 // 3]
        (folder / "texts" / f"half-{number}.txt").write_text(half, encoding="utf-8")
    unpack_packages(folder / "models")
    return folder


@pytest.fixture(scope="module")
def server(home: Path, prefect_made: Path) -> Iterator[str]:
    """A Prefect server."""
    with prefect_server(home, prefect_made) as api:
        yield api


@pytest.fixture(scope="module")
def wanted(home: Path) -> object:
    """What a run leaves that does all by itself."""
    return ingested(home, "thread")


def ingested(home: Path, runner: str, **more: str) -> object:
    """The database after a run with a task runner."""
    settings = {
        "NEWSMILL_TRANSLATE__PACKAGES_DIR": "models",
        "NEWSMILL_RUN__BATCH_SIZE": "24",
        "NEWSMILL_RUN__TASK_RUNNER": runner,
    }
    result = installed(
        "run", "files", "texts", "--json", "--db", f"sqlite:///{runner}.db", home=home, **settings, **more
    )
    assert result.returncode == 0, result.stderr
    assert counts(result)["stored"] >= 60
    assert counts(result)["translated"] > 0
    return snapshot(home / f"{runner}.db")


def test_a_pool_of_processes_makes_the_same_database(home: Path, wanted: object, server: str) -> None:
    """Pages and sentences go to processes of Prefect's task runner; the UI shows each portion as a task."""
    assert ingested(home, "process", PREFECT_API_URL=server, **QUIET) == wanted
    names = {one["name"] for one in wait_for(server, "task_runs", 12)}
    assert {name.split()[0] for name in names} >= {"fetch", "digest", "store", "de", "sv", "ru"}


@pytest.mark.skipif(not DASK, reason="newsmill[dask] is not installed")
def test_a_dask_cluster_makes_the_same_database(home: Path, wanted: object, server: str) -> None:
    """The same on a local cluster that a run starts for itself."""
    assert ingested(home, "dask", PREFECT_API_URL=server, **QUIET) == wanted


def test_dask_has_to_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is not, the run says how to install it."""
    monkeypatch.setitem(sys.modules, "dask", None)
    settings = Settings(run=RunSettings(task_runner="dask"))
    with pytest.raises(ConfigError, match=r"install newsmill\[dask\]"), runners.elsewhere(settings):
        pass


def test_a_task_runner_needs_the_server_that_is_named(home: Path) -> None:
    """A server that does not answer is said; without one, Prefect would start its own."""
    address = "http://127.0.0.1:9/api"
    result = installed("run", "files", "texts", home=home, NEWSMILL_RUN__TASK_RUNNER="process", PREFECT_API_URL=address)
    assert result.returncode == 2
    assert "does not answer" in result.stderr


def test_a_process_loads_a_model_once(home: Path) -> None:
    """Two portions of sentences that come to one process meet the same translator there."""
    how = Settings(translate=TranslateSettings(packages_dir=home / "models")).translate
    runners._translator.cache_clear()
    for sentence in ("Guten Morgen.", "Guten Abend."):
        assert len(runners.translate_sentences([sentence], "de", "en", False, how)) == 1
    assert runners._translator.cache_info().misses == 1
