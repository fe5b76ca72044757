"""The heavy work in other processes: the same database comes out, whoever did it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command import counts, environment, newsmill
from support.prefect_server import QUIET, prefect_server, wait_for
from support.snapshot import snapshot

from flows.demo.corpus import load_articles
from flows.demo.model import unpack_packages

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
def server(home: Path) -> Iterator[str]:
    """A Prefect server."""
    with prefect_server(home) as api:
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
    result = newsmill(
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


@pytest.mark.skipif(DASK, reason="newsmill[dask] is installed")
def test_dask_has_to_be_installed(home: Path, server: str) -> None:
    """Where it is not, the run says how to install it."""
    result = newsmill("run", "files", "texts", home=home, NEWSMILL_RUN__TASK_RUNNER="dask", PREFECT_API_URL=server)
    assert result.returncode == 2
    assert result.stderr.splitlines()[-1].endswith("install newsmill[dask]")


def test_a_task_runner_needs_the_server_that_is_named(home: Path) -> None:
    """A server that does not answer is said; without one, Prefect would start its own."""
    address = "http://127.0.0.1:9/api"
    result = newsmill("run", "files", "texts", home=home, NEWSMILL_RUN__TASK_RUNNER="process", PREFECT_API_URL=address)
    assert result.returncode == 2
    assert "does not answer" in result.stderr


def test_a_process_loads_a_model_once(home: Path) -> None:
    """Two calls in one process share the translator, and what was asked is all that crosses the border."""
    script = (
        "from flows.runners import _translator, translate_sentences\n"
        "from flows.settings import load_settings\n"
        "how = load_settings().translate\n"
        "for _ in range(2): translate_sentences(['Guten Morgen.'], 'de', 'en', False, how)\n"
        "print(_translator.cache_info().misses)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=home,
        env=environment(home, NEWSMILL_TRANSLATE__PACKAGES_DIR="models") | {"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.stdout.split() == ["1"], result.stderr
