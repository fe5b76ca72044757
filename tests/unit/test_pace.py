"""How many seeds are claimed at once."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from flows.loop import Pace
from flows.stages import Acquired
from ingest.model import Page, Seed
from storage.seeds import Task


def batches(pace: Pace, left: int, body: bytes = b"") -> list[int]:
    """The sizes of the batches of a run, all of whose pages are alike."""
    seed = Seed(url="https://news.example/a")
    page = Page(seed=seed, final_url=seed.url, body=body, fetched_at=datetime.now(UTC))
    one: Acquired = (Task(key="a", seed=seed), page)
    sizes = []
    while left:
        sizes.append(min(left, pace.size(left)))
        left -= sizes[-1]
        pace.saw([one] * sizes[-1])
    return sizes


def test_the_first_and_the_last_batches_are_smaller() -> None:
    """What has no partner is short: the first fetch, the last storing."""
    assert batches(Pace(100), 400) == [50, 100, 100, 100, 25, 25]


def test_a_handful_is_one_batch() -> None:
    """Few seeds are not parted."""
    assert batches(Pace(100), 12) == [12]


def test_large_pages_come_in_small_batches() -> None:
    """No batch holds much more than 16 MB, once it is known how large the pages are; one page may be larger."""
    assert max(batches(Pace(100), 400, bytes(1_000_000))[1:]) == 16
    assert set(batches(Pace(10), 30, bytes(17_000_000))[1:]) == {1}


@given(st.integers(1, 1000), st.integers(1, 3000))
def test_batches_are_never_empty_nor_too_large(most: int, left: int) -> None:
    """Each takes something, and no more than is set."""
    assert all(1 <= size <= most for size in batches(Pace(most), left))
