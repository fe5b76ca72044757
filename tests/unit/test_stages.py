"""What a batch does with pages whose process died."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

from flows.stages import Digest, Work, digest
from ingest.model import Page, Seed, SiteRule, UrlKey
from ingest.outcome import Reason, Rejection, Stage
from ingest.workers import WorkerDeath
from storage.seeds import Task

LATE = WorkerDeath(timed_out=True, detail="took more than 10 s of processor time")
READ = Rejection(url="", source=None, stage=Stage.EXTRACT, reason=Reason.NO_TEXT, detail="read to its end")


class Pool:
    """Reads a page in time if its address says so, or if it is alone; keeps how many were given at once."""

    def __init__(self) -> None:
        self.given: list[int] = []

    def run(self, items: Iterable[Page]) -> Iterator[tuple[int, Digest]]:
        """Answer for each page."""
        pages = list(items)
        self.given.append(len(pages))
        for position, page in enumerate(pages):
            good = (
                "good" in page.seed.url
                or ("rule" in page.seed.url and page.rule is None)
                or ("alone" in page.seed.url and len(pages) == 1)
            )
            yield position, READ if good else LATE


def digested(*names: str) -> tuple[list[int], list[Reason]]:
    """How many pages were given at once, and what became of each."""
    acquired = []
    for name in names:
        seed = Seed(url=f"https://news.example/{name}")
        rule = SiteRule(host="news.example", version="1") if "rule" in name else None
        page = Page(seed=seed, final_url=seed.url, body=b"", fetched_at=datetime.now(UTC), rule=rule)
        acquired.append((Task(key=UrlKey(name), seed=seed), page))
    pool = Pool()
    outcomes = [one.result for one in digest(cast(Work, SimpleNamespace(workers=pool)), acquired)]
    assert all(isinstance(result, Rejection) for result in outcomes)
    return pool.given, [cast(Rejection, result).reason for result in outcomes]


def test_a_late_page_is_tried_once_more_alone() -> None:
    """What was only late because of the others becomes what it is."""
    given, reasons = digested("good", "alone", "late")
    assert given == [3, 1, 1]
    assert reasons == [Reason.NO_TEXT, Reason.NO_TEXT, Reason.EXTRACT_TIMEOUT]


def test_a_batch_of_endless_pages_is_not_tried_twice() -> None:
    """After three that are late alone, too, the others stay rejected."""
    given, reasons = digested(*(f"late-{number}" for number in range(50)))
    assert given == [50, 1, 1, 1]
    assert set(reasons) == {Reason.EXTRACT_TIMEOUT}


def test_a_rule_that_takes_too_long_costs_no_page() -> None:
    """What is late by the rule of its site is read without it."""
    given, reasons = digested("good", "rule", "rule-too", "late")
    assert given == [4, 1, 1, 1, 2]
    assert reasons == [Reason.NO_TEXT, Reason.NO_TEXT, Reason.NO_TEXT, Reason.EXTRACT_TIMEOUT]
