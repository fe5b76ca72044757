"""Texts that stay ready for a comparison are bounded by their number and by their length."""

from __future__ import annotations

import pytest

from flows import ready
from ingest.dedup.compare import Text
from ingest.model import UrlKey


def text_of(number: int, characters: int) -> Text:
    """A text of so many characters that is like no other."""
    words = f"harbour {number} " * (characters // 8)
    return Text(key=UrlKey(f"{number:064x}"), text=words[:characters], language="en", side="original")


@pytest.mark.parametrize(("characters", "left"), [(100, 4), (500, 2), (5_000, 1)], ids=["short", "long", "too long"])
def test_long_texts_leave_room_for_fewer(characters: int, left: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that were used last stay, one at least, and are not made again."""
    monkeypatch.setattr(ready, "_KEPT", ready._Kept())
    monkeypatch.setattr(ready, "_KEPT_TEXTS", 4)
    monkeypatch.setattr(ready, "_KEPT_CHARACTERS", 1_200)
    texts = [text_of(number, characters) for number in range(6)]
    made = [ready._prepared(one, "", b"", frozenset()) for one in texts]
    kept = [one for one in texts if ready._KEPT.get((one, "", b"", frozenset())) is not None]
    assert kept == texts[-left:]
    assert ready._prepared(texts[-1], "", b"", frozenset()) is made[-1]
