"""Pieces that a pattern cannot do without."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.lang.needles import needles
from ingest.lang.notes import _machine_needles, _machine_rows


@pytest.mark.parametrize(
    ("patterns", "wanted"),
    [
        (["(?:this|that) boat (?:is|was) mended"], (" mended",)),
        (["(?:mended|sold|burnt) by"], ("burnt", "mended", "sold")),
        (["(?:quite )?mended?"], ("mende",)),
        (["boat(?: \\w+){0,3} sold", "(?:lamp|lantern)s? lit"], (" lit", " sold")),
        (["(?:oars)+", "soars"], ("oars",)),
        (["mended", "[abc]?"], ()),
    ],
)
def test_pieces_that_a_text_must_hold(patterns: list[str], wanted: tuple[str, ...]) -> None:
    """Of the pieces that a pattern requires the longest is told, of alternatives all, and none where one needs none."""
    assert needles(patterns) == wanted


_PIECES = st.recursive(
    st.text("abc ", min_size=1, max_size=3),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda some: f"(?:{'|'.join(some)})"),
        inner.map(lambda one: f"(?:{one})?"),
        inner.map(lambda one: f"(?:{one})+"),
    ),
    max_leaves=8,
)


@given(pattern=_PIECES, data=st.data())
def test_nothing_that_a_pattern_finds_lacks_all_pieces(pattern: str, data: st.DataObject) -> None:
    """Each text that a pattern finds holds a piece, if there are any."""
    text = data.draw(st.from_regex(pattern, fullmatch=True))
    pieces = needles([pattern])
    assert not pieces or any(piece in text for piece in pieces)


def test_notes_on_translation_are_looked_for_by_pieces() -> None:
    """The patterns of notes on machine translation have pieces, long enough to tell most lines from them."""
    pieces = _machine_needles()
    assert len(pieces) < len(_machine_rows(".*"))
    assert all(len(piece) >= 2 for piece in pieces)
    assert not any(re.search(re.escape(piece), "the ferry left the harbour at nine") for piece in pieces)
