"""Worker processes: what they do to a page, and what a page may do to them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import pytest
from support import work

from ingest.errors import NewsmillError
from ingest.workers import WorkerDeath, WorkerPolicy, WorkerPool

TESTS = Path(__file__).parents[1]
ONE = WorkerPolicy(processes=1, deadline_s=20.0)


def _run(policy: WorkerPolicy, target: Callable[[Any], Any], items: Iterable[Any]) -> dict[int, Any]:
    with WorkerPool(target, policy) as pool:
        return _collect(pool.run(items))


def _collect(answers: Iterator[tuple[int, Any]]) -> dict[int, Any]:
    """Answers by position, each of which comes once."""
    listed = list(answers)
    assert len(listed) == len(dict(listed))
    return dict(listed)


def _ended(process: int) -> bool:
    """Whether a process ends within two minutes."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            status = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        except OSError:
            return True
        if status == "Z":  # dead, and waiting for whoever adopted it
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("processes", [1, 3])
def test_answers_carry_their_positions(processes: int) -> None:
    """Whoever finishes first, each answer says which item it is for."""
    naps = [0.2, 0.0, 0.1, 0.0, 0.05]
    assert dict(enumerate(naps)) == _run(replace(ONE, processes=processes), work.nap, naps)


def test_no_items() -> None:
    """Nothing to do is done at once, without a process."""
    assert _run(ONE, work.double, []) == {}


def test_answers_come_in_order_of_completion(tmp_path: Path) -> None:
    """A slow page holds nobody up."""
    slow = f"wait for:{tmp_path / 'the other answer'}"
    with WorkerPool(work.obey, replace(ONE, processes=2)) as pool:
        answers = []
        for one in pool.run([slow, "quick"]):
            answers.append(one)
            (tmp_path / "the other answer").touch()
    assert answers == [(1, "quick"), (0, None)]


@pytest.mark.parametrize(
    ("order", "ceiling", "detail"),
    [
        ("hang", 6.0, "took more than 3 s by the clock"),
        ("spin", 200.0, "took more than 0.5 s of processor time"),  # far off: the machine may be busy
    ],
)
def test_a_page_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch, order: str, ceiling: float, detail: str) -> None:
    """Whoever computes has a deadline of processor time, whoever sleeps one of the clock; others do well."""
    monkeypatch.setattr("ingest.workers._CEILING", ceiling)
    answers = _run(replace(ONE, deadline_s=0.5), work.obey, ["one", order, "two"])
    assert {0: "one", 1: WorkerDeath(timed_out=True, detail=detail), 2: "two"} == answers


def test_the_deadline_is_of_processor_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that waits longer than its deadline, as on a machine that is busy with other things, is read."""
    monkeypatch.setattr("ingest.workers._CEILING", 200.0)
    assert _run(replace(ONE, deadline_s=0.2), work.nap, [0.5, 0.0]) == {0: 0.5, 1: 0.0}


@pytest.mark.parametrize("order", ["exit:0", "exit:9", "quit", "crash", "answer with a function"])
def test_a_worker_that_dies(order: str, capfd: pytest.CaptureFixture[str]) -> None:
    """A process that exits, crashes or cannot answer costs its page and no other."""
    answers = _run(ONE, work.obey, ["one", order, "two"])
    assert {0: "one", 1: WorkerDeath(timed_out=False, detail="the worker process died"), 2: "two"} == answers
    capfd.readouterr()  # a traceback of the dying process


def test_an_error_in_the_target() -> None:
    """What the target raises becomes the reason, cut to what a report can hold; the worker goes on."""
    answers = _run(ONE, work.obey, ["raise:no such tag", "raise:" + "x" * 1_000, "two"])
    assert WorkerDeath(timed_out=False, detail="ValueError: no such tag") == answers[0]
    assert len(answers[1].detail) == 300
    assert answers[2] == "two"


def test_a_worker_that_cannot_start() -> None:
    """Where no worker comes up, no page is to blame: the run ends with an error."""
    with pytest.raises(NewsmillError, match="died while starting"):
        _run(ONE, work.Unloadable(), ["one"])


def test_memory_is_limited() -> None:
    """Who asks for more than the limit gets a MemoryError there; within the limit all is well."""
    answers = _run(replace(ONE, memory_mb=300), work.obey, ["swell:2000", "swell:100"])
    assert WorkerDeath(timed_out=False, detail="MemoryError: ") == answers[0]
    assert answers[1] == 100 * 2**20


def test_large_items_and_answers() -> None:
    """Pages and records larger than any pipe's buffer come through."""
    size = 5_000_000
    assert {0: "y" * size, 1: "x" * size} == _run(ONE, work.obey, ["y" * size, f"answer at length:{size}"])


