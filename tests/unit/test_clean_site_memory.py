"""Lines of a site, told by counting."""

from __future__ import annotations

import pytest
from support.making import make_article
from support.pages import ENGLISH, ENGLISH_TOO, GERMAN, SWEDISH

from ingest.clean import candidate_lines, line_key, without_lines
from ingest.model import MOST_SITE_LINES, Residue

SITE = "courier.example"
MOTTO = "The paper of the lower town since 1871"
TEXT = (ENGLISH, ENGLISH_TOO, SWEDISH)


def test_keys_are_fixed() -> None:
    """A key is a signed 64-bit number that never changes: stores keep it."""
    assert line_key(SITE, MOTTO) == 873_851_051_563_817_003


@pytest.mark.parametrize(
    "line", [MOTTO.upper(), f" {MOTTO}\u00a0", MOTTO.replace("1871", "1902"), MOTTO.replace(" ", "  ")]
)
def test_equal_lines_have_equal_keys(line: str) -> None:
    """Case, spacing and numbers do not count; another site's line is another line."""
    assert line_key(SITE, MOTTO) == line_key(SITE, line)
    assert line_key(SITE, MOTTO) != line_key("other.example", line)


def test_candidates_and_their_removal() -> None:
    """Keys worth counting are those by which a line is taken out again."""
    article = make_article("\n\n".join((*TEXT, MOTTO)))
    keys = candidate_lines(article)
    assert line_key(SITE, MOTTO) in keys
    assert sorted(keys) == list(keys)
    without = without_lines(article, {line_key(SITE, MOTTO)})
    assert tuple(block.text for block in without.blocks) == TEXT
    assert (Residue(text=MOTTO, rule="site_memory"),) == without.residue
    assert article == without_lines(article, set())


def test_the_lines_nearest_to_the_edges_are_counted() -> None:
    """A long page gives as many keys as a number says, from its top and bottom."""
    lines = [f"line {chr(97 + number % 26)}{chr(97 + number // 26)}" for number in range(4 * MOST_SITE_LINES)]
    keys = candidate_lines(make_article("\n\n".join(lines)))
    assert len(keys) == MOST_SITE_LINES
    assert {line_key(SITE, lines[0]), line_key(SITE, lines[-1])} <= set(keys)
    assert line_key(SITE, lines[2 * MOST_SITE_LINES]) not in keys


def test_a_local_file_has_no_site() -> None:
    """Without a site nothing is counted and nothing taken out."""
    article = make_article("\n\n".join((*TEXT, MOTTO)), url="https://a.example/", requested_url="file:///a")
    local = make_article("\n\n".join((*TEXT, MOTTO)))
    assert candidate_lines(article) != ()
    object.__setattr__(local, "url", "file:///tmp/a.txt")
    assert ((), local) == (candidate_lines(local), without_lines(local, {line_key("", MOTTO)}))


def test_the_guard_holds() -> None:
    """Text that a site prints on every page, its only text, is kept, and the article says so."""
    article = make_article(f"{ENGLISH}\n\n{GERMAN}\n\n{SWEDISH}")
    keys = {line_key(SITE, block.text) for block in article.blocks}
    assert (article.blocks, ("clean_guard",)) == ((kept := without_lines(article, keys)).blocks, kept.flags)
