"""Series that nobody has seen: reports of one frame are told apart by their facts, copies of one report are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.frames import COPIES, LANGUAGES, sibling
from support.linking import edition, groups, keep

from storage.store import Store

SIBLINGS = 8
COPIED = (1, 4)


@pytest.mark.parametrize("language", LANGUAGES)
def test_reports_of_one_frame_stay_apart_and_their_copies_together(tmp_path: Path, language: str) -> None:
    """In any language and script: names, numbers and dates conflict by where they stand, not by a list."""
    series = [edition(f"s{number}", sibling(language, number)) for number in range(SIBLINGS)]
    copies = [
        edition(f"s{number}-{name}", copy(sibling(language, number)))
        for number in COPIED
        for name, copy in COPIES.items()
    ]
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        keep(store, [*series, *copies])
        assert groups(store) == {frozenset([f"s{n}", *(f"s{n}-{name}" for name in COPIES)]) for n in COPIED}


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_lone_siblings_stay_apart(tmp_path: Path, language: str) -> None:
    """Without a series to know them by."""
    for pair in range(4):
        with Store(f"sqlite:///{tmp_path / f'{pair}.db'}") as store:
            keep(store, [edition(f"s{n}", sibling(language, 100 + 2 * pair + n)) for n in range(2)])
            assert groups(store) == set()