def test_workers_are_recycled() -> None:
    """After so many pages a worker is replaced by a fresh one."""
    answers = _run(replace(ONE, pages_per_worker=2), work.process_id, range(6))
    pairs = [{answers[first], answers[first + 1]} for first in (0, 2, 4)]
    assert [len(pair) for pair in pairs] == [1, 1, 1]
    assert len(set.union(*pairs)) == 3


def test_workers_stay_between_runs() -> None:
    """Two runs of one pool use the same process, which is not this one, and ends with the pool."""
    with WorkerPool(work.process_id, ONE) as pool:
        first, second = (_collect(pool.run([0]))[0] for _ in range(2))
        assert first == second != os.getpid()
        assert Path(f"/proc/{first}").exists()
    assert _ended(first)


def test_an_abandoned_run() -> None:
    """A run that is broken off leaves no answer behind that the next run could take for its own."""
    with WorkerPool(work.nap, replace(ONE, processes=2)) as pool:
        for _ in pool.run([0.0, 0.5, 0.5, 0.5]):
            break
        assert _collect(pool.run([0.25, 0.0])) == {0: 0.25, 1: 0.0}


def test_items_that_cannot_be_read() -> None:
    """An error in the items reaches the caller, and the pool is usable after it."""

    def items() -> Iterator[int]:
        yield 1
        raise OSError("disk")

    with WorkerPool(work.double, ONE) as pool:
        with pytest.raises(OSError, match="disk"):
            list(pool.run(items()))
        with pytest.raises(Exception, match="pickle"):
            list(pool.run([lambda: None]))  # type: ignore[list-item]
        assert _collect(pool.run([2])) == {0: 4}


def test_a_worker_that_died_between_runs() -> None:
    """A worker that something killed while it was idle is replaced; no page pays for it."""
    with WorkerPool(work.process_id, ONE) as pool:
        first = _collect(pool.run([0]))[0]
        os.kill(first, signal.SIGKILL)
        assert _ended(first)
        second = _collect(pool.run([0]))[0]
    assert isinstance(second, int)
    assert first != second


def test_time_of_the_caller_counts_against_no_page() -> None:
    """While the caller is busy with one answer, the deadline of the next page may pass: it was in time all the same."""
    with WorkerPool(work.nap, replace(ONE, processes=2)) as pool:
        answers = {}
        for position, answer in pool.run([0.0, 0.5]):
            answers[position] = answer
            for worker in pool._workers:
                if worker.given:
                    wait([worker.pipe])  # it has answered
                    worker.due = time.monotonic()
    assert answers == {0: 0.0, 1: 0.5}


ORPHANING = """
    import sys
    from ingest import workers
    from support import work

    workers._ORPHAN_GRACE_S = -178.0


    def announce(order):
        return work.announce(order)


    if __name__ == "__main__":
        import orphaning

        workers.PRELOAD = "ingest.workers"  # starts sooner
        pool = workers.WorkerPool(orphaning.announce, workers.WorkerPolicy(processes=1, deadline_s=30.0))
        list(pool.run([sys.argv[1]]))
        sys.stdin.read()
"""


@pytest.mark.parametrize("order", ["be idle", "hang", "spin"])
def test_a_worker_whose_parent_is_killed(tmp_path: Path, order: str) -> None:
    """After kill -9 of the pool its workers end by themselves, even in the middle of a page that never ends."""
    script = tmp_path / "orphaning.py"
    script.write_text(textwrap.dedent(ORPHANING), encoding="utf-8")
    parent = subprocess.Popen(
        [sys.executable, str(script), order],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        assert Path(f"/proc/{worker}").exists()
        parent.kill()
    try:
        assert _ended(worker)
    finally:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)


def test_a_pool_that_nobody_closes_ends_with_its_process() -> None:
    """A process that leaves its pool open ends at once: workers, which hear no SIGTERM, are not waited for."""
    script = """
        from support import work
        from ingest.workers import WorkerPolicy, WorkerPool
        pool = WorkerPool(work.double, WorkerPolicy(processes=1)).__enter__()
        print(dict(pool.run([21])))
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (0, "{0: 42}\n"), ended.stderr
