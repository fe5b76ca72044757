"""How the figures of benchmarks are kept, compared and shown; what they are is for `make bench` to say."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import all as every
from benchmarks import extraction_quality, results, sets, tables
from benchmarks.intervals import Ratio, mean
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


def test_an_interval_holds_its_figure_and_narrows_with_more_cases() -> None:
    """Of one case there is none; the same cases give the same; where all agree it has no width."""
    few, many = mean([1.0, 0.0, 1.0, 1.0] * 5), mean([1.0, 0.0, 1.0, 1.0] * 500)
    assert few.between is not None
    assert many.between is not None
    assert few.between[0] < many.between[0] < 0.75 < many.between[1] < few.between[1]
    assert few.between == mean([1.0, 0.0, 1.0, 1.0] * 5).between
    assert mean([1.0] * 9).between == (1.0, 1.0)
    assert (mean([1.0]).between, mean([]).value, Ratio(over=[1, 2], under=[2, 2]).value) == (None, None, 0.75)


def test_a_figure_is_shown_and_kept_with_its_interval(tmp_path: Path) -> None:
    """It comes back from the file as it was, and stands in brackets in the tables."""
    row = replace(RIGHT, between=(0.94, 0.96))
    results.write(tmp_path / "results.json", found(row))
    again = results.read(tmp_path / "results.json")
    assert again is not None
    assert (again.rows[0], tables.own(row)) == (row, "0.950 (0.940-0.960)")


def test_sets_are_told_by_what_they_hold(tmp_path: Path) -> None:
    """Whatever a file is called; who made a set and whether it was used is said beside it, or said to be unknown."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "gold.jsonl").write_text("{}\n")
    (tmp_path / "a.jsonl").write_text('{"language": "sv", "text": "Kaffe"}\n')
    (tmp_path / "b.jsonl").write_text('{"paragraphs": []}\n')
    (tmp_path / "c.jsonl").write_text('{"id": "1", "text": "x", "cluster": "1", "kind": "original"}\n')
    (tmp_path / "d.jsonl").write_text("none of these\n")
    (tmp_path / "notes.txt").write_text("no set\n")
    (tmp_path / "sets.toml").write_text('[a]\nby = "Ann Lee"\nuse = "untouched"\n')
    told = sets.labelled(tmp_path)
    assert [(one.name, one.form.value) for one in told] == [
        ("a", "texts"), ("b", "documents"), ("c", "copies"), ("pages", "pages"),
    ]  # fmt: skip
    assert told[0].called("9 texts") == "9 texts of a, Ann Lee (untouched)"
    assert told[1].called("2 documents") == "2 documents of b, of unknown origin (use not said)"
    (tmp_path / "sets.toml").write_text('[a]\nby = "Ann Lee"\nuse = "secret"\n')
    with pytest.raises(ValueError, match="one of tuned, development, untouched"):
        sets.labelled(tmp_path)


def test_a_page_counts_as_lost_only_beside_one_who_has_it() -> None:
    """Where trafilatura has the article and newsmill less than half of it; where both have nothing, neither lost it."""
    truth = extraction_quality.Read(text="one two three four five six seven eight")
    whole, part, none = truth, extraction_quality.Read(text="one two three"), extraction_quality.Read()
    cases = [extraction_quality.Case(url="https://a.example/", body=b"", truth=truth)] * 3
    rows = extraction_quality.pages_lost(cases, {"newsmill": [whole, part, none], "trafilatura": [none, whole, part]})
    assert rows == {"newsmill": 1}


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
