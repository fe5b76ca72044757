"""robots.txt is read as if by its one reader."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from ingest.fetch.robots import parse_robots

URLS = [f"https://example.org{path}" for path in ("/", "/?q", "/a", "/a/b", "/b", "/b.pdf", "/ab")]

_agent = st.sampled_from(["*", "newsmill", "NewsMill", "rival", "rival/2.0", "Mozilla"])
_path = st.sampled_from(["/", "/?", "/a", "/a/", "/*.pdf$", "/b", "/*b", "", "/a$"])
_line = st.one_of(
    _agent.map("User-agent: {}".format),
    st.tuples(st.sampled_from(["Disallow", "allow"]), _path).map(": ".join),
    st.sampled_from(["", "# a comment", "Crawl-delay: 2.5", "Sitemap: https://example.org/s.xml", "nonsense"]),
)


@given(st.lists(_line, max_size=14).map("\n".join))
def test_joining_the_others_changes_nothing_for_us(text: str) -> None:
    """Protego says the same of every URL whether the other agents are kept apart or made one."""
    whole, ours = Protego.parse(text), parse_robots(text, "newsmill")
    assert [ours.can_fetch(url, "newsmill") for url in URLS] == [whole.can_fetch(url, "newsmill") for url in URLS]
    assert ours.crawl_delay("newsmill") == whole.crawl_delay("newsmill")
    assert list(ours.sitemaps) == list(whole.sitemaps)


@given(st.one_of(st.text(), st.lists(st.one_of(_line, st.text(max_size=9))).map("\n".join)))
def test_any_text_is_a_robots_txt(text: str) -> None:
    """Whatever a server sends under that name, there are rules."""
    assert parse_robots(text, "newsmill").can_fetch("https://example.org/a", "newsmill") in (True, False)


@pytest.mark.parametrize(
    ("agent", "holds"),
    [("newsmill", True), ("NEWSMILL", True), ("newsmill/1.0", True), ("newsmill*", True), ("newsmill # us", True),
     ("*", True), ("n", False), ("news", False), ("newsmill-pro", False), ("rival", False), ("", False)],
)  # fmt: skip
def test_a_group_is_ours_if_it_names_us_in_full(agent: str, *, holds: bool) -> None:
    """The product token, whatever its case and version, or everybody."""
    rules = parse_robots(f"User-agent: {agent}\nDisallow: /", "newsmill")
    assert rules.can_fetch("https://example.org/a", "newsmill") is not holds


def test_a_crowd_of_agents_costs_no_time() -> None:
    """Rules that thousands of agents share are kept once; kept for each they would take half a minute."""
    crowd = "".join(f"User-agent: bot{number}\n" for number in range(3_000))
    began = time.process_time()
    parse_robots(crowd + "Disallow: /*$x\n" * 3_000, "newsmill")
    assert time.process_time() - began < 1.5
