"""Rules for one site: what files say, which page they are for, and how far they are believed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.making import make_page
from support.mended import FAIR, HOSTS, QUAY, Mended, html, paragraphs

from ingest.errors import InputError
from ingest.model import Article, Page, Record, Seed, SiteRule, Via
from ingest.outcome import Rejection
from ingest.pipeline import process_page
from ingest.reading import read_many
from ingest.sites.file import SiteFile
from ingest.sites.ftr import KEYS, read_ftr
from ingest.sites.own import read_own
from ingest.sites.rules import NO_RULES, SiteRules, load_rules, read_site_file
from ingest.workers import WorkerDeath
from ingest.xpath import as_xpath, checked, found_by, literal

STORY = html(f"<h1>The quay closes</h1><article>{paragraphs(*QUAY)}</article>")


def _file(one: Mended) -> SiteFile:
    return (read_ftr if one.ftr else read_own)(one.rule, one.host)


def _read(page: str | Page, rule: SiteRule | None) -> Record | Rejection:
    got = make_page(page.encode(), "https://bay.example/a") if isinstance(page, str) else page
    return process_page(replace(got, rule=rule))


def _article(page: str, toml: str) -> Article:
    made = _read(page, read_own(toml, "bay.example").rule)
    assert isinstance(made, Record), made
    return made.article


def _is_right(one: Mended, made: Record | Rejection) -> bool:
    if isinstance(made, Rejection):
        return False
    article = made.article
    roles = {
        str(role): [block.role for block in article.blocks].count(role) for role in {b.role for b in article.blocks}
    }
    told: dict[str, Any] = {name: getattr(article, name) for name in one.facts if name != "roles"}
    told = {name: value.isoformat() if name == "published_at" and value else value for name, value in told.items()}
    return (
        all(text in article.text for text in one.has)
        and not any(text in article.text for text in one.lacks)
        and told == {name: value for name, value in one.facts.items() if name != "roles"}
        and one.facts.get("roles", {}).items() <= roles.items()
    )


@pytest.mark.parametrize("one", HOSTS, ids=lambda one: one.host)
def test_a_rule_mends_a_page_that_is_read_wrongly(one: Mended) -> None:
    """A page that comes out wrong in the general way is right by the rule of its site, and the record says so."""
    page = make_page(one.page.encode(), f"https://{one.host}/a")
    file = _file(one)
    made = _read(page, file.rule)
    assert not _is_right(one, _read(page, None))
    assert _is_right(one, made)
    assert file.problems == ()
    assert isinstance(made, Record)
    assert made.article.provenance.extractor.endswith(f", rule {one.host} {file.rule.version}")
    assert "site rule" in dict(made.article.origins).values()


def test_there_are_twenty_hosts() -> None:
    """The table holds twenty hosts, each once."""
    assert len({one.host for one in HOSTS}) == len(HOSTS) == 20


@pytest.mark.parametrize(
    "rule",
    [
        'body = "div.gone"',
        'body = "nav"',
        'body = "footer p"',
        'body = "//article/p[1]/text()[1]"\ntitle = "h1"',
        'json_path = "a.b"',
        'title = "h6"',
        'body = "article"\nstrip = "//*"',
    ],
)
def test_a_rule_that_finds_too_little_is_not_believed(rule: str) -> None:
    """A rule that finds nothing, next to nothing or only links leaves the record as it is without it, with a flag."""
    without, made = _read(STORY, None), _article(STORY, rule)
    assert isinstance(without, Record)
    assert "site_rule_failed" in made.flags
    assert made == without.article.flagged("site_rule_failed") or made.text == without.article.text
    assert "rule" not in made.provenance.extractor


def test_a_rule_that_is_another_text_is_told() -> None:
    """Where the general reading has little of what a rule finds, the rule's text is taken, with a flag."""
    page = html(f"<h1>The quay closes</h1><article>{paragraphs(*QUAY)}</article><div id='b'>{paragraphs(*FAIR)}</div>")
    made = _article(page, 'body = "#b"')
    assert FAIR[0] in made.text
    assert "site_rule_differs" in made.flags


def test_a_trusted_rule_is_believed_however_little_it_finds() -> None:
    """With `trusted` one line is the text."""
    made = _article(STORY, 'body = "//article/p[2]"\ntrusted = true')
    assert made.text == QUAY[1]


def test_a_rule_that_is_not_meant_for_a_page_changes_nothing() -> None:
    """With `only_if` a rule leaves pages alone in which nothing of that is."""
    without = _read(STORY, None)
    made = _read(STORY, read_own('body = "p"\nonly_if = "div.blog"', "bay.example").rule)
    assert made == without


