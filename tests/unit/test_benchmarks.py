"""How the figures of benchmarks are kept, compared and shown; what they are is for `make bench` to say."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import all as every
from benchmarks import results, tables
from benchmarks.results import Kind, Results, Row, Scope

ROOT = Path(__file__).parents[2]
SPEED = Row(name="pages", value=50.0, unit="/s", kind=Kind.SPEED, peers={"other": 25.0, "third": 0.0}, goal=1.0)
TIME = Row(name="answer", value=20.0, unit="ms", kind=Kind.SPEED, peers={"other": 40.0}, higher=False)
RIGHT = Row(name="right", value=0.95, on="a set", subject="Language", goal=0.99)


def found(*rows: Row) -> Results:
    """Results that hold some rows."""
    return Results(about={"cores": "2"}, versions={"Python": "3.11"}, rows=rows)


@pytest.mark.parametrize(("row", "ratios"), [(SPEED, {"other": 2.0}), (TIME, {"other": 2.0})])
def test_a_ratio_says_how_many_times_as_good_whatever_is_better(row: Row, ratios: dict[str, float]) -> None:
    """Twice the speed and half the time are both a ratio of two."""
    assert ratios == row.ratios


@pytest.mark.parametrize(
    ("row", "value", "worse"),
    [
        (RIGHT, 0.949, False),
        (RIGHT, 0.94, True),
        (RIGHT, 0.99, False),
        (RIGHT, None, True),
        (SPEED, 40.0, False),
        (SPEED, 30.0, True),
        (TIME, 25.0, False),
        (TIME, 40.0, True),
        (replace(SPEED, peers={}), 1.0, False),
        (Row(name="memory", value=100.0, kind=Kind.SIZE, higher=False), 114.0, False),
        (Row(name="memory", value=100.0, kind=Kind.SIZE, higher=False), 120.0, True),
        (Row(name="memory", value=100.0, kind=Kind.SIZE, higher=False), 10.0, False),
    ],
)
def test_only_a_loss_beyond_the_noise_is_a_regression(row: Row, value: float | None, *, worse: bool) -> None:
    """Quality hardly varies, memory some, ratios of times much; a speed alone says nothing of the program."""
    assert worse is replace(row, value=value).worse_than(row)


def test_a_goal_of_a_speed_is_for_its_ratio_to_the_first_peer() -> None:
    """Twice a peer's speed reaches 1.0, a tenth of it does not, and a value is held against the goal as it is."""
    reached = [SPEED.reached, replace(SPEED, value=2.5).reached, RIGHT.reached, TIME.reached]
    assert reached == [True, False, False, None]
    assert replace(TIME, peers={}, goal=10).reached is False


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    """What is kept is what was found, to five figures."""
    kept = found(replace(SPEED, value=1234.5678), RIGHT, Row(name="none", value=None, note="no server"))
    results.write(tmp_path / "deep" / "results.json", kept)
    again = results.read(tmp_path / "deep" / "results.json")
    assert again is not None
    assert [row.value for row in again.rows] == [1234.6, 0.95, None]
    assert (kept.about, kept.versions, RIGHT) == (again.about, again.versions, again.rows[1])
    assert results.read(tmp_path / "other.json") is None


def test_a_figure_is_compared_with_the_same_on_the_same_material() -> None:
    """The same name on another set is another figure."""
    before = found(replace(RIGHT, on="another set", value=1.0), replace(RIGHT, value=0.96))
    assert [(RIGHT, replace(RIGHT, value=0.96))] == tables.regressions(found(RIGHT), before)
    assert tables.regressions(found(replace(RIGHT, on="a third")), before) == []


def test_a_benchmark_that_breaks_down_is_a_row_that_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that cannot even be imported does not end the run."""
    monkeypatch.setitem(every.BENCHMARKS, "no_such_benchmark", "Nothing")
    [row] = every.in_own_process("no_such_benchmark", Scope())
    assert (row.value, row.subject) == (None, "Nothing")
    assert "no_such_benchmark" in row.note


def test_a_benchmark_gives_its_rows_through_a_process_of_its_own() -> None:
    """The guards of translation take a moment: they stand here for all."""
    rows = list(every.in_own_process("guards", Scope()))
    assert {"Guards of translation"} == {row.subject for row in rows}
    assert all(row.reached for row in rows)


def test_measuring_some_keeps_the_figures_of_the_others() -> None:
    """A subject that was measured is replaced whole; the order stays that of the pipeline."""
    fetch = [Row(name=name, value=1.0, subject="Fetch") for name in ("old", "older")]
    before = found(*fetch, replace(RIGHT, subject="Language detection"))
    kept = every.merged(before, found(Row(name="new", value=2.0, subject="Fetch")))
    assert [row.name for row in kept.rows] == ["new", "right"]


def test_docs_hold_the_committed_results() -> None:
    """After a run with --save nothing is left to do; else: python benchmarks/all.py --write-docs."""
    kept = results.read(results.COMMITTED)
    assert kept is not None
    text = tables.DOCS.read_text("utf-8")
    assert text == tables.fill_docs(text, kept), "run: python benchmarks/all.py --write-docs"


def test_docs_without_marks_are_not_written() -> None:
    """Tables are never put at a place that nobody chose."""
    with pytest.raises(ValueError, match="must hold the lines"):
        tables.fill_docs("# Benchmarks\n", found(RIGHT))


def test_every_benchmark_of_the_list_is_there_and_the_others_say_how_to_run_them() -> None:
    """Each name is a module with `rows`; each program says in its first lines what to type."""
    folder = ROOT / "benchmarks"
    without = [name for name in every.BENCHMARKS if "def rows(" not in (folder / f"{name}.py").read_text("utf-8")]
    assert without == []
    programs = [
        path for path in folder.glob("*.py") if "__main__" in (text := path.read_text("utf-8")) and "argv" in text
    ]
    assert [path.name for path in programs if "python " not in path.read_text("utf-8").split('"""')[1]] == []


def test_what_is_measured_beside_newsmill_is_no_dependency_of_it() -> None:
    """Only the extra `bench` names the others."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    peers = {re.split(r"[><=\[]", one)[0] for one in project["optional-dependencies"]["bench"]}
    needed = {re.split(r"[><=\[]", one)[0] for one in project["dependencies"]}
    assert set() == peers & needed
