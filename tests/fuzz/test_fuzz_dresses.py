"""A page in another dress gives the same text: wrapped, minified, unclosed, in other tags and under other names."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings
from support.dresses import dresses
from support.fuzzing import LONG
from support.pages import page

from ingest.extract.page import extract
from ingest.model import Article

FOLDER = Path(__file__).parents[1] / "fixtures" / "pages"
NAMES = sorted(path.stem for path in FOLDER.glob("*.html"))
UNNAMED = ("divs", "only divs", "hashed names")
"""Dresses without names that tell what is what: nearly all words are the same; in all others every word is."""

NEAR = 0.92


def _words(markup: str) -> list[str]:
    article = extract(page(markup))
    return article.text.split() if isinstance(article, Article) else []


@pytest.mark.parametrize("name", NAMES)
def test_another_dress(name: str) -> None:
    """Each variant of a page has the same words in its text, nearly all without names; a short run tries four."""
    if name not in NAMES[:4] and settings.get_current_profile_name() != LONG:
        pytest.skip("in `make fuzz`")
    try:
        markup = (FOLDER / f"{name}.html").read_text("utf-8")
    except UnicodeDecodeError:
        pytest.skip("its charset is what it is about")
    wanted = _words(markup)
    found = {dress: _words(changed) for dress, changed in dresses(markup, Random(7))}
    other = [dress for dress, words in found.items() if words != wanted and dress not in UNNAMED]
    assert not other
    common = {dress: (Counter(found[dress]) & Counter(wanted)).total() for dress in UNNAMED}
    assert all(2 * same >= NEAR * (len(wanted) + len(found[dress])) for dress, same in common.items()), common
