"""A run that is killed at any moment, and the run after it."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.command import environment
from support.snapshot import left_over, progress, snapshot
from support.warm import Warm

from flows.demo.corpus import load_articles
from flows.demo.model import unpack_packages

KILLS = 12
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
    """After kill -9 at random moments, each followed by a whole run, the database is that of an undisturbed run."""
    settings = {"NEWSMILL_TRANSLATE__PACKAGES_DIR": str(models)}
    calm = tmp_path / "calm"
    calm.mkdir()
    started = time.monotonic()
    first = whole_run(warm, pages, calm, settings)
    length_s = time.monotonic() - started
    wanted = snapshot(calm / "n.db")
    assert first["stored"] == first["seeds"] == len(wanted["records"])
    assert first["translated"] > 0
    assert wanted["duplicates"]

    moments = random.Random()
    cut_short = 0
    for trial in range(KILLS):
        home = tmp_path / f"trial-{trial}"
        home.mkdir()
        # Every other time from the first sign of work on: how long the start takes hangs on what else the machine does.
        after_s = moments.uniform(0.0, 1.0) * length_s / (1 + trial % 2)
        begin(warm, pages, home, settings, after_s, at_work=bool(trial % 2))
        accepted, done = progress(home / "n.db")
        cut_short += accepted > done
        second = whole_run(warm, pages, home, settings)
        assert second["stored"] + second["unchanged"] == second["seeds"] == first["seeds"]
        assert snapshot(home / "n.db") == wanted, f"killed after {after_s:.2f} s"
        assert left_over(home / "n.db") == {}
    assert cut_short >= KILLS // 5, "hardly any kill hit a run at work: the moments are badly chosen"


def whole_run(warm: Warm, pages: Path, home: Path, settings: dict[str, str]) -> dict[str, Any]:
    """A run that nobody disturbs; returns what it came to."""
    warm.start(["run", "files", pages, "--db", f"sqlite:///{home}/n.db", "--json"], home, **settings)
    result = warm.end()
    assert result.returncode == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return found


def begin(warm: Warm, pages: Path, home: Path, settings: dict[str, str], after_s: float, *, at_work: bool) -> None:
    """A run that is killed after some time: from its start, or from when it has accepted its seeds."""
    process = warm.start(["run", "files", pages, "--db", f"sqlite:///{home}/n.db", "--json"], home, **settings)
    patience_s = time.monotonic() + 60
    while at_work and not progress(home / "n.db")[0] and time.monotonic() < patience_s:
        time.sleep(0.01)
    time.sleep(after_s)
    os.kill(process, signal.SIGKILL)
    warm.end()
