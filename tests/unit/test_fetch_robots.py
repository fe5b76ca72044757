"""robots.txt is read as if by its one reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego
from support.effort import no_more_than_a_moment

from ingest.fetch.robots import parse_robots
from ingest.fetch.targets import parse_url

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
    with no_more_than_a_moment():
        parse_robots(crowd + "Disallow: /*$x\n" * 3_000, "newsmill")


def _allows(rules: str, path: str) -> bool:
    """What a reader named newsmill is told about a path by the rules of a group for everyone."""
    url = str(parse_url(f"https://zeitung.test{path}"))
    return bool(parse_robots(f"User-agent: *\n{rules}", "newsmill").can_fetch(url, "newsmill"))


@pytest.mark.parametrize(
    ("rule", "path", "forbidden"),
    [
        # The start of the path, with its query, case-sensitive (RFC 9309, 2.2.2).
        ("/archiv", "/archiv", True),
        ("/archiv", "/archiv/2024", True),
        ("/archiv", "/archive.html", True),
        ("/archiv", "/archiv?seite=2", True),
        ("/archiv", "/Archiv", False),
        ("/archiv", "/de/archiv", False),
        ("/archiv/", "/archiv", False),
        ("/archiv?seite=2", "/archiv?seite=25", True),
        ("/archiv?seite=2", "/archiv?seite=1", False),
        ("/", "/anything", True),
        ("/", "/robots.txt", False),
        ("", "/anything", False),
        # Octets outside ASCII and their escapes are the same, in either direction and either case.
        ("/новости/", "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1", True),
        ("/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/", "/новости/1", True),
        ("/%d0%bd%d0%be%d0%b2%d0%be%d1%81%d1%82%d0%b8/", "/новости/1", True),
        ("/f%C3%A4rjor", "/färjor/a", True),
        ("/%66erry", "/ferry", True),
        ("/ferry", "/%66erry", True),
        # An escaped slash is no slash.
        ("/a%2Fb", "/a/b", False),
        ("/a/b", "/a%2Fb", False),
        ("/a%2fb", "/a%2Fb/c", True),
        # Wildcards and the end (2.2.3).
        ("/*.pdf$", "/berichte/2024.pdf", True),
        ("/*.pdf$", "/berichte/2024.pdf?download", False),
        ("/*.pdf", "/berichte/2024.pdf?download", True),
        ("/a/*/druck", "/a/b/c/druck/1", True),
        ("/a/*/druck", "/a/druck", False),
        ("/a*", "/abc", True),
        ("*/druck", "/a/druck", True),
        ("/a**b", "/a-b", True),
        ("/start$", "/start", True),
        ("/start$", "/start/", False),
        ("/$", "/", True),
        ("/$", "/a", False),
        ("/a$b", "/a$b", True),
        ("/*?", "/a?b", True),
        ("/*?", "/a", False),
        ("/?", "/?q=1", True),
        ("/?", "/", False),
        # Characters that mean something to regular expressions mean nothing here.
        ("/a.b", "/axb", False),
        ("/a+b", "/aab", False),
        ("/(a|b)", "/a", False),
        ("/[a]", "/a", False),
        ("/a\\d", "/a1", False),
    ],
)
def test_a_rule_covers_what_rfc_9309_says(rule: str, path: str, *, forbidden: bool) -> None:
    """Prefix, case, escapes, wildcards and the end of the path."""
    assert _allows(f"Disallow: {rule}", path) is not forbidden


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /a\nAllow: /a/offen", "/a/offen/1", True),
        ("Allow: /a/offen\nDisallow: /a", "/a/zu", False),
        ("Allow: /a\nDisallow: /a/zu", "/a/zu/1", False),
        ("Disallow: /a\nAllow: /a", "/a/1", True),
        ("Disallow: /\nAllow: /$", "/", True),
        ("Disallow: /\nAllow: /$", "/a", False),
        ("Allow: /*.html\nDisallow: /a/b/c/d", "/a/b/c/d.html", False),
        ("Disallow: /*/intern\nAllow: /a/intern", "/a/intern", True),
        ("Disallow:\nDisallow: /b", "/b", False),
        ("Allow: /", "/a", True),
    ],
)
def test_the_longest_rule_decides_and_a_tie_allows(rules: str, path: str, *, allowed: bool) -> None:
    """The number of octets counts, not the order (2.2.2)."""
    assert _allows(rules, path) is allowed


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: *\nDisallow: /\n\nUser-agent: newsmill\nAllow: /", True),
        ("User-agent: newsmill\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        ("User-agent: newsmill\nDisallow: /x\n\nUser-agent: newsmill\nDisallow: /artikel", False),
        ("User-agent: rival\nUser-agent: newsmill\nDisallow: /", False),
        ("User-agent: rival\n\n\nUser-agent: newsmill\n# beide\nDisallow: /", False),
        ("User-agent: newsmill\nCrawl-delay: 1\nUser-agent: rival\nDisallow: /", True),
        ("User-agent: rival\nDisallow: /", True),
        ("Disallow: /", True),
        ("", True),
        ("User-agent: *\r\nDisallow: /\r\n", False),
        ("User-agent: *\rDisallow: /\r", False),
        ("USER-AGENT:*\nDISALLOW:/", False),
        ("  User-agent :  *  \n\tDisallow\t: / # alles", False),
        ("User-agent: *\n<html>nicht gefunden</html>\nDisallow: /", False),
        ("User-agent: *\nSitemap: https://zeitung.test/s.xml\nDisallow: /", False),
        ("User-agent: *\nNoindex: /\nDisallow: /", False),
    ],
)
def test_groups_and_lines_are_found(text: str, *, allowed: bool) -> None:
    """Our own group before the one for everyone, groups joined, ends of lines, blanks, comments and noise (2.2.1)."""
    rules = parse_robots(text, "newsmill")
    assert rules.can_fetch("https://zeitung.test/artikel", "newsmill") is allowed


@pytest.mark.parametrize(
    ("value", "delay_s"),
    [("2.5", 2.5), ("0.25", 0.25), ("10", 10.0), ("0", 0.0), ("soon", None), ("", None), ("2,5", None)],
)
def test_crawl_delay_may_be_a_fraction(value: str, delay_s: float | None) -> None:
    """It is no part of the RFC, but sites mean it; what is no number is no delay."""
    rules = parse_robots(f"User-agent: *\nCrawl-delay: {value}\nDisallow: /x", "newsmill")
    assert delay_s == rules.crawl_delay("newsmill")


def test_a_crowd_of_wildcards_costs_no_time() -> None:
    """A pattern that could be matched in a million ways is matched in one look."""
    with no_more_than_a_moment():
        assert _allows("Disallow: /" + "*a" * 500 + "b$", "/" + "a" * 4_000)
