"""In which order what was acquired is handed out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any, cast

import pytest

from flows import loop
from flows.loop import Batch, plainly
from flows.stages import Acquired, Work
from ingest.model import Seed
from ingest.outcome import Unmodified
from storage.seeds import Task

Responses = Callable[[Any, Sequence[Task], Callable[[], bool]], Iterator[list[Acquired]]]


def got(name: str) -> Acquired:
    """A seed that was answered."""
    seed = Seed(url=f"https://news.example/{name}")
    return Task(key=name, seed=seed), Unmodified(seed=seed, how="same body")


def batch(number: int, *names: str) -> Batch:
    """Some seeds, for a worker that is but a number."""
    return cast(Work, number), [got(name)[0] for name in names or (str(number),)]


def handed_out(
    monkeypatch: pytest.MonkeyPatch, responses: Responses, batches: Iterator[Batch]
) -> Iterator[tuple[int, list[str]]]:
    """The numbers of batches, and the names of the seeds that were handed out of each."""
    monkeypatch.setattr(loop, "responses", responses)
    with ThreadPoolExecutor(loop._THREADS) as executor:
        for work, pages in loop._as_they_come(executor, plainly, batches):
            yield cast(int, work), [task.key for task, _ in pages]


def all_at_once(_: object, tasks: Sequence[Task], __: object) -> Iterator[list[Acquired]]:
    """A quick host."""
    yield [got(task.key) for task in tasks]


def test_a_slow_batch_keeps_no_other_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is fetched meanwhile is handed out, and the slow batch when it comes: here it comes after all others."""
    monkeypatch.setattr(loop, "PATIENCE_S", 0.01)
    others_done = Event()

    def responses(number: int, tasks: Sequence[Task], wanted: object) -> Iterator[list[Acquired]]:
        assert number or others_done.wait(60)
        yield from all_at_once(number, tasks, wanted)

    order = []
    for number, names in handed_out(monkeypatch, responses, iter([batch(number) for number in range(5)])):
        assert names == [str(number)]
        order.append(number)
        if len(order) == 4:
            others_done.set()
    assert (order[-1], sorted(order)) == (0, [0, 1, 2, 3, 4])


def test_a_slow_host_in_every_batch_keeps_its_own_seeds_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each of many batches all but the slow seed is handed out before that host says a word."""
    monkeypatch.setattr(loop, "PATIENCE_S", 0.01)
    answers = Event()
    many = range(2 * loop._AT_ONCE)

    def responses(_: int, tasks: Sequence[Task], wanted: Callable[[], bool]) -> Iterator[list[Acquired]]:
        quick = [got(task.key) for task in tasks if not task.key.startswith("slow")]
        while not wanted():
            answers.wait(0.01)
        yield quick
        assert answers.wait(60)
        yield [got(task.key) for task in tasks if task.key.startswith("slow")]

    names: list[str] = []
    batches = iter([batch(number, f"slow {number}", f"{number} a", f"{number} b", f"{number} c") for number in many])
    for _, some in handed_out(monkeypatch, responses, batches):
        names += some
        if len(names) == 3 * len(many):
            assert not any(name.startswith("slow") for name in names)
            answers.set()
    assert len(set(names)) == len(names) == 4 * len(many)


def test_no_more_is_begun_than_may_be_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all are slow, so many seeds are claimed as three batches have, and more when some of them have come."""
    monkeypatch.setattr(loop, "PATIENCE_S", 0.0)
    claimed: list[int] = []
    all_claimed = Event()

    def claims() -> Iterator[Batch]:
        for number in range(4):
            claimed.append(number)
            if len(claimed) == loop._AT_ONCE:
                all_claimed.set()
            yield batch(number)

    seen: list[list[int]] = []

    def responses(number: int, tasks: Sequence[Task], wanted: object) -> Iterator[list[Acquired]]:
        assert all_claimed.wait(60)
        seen.append(list(claimed))
        yield from all_at_once(number, tasks, wanted)

    assert len(list(handed_out(monkeypatch, responses, claims()))) == 4
    assert seen[0] == [0, 1, 2]


def test_one_batch_is_fetched_while_another_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is slow the next batch is begun before one is handed out, and no more than that."""
    monkeypatch.setattr(loop, "PATIENCE_S", 3600.0)
    claimed: list[int] = []

    def claims() -> Iterator[Batch]:
        for number in range(4):
            claimed.append(number)
            yield batch(number)

    assert [len(claimed) - number for number, _ in handed_out(monkeypatch, all_at_once, claims())] == [2, 2, 2, 1]


def test_what_a_batch_raises_is_raised_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch that cannot be fetched ends the run with its error."""

    def responses(number: int, _: object, __: object) -> Iterator[list[Acquired]]:
        raise OSError(number)
        yield []

    with pytest.raises(OSError, match="7"):
        list(handed_out(monkeypatch, responses, iter([batch(7)])))
