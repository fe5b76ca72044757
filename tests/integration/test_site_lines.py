"""Lines of a site are taken out of a batch before it is stored, and what is stored is what the database says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest
from support.making import key_of, make_stored
from support.pages import ENGLISH, ENGLISH_TOO, GERMAN

from flows.making import make
from flows.site_lines import Digested, Lined, Trimmer, foresee, left_for_later, without_site_lines
from ingest import pipeline
from ingest.model import MOST_SITE_LINES, Record, Seed
from storage.seeds import Task
from storage.site_lines import remember_lines
from storage.store import Store

MOTTO = "The paper of the lower town since 1871"
NOTICE = "Write to the desk by the ferry stairs"


def digested(path: str, *paragraphs: str) -> Digested:
    """A page of the site that was read."""
    url = f"https://courier.example/{path}"
    return Digested(Task(key=key_of(url), seed=Seed(url=url)), make_stored("\n\n".join(paragraphs), url))


LONG = [f"Lantern {chr(97 + number)} of the pier is lit at dusk" for number in range(MOST_SITE_LINES)]
BATCHES = [
    [digested("a", ENGLISH, MOTTO), digested("b", GERMAN, MOTTO, NOTICE)],
    [digested("c", ENGLISH_TOO, MOTTO, NOTICE), digested("d", ENGLISH)],
    [digested("e", GERMAN, ENGLISH, NOTICE), digested("f", *LONG[:24], NOTICE, *LONG[24:])],
]


def by_worker(asked: Sequence[Lined]) -> Mapping[int, Record]:
    """What worker processes answer."""
    made = {place: make(one) for place, one in enumerate(asked)}
    return {place: one for place, one in made.items() if isinstance(one, Record)}


def kept(store: Store, trimmer: Trimmer, between: Iterable[Digested] = ()) -> list[tuple[object, str]]:
    """What is stored of each batch; other processes store something between foresight and the last."""
    found: list[tuple[object, str]] = []
    for batch in BATCHES:
        foreseen = foresee(store, trimmer, batch)
        with store.writing() as tx:
            if batch is BATCHES[-1]:
                remember_lines(tx, {one.task.key: one.result.site_lines for one in between})  # type: ignore[union-attr, misc]
            found += [(record, sha) for _, record, sha in without_site_lines(tx, foreseen)]
    return found


@pytest.mark.parametrize("between", [[], [digested("g", LONG[0]), digested("h", LONG[0])]])
def test_foresight_changes_nothing(tmp_path: Path, between: list[Digested]) -> None:
    """What the workers prepared is what would have been made, also where others have met a line meanwhile."""
    with Store(f"sqlite:///{tmp_path / 'one.db'}") as one, Store(f"sqlite:///{tmp_path / 'other.db'}") as other:
        plain = kept(one, left_for_later, between)
        assert kept(other, by_worker, between) == plain
    texts = [record.article.text for record, _ in plain if isinstance(record, Record)]
    assert [MOTTO in text for text in texts] == [True, True, False, False, False, False]
    assert [NOTICE in text for text in texts] == [False, True, True, False, False, False]
    assert (LONG[0] in texts[-1]) == (not between)


def test_nothing_is_left_to_whoever_stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody else stores anything, no record is made anew in the transaction that stores it."""
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        monkeypatch.setattr(pipeline, "forget_lines", lambda *_: pytest.fail("a record was made anew"))
        assert len(kept(store, by_worker)) == sum(map(len, BATCHES))
