"""Links lead somewhere, files that are named exist, figures are those of the code."""

from __future__ import annotations

import re

import pytest
from support.documents import FENCE, NAMES, ROOT, text_of

from flows import acquire, orders
from ingest.dedup.compare import LINKED
from ingest.extract.page import PREVIEW_WORDS
from ingest.fetch.policy import FetchPolicy
from ingest.language import LANGUAGES
from ingest.pipeline import SHORT_WORDS
from storage import seeds
from storage.site_lines import RESIDUE_PAGES

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(?P<title>.+)$", re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_every_relative_link_leads_somewhere(name: str) -> None:
    """Links between documents lead to files and headings that exist."""
    for target in _LINK.findall(FENCE.sub("", text_of(name))):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        path = (ROOT / name).parent / file if file else ROOT / name
        assert path.exists(), f"{name}: the link {target} leads to no file: mend it, or write the file"
        if anchor:
            anchors = {_slug(title) for title in _HEADING.findall(path.read_text(encoding="utf-8"))}
            assert anchor in anchors, f"{name}: the link {target} leads to no heading; there are: {sorted(anchors)}"


def _slug(title: str) -> str:
    """A heading's anchor, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("name", NAMES)
def test_lines_can_be_read_in_a_terminal(name: str) -> None:
    """Text has lines of 120 characters at most; tables, blocks and what a benchmark wrote are as long as they are."""
    text = FENCE.sub("", re.sub(r"<!-- from .*: begin -->.*<!-- from .*: end -->", "", text_of(name), flags=re.DOTALL))
    assert [line for line in text.splitlines() if len(line) > 120 and not line.startswith("|")] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_table_names_a_thing_twice(name: str) -> None:
    """What stands in backquotes in the first column of a table has one row there."""
    for table in re.findall(r"(?:^\|.*\n)+", text_of(name), re.MULTILINE):
        named = re.findall(r"^\| (`[^|]+`) \|", table, re.MULTILINE)
        assert sorted(set(named)) == sorted(named), f"{name}: join the rows of one name"


@pytest.mark.parametrize("name", NAMES)
def test_every_module_that_is_named_exists(name: str) -> None:
    """A file of ours that a document names is there."""
    ours = {
        path.name
        for top in ("flows", "ingest", "storage", "tests", "benchmarks")
        for path in (ROOT / top).rglob("*.py")
    }
    named = set(re.findall(r"(\w+\.py)\b", text_of(name))) - {"move.py", "serve_news.py"}
    assert named <= ours, f"{name}: there is no {', '.join(sorted(named - ours))}"


def test_numbers_in_the_documents_are_those_of_the_code() -> None:
    """What the pages say in figures is what the constants are."""
    policy = FetchPolicy()
    assert (policy.robots_ttl_s, policy.crawl_delay_cap_s, policy.retry_after_cap_s, policy.max_redirects) == (
        86_400, 120, 60, 5
    ), "docs/operate.md, Politeness: bring the figures up to date, and then this test"  # fmt: skip
    assert (policy.max_ratio, RESIDUE_PAGES, orders.NEWS.days, orders._RETRIED_FOR.days, seeds._BELIEVED.days) == (
        100, 3, 3, 3, 7
    ), "docs/operate.md and docs/record.md: bring the figures up to date, and then this test"  # fmt: skip
    said = {
        "README.md": [f"{len(LANGUAGES)} are told apart", f"{len(LANGUAGES)} languages", f"under {SHORT_WORDS} words"],
        "docs/record.md": [
            f"one of {len(LANGUAGES)}", f"Fewer than {SHORT_WORDS} words", f"fewer than {PREVIEW_WORDS} words",
            f"shows {PREVIEW_WORDS} words or more", f"{LINKED} to 1", "a hundred times", "three pages of the site",
            "tries it again for three days",
        ],
        "docs/operate.md": [
            "believed for a day", "up to two minutes", "up to a minute", "followed five times",
            "a hundred times its size", "within the last three days", "in a run of the last three days", "after a week",
            f"every {acquire._SYNC_EVERY} pages",
        ],
    }  # fmt: skip
    for name, phrases in said.items():
        for phrase in phrases:
            assert phrase in " ".join(text_of(name).split()), (
                f"{name}: it should say {phrase!r}, which is what the code does"
            )
