"""The line that tells how far a run is: what it counts, when it guesses the time, and that it fits a terminal."""

from __future__ import annotations

import io
import itertools

import pytest
from rich.console import Console
from rich.progress import Progress

from flows.cli import screen
from flows.tally import Tally


def test_the_line_tells_url_by_url() -> None:
    """What came, what became of it, the site at hand, and what is left by how it went so far."""
    now = [100.0]
    tally = Tally(clock=lambda: now[0])
    assert tally.line() == ""
    tally.begin(["a.example"] * 6 + ["b.example"] * 4)
    assert tally.line() == "fetched 0/10"
    for _ in range(4):
        tally.fetched("a.example")
    tally.fetched("b.example")
    assert tally.line() == "fetched 5/10 · b.example 1/4"
    now[0] += 10
    tally.settled(["stored", "stored", "stored", "rejected", "failed"])
    assert tally.line() == "fetched 5/10 · stored 3 · rejected 1 · failed 1 · b.example 1/4 · 0:10 left"
    now[0] += 4
    assert tally.line().endswith(" · 0:06 left")
    now[0] += 7  # nobody knows any more
    assert tally.line().endswith("b.example 1/4")
    for _ in range(5):
        tally.fetched("a.example")
    for _ in range(7):
        tally.extracted()
    assert "fetched 10/10 · extracted 7 · stored 3" in tally.line()
    tally.settled(["unchanged"] * 5)
    assert tally.line() == "fetched 10/10 · stored 3 · unchanged 5 · rejected 1 · failed 1"


def test_while_more_may_come_bytes_tell_how_far_it_is() -> None:
    """Of files that are looked through: at least so many seeds, records and bytes, and the time by their shares."""
    now = [0.0]
    tally = Tally(clock=lambda: now[0])
    tally.begin(more=True)
    assert (tally.line(), tally.share) == ("", None)
    tally.sees(900_000_000)
    tally.add(["a.example"] * 10)
    tally.looked(90_000_000, records=1200)
    assert (tally.line(), tally.share) == ("fetched 0/10+ · 1,200 records · 90 of 900 MB", 0.0)
    now[0] += 60
    for _ in range(5):
        tally.fetched("a.example")
    tally.settled(["stored"] * 5)
    assert tally.share == pytest.approx(0.05)
    assert tally.line() == "fetched 5/10+ · stored 5 · 1,200 records · 90 of 900 MB · 19:00 left"
    tally.sees_all()
    assert (tally.line(), tally.share) == ("fetched 5/10 · stored 5 · a.example 5/10 · 1:00 left", 0.5)


def test_a_run_begins_anew() -> None:
    """What an earlier run of the process did is not counted again."""
    tally = Tally(clock=lambda: 0.0)
    tally.begin(["a.example"])
    tally.fetched("a.example")
    tally.begin(["b.example", "b.example"])
    assert tally.line() == "fetched 0/2"


def test_the_line_is_one_line_of_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """In 80 columns nothing is broken onto a second line, however long the name of a site is."""
    tally = Tally(clock=itertools.count(step=0.01).__next__)
    tally.begin(["very-long-name-of-a-site-of-some-district." + "example" * 5] * 12_000)
    for _ in range(9_000):
        tally.fetched("very-long-name-of-a-site-of-some-district." + "example" * 5)
    tally.settled(["stored"] * 7_000 + ["unchanged"] * 1_000 + ["rejected"] * 500 + ["failed"] * 300)
    monkeypatch.setattr(screen, "TALLY", tally)
    out = io.StringIO()
    with Progress(*screen.columns(), console=Console(file=out, width=80, force_terminal=False)) as bar:
        bar.add_task("articles", total=12_000, completed=8_800)
    lines = out.getvalue().splitlines()
    assert len(lines) == 1
    assert len(lines[0]) <= 80
    assert "fetched 9000/12000 · stored 7000 · unchanged 1000" in lines[0]
