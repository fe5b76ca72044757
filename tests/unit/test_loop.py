"""In which order batches are handed out."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from flows import loop


def test_a_slow_batch_keeps_no_other_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is fetched meanwhile is handed out, and the slow batch when it comes: here it comes after all others."""
    monkeypatch.setattr(loop, "_PATIENCE_S", 0.01)
    others_done = Event()

    def fetch(item: int) -> int:
        if item == 0:
            assert others_done.wait(60)
        return item

    order = []
    with ThreadPoolExecutor(3) as executor:
        for item, made in loop._as_they_come(executor, fetch, range(5)):
            assert made.result() == item
            order.append(item)
            if len(order) == 4:
                others_done.set()
    assert order[-1] == 0
    assert sorted(order) == list(range(5))


def test_no_more_is_begun_than_may_be_fetched_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all are slow, three batches are claimed, and a fourth when one of them has come."""
    monkeypatch.setattr(loop, "_PATIENCE_S", 0.0)
    claimed: list[int] = []
    all_claimed = Event()

    def claims() -> Iterator[int]:
        for item in range(4):
            claimed.append(item)
            if len(claimed) == 3:
                all_claimed.set()
            yield item

    def fetch(item: int) -> list[int]:
        assert all_claimed.wait(60)
        return list(claimed)

    with ThreadPoolExecutor(3) as executor:
        made = [future.result() for _, future in loop._as_they_come(executor, fetch, claims())]
    assert made[0] == [0, 1, 2]
    assert len(made) == 4


def test_one_batch_is_fetched_while_another_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is slow the next batch is begun before one is handed out, and no more than that."""
    monkeypatch.setattr(loop, "_PATIENCE_S", 3600.0)
    claimed: list[int] = []

    def claims() -> Iterator[int]:
        for item in range(4):
            claimed.append(item)
            yield item

    with ThreadPoolExecutor(3) as executor:
        ahead = [len(claimed) - item for item, _ in loop._as_they_come(executor, lambda item: item, claims())]
    assert ahead == [2, 2, 2, 1]


def test_what_a_batch_raises_is_raised_where_it_is_asked_for() -> None:
    """A batch that cannot be fetched is handed out like any other."""

    def fetch(item: int) -> int:
        raise OSError(item)

    with ThreadPoolExecutor(3) as executor:
        for item, made in loop._as_they_come(executor, fetch, [7]):
            with pytest.raises(OSError, match="7"):
                made.result()
            assert item == 7
