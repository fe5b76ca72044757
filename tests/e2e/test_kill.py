"""A run that is killed at any moment, and the run after it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from support.command import counts, environment
from support.snapshot import follow, left_over, snapshot
from support.warm import Warm

from flows.demo.corpus import load_articles
from flows.demo.model import unpack_packages

# The first when the run has begun, the others at equal distances; `make chaos` makes more.
KILLS = int(os.environ.get("NEWSMILL_CHAOS_KILLS", "5"))
BATCH = {"NEWSMILL_RUN__BATCH_SIZE": "3"}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fourteen saved texts in four languages; two are copies of others."""
    folder = tmp_path_factory.mktemp("pages")
    chosen = [article for article in load_articles() if article.truth.model or article.truth.copy_of][:12]
    for article in chosen:
        name = article.key.replace("/", "-")
        (folder / f"{name}.txt").write_text(f"{article.title}\n\n{article.text}", encoding="utf-8")
    for article in chosen[:2]:
        half = article.text[: len(article.text) * 2 // 3]
        (folder / f"copy-of-{article.slug}.txt").write_text(half, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages of the demo."""
    folder = tmp_path_factory.mktemp("models")
    unpack_packages(folder)
    return folder


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """The command, without its start."""
    with Warm(environment(tmp_path_factory.mktemp("warm"), **BATCH)) as opened:
        yield opened


@pytest.mark.slow
def test_a_killed_run_and_the_next_one_come_to_what_one_undisturbed_run_does(
    pages: Path, models: Path, warm: Warm, tmp_path: Path
) -> None:
    """After kill -9 anywhere, followed by a whole run, the database is that of an undisturbed run."""
    settings = {"NEWSMILL_TRANSLATE__PACKAGES_DIR": str(models)}
    first, length = run_of(warm, pages, tmp_path / "calm", settings)
    assert first is not None
    wanted = snapshot(tmp_path / "calm" / "n.db")
    assert first["stored"] == first["seeds"] == len(wanted["records"])
    assert first["translated"] > 0
    assert wanted["duplicates"]

    cut_short = 0
    for kill in range(KILLS):
        home, steps = tmp_path / str(kill), length * kill // KILLS
        cut_short += run_of(warm, pages, home, settings, steps)[0] is None
        second, _ = run_of(warm, pages, home, settings)
        assert second is not None
        assert second["stored"] + second["unchanged"] == second["seeds"] == first["seeds"]
        assert snapshot(home / "n.db") == wanted, f"killed after {steps} of {length} steps"
        assert left_over(home / "n.db") == {}
    assert cut_short, "no kill hit a run at work"


def run_of(
    warm: Warm, pages: Path, home: Path, settings: dict[str, str], steps: int | None = None
) -> tuple[dict[str, Any] | None, int]:
    """A run, killed after so many steps if that is given: what it came to if it ended, and how many steps it went."""
    home.mkdir(exist_ok=True)
    database = f"sqlite:///{home}/n.db"
    process = warm.start(["run", "files", pages, "--db", database, "--json"], home, **settings)
    gone = follow(warm, database, process, steps)
    if steps is not None:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    result = warm.end()
    if result.returncode == -signal.SIGKILL:
        return None, gone
    assert result.returncode == 0, result.stderr
    return counts(result), gone
