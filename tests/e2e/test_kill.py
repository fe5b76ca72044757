"""A run that is killed at any moment, and the run after it."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from support.command import NEWSMILL, counts, environment, newsmill
from support.snapshot import progress, snapshot

from flows.demo.corpus import load_articles
from flows.demo.model import unpack_packages

KILLS = 20
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


@pytest.mark.slow
def test_a_killed_run_and_the_next_one_come_to_what_one_undisturbed_run_does(
    pages: Path, models: Path, tmp_path: Path
) -> None:
    """After kill -9 at 20 random moments, each followed by a whole run, the database is that of an undisturbed run."""
    settings = {**BATCH, "NEWSMILL_TRANSLATE__PACKAGES_DIR": str(models)}
    calm = tmp_path / "calm"
    calm.mkdir()
    started = time.monotonic()
    first = counts(newsmill("run", "files", pages, "--db", f"sqlite:///{calm}/n.db", "--json", home=calm, **settings))
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
        command = [NEWSMILL, "run", "files", str(pages), "--db", f"sqlite:///{home}/n.db", "--json"]
        after_s = moments.uniform(0.3, 1.0) * length_s
        _kill(command, home, settings, after_s)
        accepted, done = progress(home / "n.db")
        cut_short += accepted > done
        second = counts(newsmill(*command[1:], home=home, **settings))
        assert second["stored"] + second["unchanged"] == second["seeds"] == first["seeds"]
        assert snapshot(home / "n.db") == wanted, f"killed after {after_s:.2f} s"
    assert cut_short >= KILLS // 10, "hardly any kill hit a run at work: the moments are badly chosen"


def _kill(command: list[str], home: Path, settings: dict[str, str], after_s: float) -> None:
    process = subprocess.Popen(
        command, cwd=home, env=environment(home, **settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    process.wait()