def test_facts_of_a_rule_that_fails_are_not_believed() -> None:
    """Where the text of a rule is gone, so are its facts: the site is another one by now."""
    made = _article(STORY, 'body = "div.gone"\ntitle = "footer p"')
    assert made.title == "The quay closes"


def test_links_marks_levels_and_captions_are_those_of_the_page() -> None:
    """What a rule finds has its links, emphasis, levels and captions like any other text."""
    page = html(
        f"<h1>The quay closes</h1><div id='b'><h2>Piles</h2><p>{QUAY[0]} <a href='/piles'>More of it</a> is <b>bad</b>."
        f"</p><figure><img src='/a.jpg'><figcaption>The old quay.</figcaption></figure><p>{QUAY[1]}</p>"
        "<table><tr><td>Piles</td><td>400</td></tr></table></div>"
    )
    blocks = _article(page, 'body = "#b"').blocks
    assert [(block.role, block.level) for block in blocks] == [
        ("heading", 2), ("body", None), ("caption", None), ("body", None), ("table", None),
    ]  # fmt: skip
    assert [(mark.kind, mark.words) for mark in blocks[1].marks] == [("link", "More of it"), ("bold", "bad")]
    assert blocks[4].text == "Piles | 400"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("div[", "CSS"), ("", "CSS"), ("//p[", "Invalid"), ("//x:p", "prefix"), ("//p[$x]", "variable"),
        ("//p[matches(., 'x')]", "matches()"), ("//p[re:test(., '(a+)+$')]", "re:test()"),
        ("//p[lower-case(@a) = 'b']", "lower-case()"), ("//*[//*[//*]]", "again and again"),
        ("//a[count(//a[count(//a) > 1]) > 2]", "again and again"),
        ("/html/following::*/following::*/following::*", "again and again"), ("//p" * 1000, "longer"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused(written: str, why: str) -> None:
    """What is no CSS, no XPath 1.0, or would take for ever is refused with the reason."""
    with pytest.raises(InputError, match=why.replace("(", "\\(").replace(")", "\\)")):
        as_xpath(written)


@pytest.mark.parametrize(
    "written",
    [
        "//div[descendant::p[descendant::a]]", "//div[.//p[.//a[.//b]]]//p[not(.//i)]", "(//article)[1]",
        "//a | //b[not(//i)] | //c", "//footer/self::footer | //footer/following-sibling::*",
        "//*[contains(text(), 'See also: [more]')]/ancestor::div[1]", "//time/@datetime", "xpath:concat('a', //b)",
        "//li[(position() mod 2) = 1]", "div > p.a, #b", "./body//p",
    ],
)  # fmt: skip
def test_what_people_write_can_be_used(written: str) -> None:
    """Unions, axes, predicates within each other and strings with signs in them are fine."""
    assert found_by(as_xpath(written), make_tree()) is not None


def make_tree() -> Any:
    """A small page."""
    from ingest.extract.tree import parse

    return parse(STORY)


@given(st.text(max_size=40))
def test_any_string_can_be_written_in_xpath(text: str) -> None:
    """A literal of XPath is the text itself, whatever quotes it holds; XML has no control characters."""
    text = "".join(one for one in text if one.isprintable())
    assert found_by(checked(f"concat({literal(text)}, '.')"), make_tree()) == [f"{text}."]


FTR = """\
# A line of words
title: //h1
title: //meta[@property="og:title"]/@content
body: //div[@id = 'text'] | //div[@class="more"]
author: //a[@rel='author']
date: substring-after(//p[@class='d'], ': ')
strip: //aside
strip_id_or_class: "promo"
strip_id_or_class: it's
strip_image_src: /pixel/
dissolve: //font
wrap_in(blockquote): //div[@class='said']
wrap_in(figure): //img
find_string: <!--more-->
replace_string:
replace_string(<p>Ad: ): <p class="ad">
next_page_link: //a[@rel='next']/@href
single_page_link: //a[@class='print']
if_page_contains: //a[@class='print']
http_header(User-Agent): Mozilla/5.0
tidy: no
prune: no
test_url: https://bay.example/a
test_contains: the quay
test https://bay.example/no-colon-key
body: //div[
find_string: nothing follows
"""


def test_a_file_of_other_readers_is_read_whole() -> None:
    """Each key ends in the rule, among what has no effect, or among what is wrong, with its line."""
    file = read_ftr(FTR, "bay.example")
    rule = file.rule
    assert rule.title == ("//h1", '//meta[@property="og:title"]/@content')
    assert rule.body == ("//div[@id = 'text'] | //div[@class=\"more\"]",)
    assert rule.date == ("substring-after(//p[@class='d'], ': ')",)
    assert rule.strip == (
        "//aside",
        "//*[contains(@class, 'promo') or contains(@id, 'promo')]",
        '//*[contains(@class, "it\'s") or contains(@id, "it\'s")]',
        "//img[contains(@src, '/pixel/')]",
    )
    assert rule.renders == (("blockquote", "//div[@class='said']"),)
    assert rule.replace == (("<!--more-->", ""), ("<p>Ad: ", '<p class="ad">'))
    assert rule.next_page == ("//a[@rel='next']/@href",)
    assert rule.single_page == ("//a[@class='print']",)
    assert file.tests == ("https://bay.example/a",)
    assert [problem.partition(":")[0] for problem in file.problems] == ["find_string", "line 26"]
    assert [one.removeprefix("line ").split(":")[0] for one in file.unused] == [
        "13", "19", "20", "21", "22", "24", "25",
    ]  # fmt: skip


_GAP = st.sampled_from(["", " ", "  ", "\t"])
_WRITTEN = st.sampled_from([
    "//div[@id='text']", "(//p)[1] | //h2", "//p[", "yes", "no", "", '"promo"', "''", "it's",
    "https://bay.example/a: b",
    '<p class="x">', "//*[contains(., 'größe')]", "substring-after(//p, ': ')", "html5php", "# no comment",
])  # fmt: skip
_AROUND = st.sampled_from(["", "# title: //h1", "   # a comment", " ", "\t"])


@st.composite
def ftr_files(draw: st.DrawFn) -> list[str]:
    """The lines of a site file: each key of the format, and others, in any spelling that readers take, and comments."""
    keys = draw(
        st.permutations([*sorted(KEYS), "body", "strip", "find_string", "replace_string", "a_new_key", "Title"])
    )
    lines: list[str] = []
    for key in keys:
        of = draw(st.sampled_from(["", "(User-Agent)", "(li)", "( a: b )", "(<p>)"])) if "_" in key else ""
        colon = draw(st.sampled_from([":", " :", ": ", ":"])) if draw(st.integers(0, 9)) else ""
        lines += [draw(_AROUND), f"{draw(_GAP)}{key}{of}{colon}{draw(_WRITTEN)}{draw(_GAP)}"]
    return lines


@settings(max_examples=60)
@given(ftr_files(), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_nothing_in_a_file_of_other_readers_is_lost_silently(lines: list[str], end: str, marked: bool) -> None:
    """Each line is in the rule, an address to test, or named; with ends of lines and a mark of any editor."""
    written = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    file = read_ftr(("\ufeff" if marked else "") + end.join(lines), "bay.example")
    rule = file.rule
    used = (
        *(rule.body, rule.title, rule.author, rule.date, rule.strip, rule.dissolve, rule.renders),
        *(rule.next_page, rule.single_page, file.tests, file.problems, file.unused, rule.replace),
    )
    pairs = len(rule.replace) - sum(bool(re.match(r"\s*replace_string\(.*\)\s*:", line)) for line in written)
    pairs -= sum(bool(re.match(r"\s*find_string\(.*\)\s*:", line)) for line in written)
    assert sum(map(len, used)) + pairs == len(written)
    numbers = [
        number for number, line in enumerate(lines, 1) if "a_new_key" in line and not line.lstrip().startswith("#")
    ]
    assert any(one.startswith(f"line {numbers[0]}:") for one in file.unused)


_KEY = st.sampled_from(sorted(KEYS)) | st.text("abc_(): ", max_size=8)
_VALUE = st.sampled_from(["//p", "(//p)[1]", "yes", "", "//p[", "'x'", "a: b"]) | st.text(max_size=30)
_OF = st.none() | st.sampled_from(["li", "a:b", "<p>"]) | st.text(max_size=5)


@settings(max_examples=40)
@given(st.lists(st.tuples(_KEY, _OF, _VALUE), max_size=12))
def test_no_file_of_other_readers_ends_anything(lines: list[tuple[str, str | None, str]]) -> None:
    """Whatever lines a file has, there is a rule, all of whose expressions can be used."""
    text = "\n".join(f"{key}{f'({of})' if of is not None else ''}: {value}" for key, of, value in lines)
    file = read_ftr(text, "bay.example")
    rule = file.rule
    for one in (*rule.body, *rule.title, *rule.author, *rule.date, *rule.strip, *rule.dissolve, *rule.next_page):
        assert checked(one) == one
    assert read_ftr(f"# a comment\n\n{text}", "bay.example").rule == rule
    assert isinstance(_read(STORY, rule), Record)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("body = ", "no TOML"), ("text = 'p'", "text: Extra inputs"), ("body = 3", "body"),
        ("date_format = '%Q'", "no format of dates"), ("replace = [{ find = '' }]", "replace.0.find"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_file_of_ours_is_said(text: str, why: str) -> None:
    """A file that is no TOML, or has a key or value that there is not, is refused with the place."""
    with pytest.raises(InputError, match=why):
        read_own(text, "bay.example")


def test_a_bad_expression_is_left_out_and_named() -> None:
    """Of a file with one bad selector the rest holds."""
    file = read_own('body = ["div[", "article"]', "bay.example")
    assert len(file.rule.body) == 1
    assert file.problems[0].startswith("body: 'div[': no CSS selector")


def test_the_version_is_of_what_a_rule_says() -> None:
    """Comments leave the version of a rule as it is, anything else changes it."""
    one, same, other = (read_own(text, "a.example").rule for text in ("body='p'", "# Now\nbody = ['p']", "body='b'"))
    assert one.version == same.version != other.version


def test_the_most_exact_rule_counts(tmp_path: Path) -> None:
    """A host has its own rule, else that of the host around it; `.host` is for the hosts below, ours before others'."""
    for name, text in {
        "bay.example.txt": "title: //h2",
        "bay.example.toml": "title = 'h1'",
        ".bay.example.txt": "title: //h3",
        "sport.bay.example.txt": "title: //h4",
        "readme.txt": "Nothing of the kind.",
        "no host.txt": "title: //h1",
        "broken.example.toml": "title = ",
    }.items():
        (tmp_path / name).write_text(text, "utf-8")
    rules = load_rules(tmp_path)
    found = {host: rules.of_host(host) for host in ("bay.example", "www.bay.example", "a.b.bay.example", "example")}
    found["sport"] = rules.of_host("sport.bay.example")
    assert [rule.title[0][-2:] if rule else None for rule in found.values()] == ["h1", "h1", "h3", None, "h4"]
    assert [problem.partition(":")[0] for problem in rules.problems] == ["no host.txt", "broken.example.toml"]


def test_no_folder_is_no_rule(tmp_path: Path) -> None:
    """A folder that is not there has no rules."""
    assert load_rules(tmp_path / "none") == NO_RULES


def test_a_saved_page_has_the_rule_of_the_site_that_it_names(tmp_path: Path) -> None:
    """A file whose head names its address is read by the rule for that; others by none."""
    (tmp_path / "bay.example.toml").write_text("title = 'h1'", "utf-8")
    rules = load_rules(tmp_path)
    head = '<link rel="canonical" href="https://www.bay.example/a">'
    page = replace(
        make_page(html("", head=head).encode()),
        final_url="file:///a.html",
        seed=Seed(url="file:///a.html", via=Via.FILE),
    )
    assert rules.for_page(page).rule == rules.of_host("bay.example")
    assert rules.for_page(replace(page, body=STORY.encode())).rule is None


def test_a_file_is_named_after_a_host(tmp_path: Path) -> None:
    """The name of a file is the host, whatever its case, with or without www."""
    path = tmp_path / "www.Bay.example.toml"
    path.write_text("", "utf-8")
    assert read_site_file(path).rule.host == "bay.example"


class _Slow:
    """A pool in which whatever has a rule takes too long."""

    def __init__(self, *_: object) -> None:
        pass

    def __enter__(self) -> _Slow:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def run(self, pages: Iterable[Page]) -> Iterator[tuple[int, Record | Rejection | WorkerDeath]]:
        """Answer for each page."""
        for place, page in enumerate(pages):
            yield place, WorkerDeath(timed_out=True, detail="late") if page.rule else process_page(page)


def test_many_pages_are_read_though_a_rule_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is late by the rule of its site is read without it, and says so; others are as they are."""
    monkeypatch.setattr("ingest.workers.WorkerPool", _Slow)
    rules = SiteRules(by_host={"slow.example": read_own("title = 'h1'", "slow.example").rule})
    pages = [(STORY, "https://other.example/a"), (STORY, "https://slow.example/a")]
    made = [one for one in read_many(pages, rules=rules) if isinstance(one, dict)]
    assert ["site_rule_failed" in one["flags"] for one in made] == [False, True]
