"""The pages of `newsmill browse` over a real database: what they show, to whom, and that strangers' text stays text."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from lxml import html
from sqlalchemy import text
from support.browsing import Pages
from support.databases import KINDS, empty_database
from support.making import key_of, make_stored
from support.pages import page as read_page
from support.strange import ADDRESSES, SCRIPTS, strange_record
from support.strange import URL as STRANGE
from support.texts import MARKET_NEWS, RADIO_NEWS

from flows.browse import lists
from flows.browse.serve import serve
from flows.browse.site import Site
from flows.link import link_texts
from flows.settings import load_settings
from ingest.errors import ConfigError, InputError, StorageError
from ingest.model import Attribution, Precision, Record, Seed, Via
from ingest.outcome import Outcome, Reason, Rejection, Stage
from ingest.pipeline import process_page
from storage import engine, links, listings, queue, records, runs, seeds, translations
from storage.browse.listing import count_records, list_records, snapshot
from storage.listings import ListingRow, SourceRow
from storage.search import update_index
from storage.search.index import indexed
from storage.seeds import Settled, Task
from storage.selection import Selection
from storage.store import Store
from storage.translations import Translated

GAZETTE, MIRROR, DIGEST, RADIO = (f"https://{site}.example/story" for site in ("gazette", "mirror", "digest", "radio"))
HARBOUR = "https://gazette.example/harbour"
FOREIGN = ("img", "iframe", "object", "embed", "base", "style", "math", "x")
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
LANGUAGES = {
    "sv": "Färjan till ön gick inte i går eftersom det saknades reservdelar, sade hamnkaptenen vid kajen.",
    "en": "The ferry to the island did not sail yesterday because spare parts were missing, the master said.",
    "ar": "لم تبحر العبارة إلى الجزيرة أمس لأن قطع الغيار كانت مفقودة كما قال مدير الميناء للصحيفة المحلية.",
}


def select(page: html.HtmlElement, path: str) -> list[html.HtmlElement]:
    """The elements below one: steps such as `ol.list li`, `#from` or `mark`, each an element, class or id."""
    steps = ""
    for step in path.split():
        element, sign, name = re.fullmatch(r"(\w*)([.#]?)([\w-]*)", step).groups()  # type: ignore[union-attr]
        known = {"": "", "#": f"[@id='{name}']", ".": f"[contains(concat(' ', @class, ' '), ' {name} ')]"}[sign]
        steps += f"//{element or '*'}{known}"
    found: list[html.HtmlElement] = page.xpath(f".{steps}")
    return found


def words_of(page: html.HtmlElement, selector: str = "main") -> str:
    """What a reader sees of a page, or of a part of it."""
    return " ".join(" ".join(part.text_content() for part in select(page, selector)).split())


def ordinary() -> list[Record]:
    """A hundred and twenty records in three languages of two sources, several at one moment, some without a date."""
    made = []
    for number in range(120):
        language = list(LANGUAGES)[number % 3]
        at = NOON - timedelta(hours=number // 4) if number % 10 else None
        made.append(
            make_stored(
                f"{LANGUAGES[language]} {number}.",
                f"https://courier.example/{number}",
                title=f"No. {number}",
                source="courier" if number % 2 else "post",
                published_at=at,
                published_precision=Precision.INSTANT if at else None,
            )
        )
    return made


def story() -> list[Record]:
    """A story, a copy that names it, a reworded copy, and another story that has nothing to do with them."""
    reworded = MARKET_NEWS.replace("opened", "started again").replace("cinema", "film theatre").strip().split("\n\n")
    named = Attribution(original_url=GAZETTE, original_name="gazette.example")
    return [
        make_stored(MARKET_NEWS.strip(), GAZETTE, title="Covered market reopens", published_at=NOON),
        make_stored(
            MARKET_NEWS.strip(), MIRROR, title="Market open", published_at=NOON + timedelta(hours=2), attribution=named
        ),
        make_stored("\n\n".join(reworded[:5]), DIGEST, title="Market starts again"),
        make_stored(RADIO_NEWS.strip(), RADIO, title="The last waltz"),
    ]


def fill(store: Store) -> None:
    """A nightly run that is finished, with all that can go wrong; then one that is under way."""
    first = [*ordinary(), *story(), strange_record()]
    with store.writing() as tx:
        run_id = runs.start_run(tx, "nightly", "en")
        tasks = [
            Task(key=one.article.key, seed=Seed(url=one.article.url, source=one.article.source, via=Via.FEED))
            for one in first
        ]
        lost = [Task(key=key_of(url), seed=Seed(url=url, source="courier")) for url in (HARBOUR, ADDRESSES[3])]
        queue.accept(tx, run_id, [*tasks, *lost])
        records.add_records(tx, first, run_id)
        link_texts(tx, {(one.article.key, links.ORIGINAL_SIDE): one.fingerprint for one in first[120:124]})
        stored = [Settled(key=one.article.key, outcome=Outcome.STORED, record_id=one.article.key) for one in first]
        reasons = zip(lost, (Reason.TIMEOUT, Reason.NOT_FOUND), strict=True)
        failed = [
            Rejection(url=task.seed.url, source="courier", stage=Stage.FETCH, reason=reason, detail=SCRIPTS[0])
            for task, reason in reasons
        ]
        missed = [
            Settled(key=task.key, outcome=one.outcome, rejection=one) for task, one in zip(lost, failed, strict=True)
        ]
        seeds.settle(tx, run_id, [*stored, *missed])
        broken = Rejection(
            url=ADDRESSES[0], source="post", stage=Stage.DISCOVER, reason=Reason.BAD_FEED, detail=SCRIPTS[1]
        )
        listings.add_listings(
            tx, run_id, [ListingRow(url=ADDRESSES[0], source="post", kind=None, entries=0, rejection=broken)]
        )
        listings.add_sources(
            tx,
            run_id,
            [
                SourceRow(source="courier", announced=60, expected=80),
                SourceRow(source="post", announced=60, expected=9),
            ],
        )
        runs.finish_run(tx, run_id, {"stored": 125, "failed": 1, "duplicates": 2, "pending_translation": 80})
        swedish = key_of("https://courier.example/0")
        said = {-1: "Nr 0 in English", 0: "The ferry did not sail. " + SCRIPTS[0]}
        made = [Translated(record_id=swedish, position=at, text=one, model="m 1") for at, one in said.items()]
        translations.add_translations(tx, "en", made)
        translations.set_states(tx, [one.article.key for one in first], "en")
    with store.writing() as tx:
        runs.start_run(tx, "urls", "en")
    update_index(store)


def site_of(store: Store, notice: str | None = None) -> Site:
    """The pages' view of a database."""
    with store.reading() as tx:
        number = indexed(tx)
    return Site(store=store, target="en", zone=ZoneInfo("Europe/Stockholm"), indexed=number, notice=notice)


@pytest.fixture(scope="module", params=KINDS)
def pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """The pages over two runs' records."""
    with empty_database(request.param, tmp_path_factory.mktemp("browse")) as url, Store(url) as store:
        fill(store)
        yield Pages(site=site_of(store))


def paths(pages: Pages) -> list[str]:
    """Every kind of page."""
    with snapshot(pages.site.store) as tx:
        newest, finished = tx.execute(text("SELECT id FROM run ORDER BY started_at DESC")).scalars().all()
    strange, one, other = key_of(STRANGE), key_of(GAZETTE), key_of(MIRROR)
    lists_of = [
        "/records",
        "/records?q=harbour",
        "/records?language=ar",
        f"/records?q={SCRIPTS[0]}&source={SCRIPTS[2]}",
    ]
    read = [f"/records/{key}" for key in (strange, one, key_of("https://courier.example/0"))]
    both = [f"/records/{one}/beside/{other}", f"/records/{strange}/beside/{one}"]
    return [
        "/",
        f"/runs/{newest}",
        f"/runs/{finished}",
        *lists_of,
        *read,
        *both,
        "/sources",
        "/runs",
        "/copying",
        "/copying/pairs",
        "/source?name=courier",
        "/source?name=post",
        f"/author?{urlencode({'name': SCRIPTS[0]})}",
        f"/?run={finished}",
        f"/?run={finished}&author={SCRIPTS[1]}&source={SCRIPTS[2]}",
        f"/runs/{finished}/urls?outcome=failed",
        f"/records?run={finished}&only=pending",
        "/help",
        "/no/<b>such</b>",
    ]


def test_strangers_text_stays_text(pages: Pages) -> None:
    """No page has an element, an attribute or an address that is not of its template."""
    shown = ""
    for path in paths(pages):
        answer = pages.ask(path)
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        page = html.fromstring(answer.text)
        assert [one.get("src") for one in page.iter("script")] == ["/static/browse.js"], path
        assert not [one.tag for one in page.iter(*FOREIGN)], path
        for element in page.iter():
            assert element.tag != "form" or element.get("action") in ("/", "/records"), path
            assert not [name for name in element.keys() if name.startswith("on") or name == "style"], path  # noqa: SIM118
        for link in select(page, "a"):
            address = link.get("href")
            inside = address.startswith(("/", "#")) and not address.startswith("//")
            assert inside or (address.startswith("https://") and link.get("rel") == "noreferrer noopener"), path
        shown += page.text_content()
    for one in (*SCRIPTS[:13], *ADDRESSES):
        assert one in shown, one
    assert "{{ 7 * 7 }}" in shown


def test_every_answer_has_the_headers(pages: Pages) -> None:
    """Pages, files, errors and refusals: nothing runs that is not ours, and no other site may frame or read them."""
    known = frozenset({"localhost"})
    answers = [pages.ask(path) for path in (*paths(pages), "/static/browse.css", "/static/nothing")]
    answers += [pages.ask("/", "POST"), pages.ask("/", hosts=known), pages.ask(f"/records/{key_of(GAZETTE)[:9]}")]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_the_pages_can_only_be_read(pages: Pages, method: str) -> None:
    """Any other method is refused everywhere, and the answer says which are not."""
    for path in ("/", "/records", "/static/browse.css", "/nothing"):
        answer = pages.ask(path, method)
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD"
    assert pages.ask("/records", "HEAD").status_code == 200


def test_nothing_is_written_while_a_page_is_made(pages: Pages) -> None:
    """The database itself refuses, and afterwards takes what others write."""
    with pytest.raises(StorageError), snapshot(pages.site.store) as tx:
        tx.execute(text("UPDATE record SET title = 'x'"))
    with pages.site.store.writing() as tx:
        assert tx.execute(text("UPDATE record SET title = 'x' WHERE id = 'none'")).rowcount == 0


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8089", 200),
        ("localhost:1", 200),
        ("LOCALHOST", 200),
        ("[::1]:8089", 200),
        ("evil.example:8089", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.", 421),
        ("10.0.0.7", 421),
    ],
)
def test_only_our_own_names_are_answered(pages: Pages, host: str, status: int) -> None:
    """A name of another site that leads to this machine gets nothing: its pages could read the answer."""
    known = frozenset({"localhost", "127.0.0.1", "::1"})
    answer = pages.ask("/records", host=host, hosts=known)
    assert answer.status_code == status
    assert ("No. 1" in answer.text) == (status == 200)
    assert pages.ask("/records", host=host).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/records/",
        "/records/12345",
        "/records/ffffffffffff",
        "/records/zzzzzzzz",
        "/records/%00%00%00%00%00%00",
        f"/records/{'0' * 65}",
        f"/records/{'0' * 64}/beside/{'1' * 64}",
        "/runs/none",
        "/runs/%00",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/",
    ],
)
def test_what_is_not_there_is_said(pages: Pages, path: str) -> None:
    """A page says so, and leads on; files beside the static ones are not served."""
    answer = pages.ask(path)
    if path == "/runs/%00":  # the newest run
        assert answer.status_code == 200
        return
    assert answer.status_code in (404, 307)
    assert "import annotations" not in answer.text


def test_the_beginning_of_an_id_leads_to_the_record(pages: Pages) -> None:
    """As on the command line; a record beside itself is the record."""
    key = key_of(GAZETTE)
    for path in (f"/records/{key[:8]}", f"/records/{key}/beside/{key[:8]}"):
        answer = pages.ask(path)
        assert (answer.status_code, answer.headers["location"]) == (307, f"/records/{key}")


FILTERS = [
    Selection(),
    Selection(language="ar"),
    Selection(source="post", language="sv"),
    Selection(first_day="2026-03-13", last_day="2026-03-13"),
    Selection(last_day="2026-03-14", source="courier"),
    Selection(first_day="9999-12-31"),
    Selection(last_day="9999-12-31"),
    Selection(canonical_only=True),
    Selection(source="nobody"),
]


def chosen(wanted: Selection) -> set[str]:
    """The records that a filter should give, told without a database."""
    kept = set()
    for one in [*ordinary(), *story(), strange_record()]:
        article = one.article
        day = article.published_at.date().isoformat() if article.published_at else None
        if (
            wanted.language in (None, one.labels.language)
            and wanted.source in (None, article.source)
            and (wanted.first_day is None or (day is not None and day >= wanted.first_day))
            and (wanted.last_day is None or (day is not None and day <= wanted.last_day))
            and not (wanted.canonical_only and article.url in (MIRROR, DIGEST))
        ):
            kept.add(str(article.key))
    return kept


@pytest.mark.parametrize("wanted", FILTERS, ids=repr)
@pytest.mark.parametrize("size", [7, 50])
def test_paging_shows_every_record_once(pages: Pages, wanted: Selection, size: int) -> None:
    """Forward and back again: each record that is wanted once, the newest first, and none else."""
    with snapshot(pages.site.store) as tx:
        page = list_records(tx, wanted, target="en", limit=size)
        assert not page.newer
        forward = [page.rows]
        while page.older:
            page = list_records(tx, wanted, target="en", after=page.rows[-1].id, limit=size)
            assert page.newer
            forward.append(page.rows)
        backward = [page.rows]
        while page.newer:
            page = list_records(tx, wanted, target="en", before=page.rows[0].id, limit=size)
            assert page.older
            backward.insert(0, page.rows)
            assert len(page.rows) == size or not page.newer
        seen = [row for rows in forward for row in rows]
        assert {row.id for row in seen} == chosen(wanted)
        assert len(seen) == len({row.id for row in seen}) == count_records(tx, wanted, most=1000)
        assert sorted(seen, key=lambda row: (row.dated, row.id), reverse=True) == seen
        again = [row.id for rows in backward for row in rows]
        # The first page back may begin within a page of the way there: what it leaves out are the very newest.
        assert again == [row.id for row in seen][-len(again) :]
        assert len(seen) - len(again) < size


def test_a_page_behind_what_is_no_record_is_empty(pages: Pages) -> None:
    """A link that is out of date shows no wrong records."""
    for edge in ("after=none", "before=none", "after=%00x"):
        assert select(pages.show(f"/records?{edge}"), "ol.list li") == []


def test_counting_stops_where_nobody_reads_on(pages: Pages) -> None:
    """More than enough is one more than enough."""
    with snapshot(pages.site.store) as tx:
        assert count_records(tx, Selection(), most=10) == 11


def test_filters_stay_chosen_from_page_to_page(pages: Pages) -> None:
    """The links to other pages keep them, the form shows them, and Clear takes them away."""
    page = pages.show("/records?source=courier&from=2026-03-01")
    older = page.xpath("//a[@rel='next']")[0].get("href")
    second = pages.show(older)
    for shown in (page, second):
        assert [one.get("value") for one in shown.xpath("//select[@id='source']/option[@selected]")] == ["courier"]
        assert select(shown, "#from")[0].get("value") == "2026-03-01"
    first_titles, second_titles = ({one.text_content() for one in select(shown, "h3")} for shown in (page, second))
    assert not first_titles & second_titles
    assert first_titles | second_titles == {f"No. {number}" for number in range(1, 120, 2)}


def test_a_wrong_filter_is_said_and_left_out(pages: Pages) -> None:
    """A day that is none; a source that has no records any more stays in the menu."""
    page = pages.show("/records?from=yesterday&source=gone")
    assert "“yesterday” is no day" in words_of(page, ".note")
    assert page.xpath("//select[@id='source']/option[@selected]")[0].get("value") == "gone"


def test_search_marks_the_words(pages: Pages) -> None:
    """The best first, with the passage; filters hold, and copies can be left out."""
    page = pages.show("/records?q=accordion")
    assert words_of(page, "h3") == "The last waltz"
    assert {one.text_content() for one in select(page, "mark")} == {"accordion"}
    assert words_of(pages.show("/records?q=accordion&language=sv"), "ol.list") == ""
    for address, many in (
        ("/records?q=market", " in 3 records, duplicates folded"),
        ("/records?q=market&originals=1", ""),
    ):
        page = pages.show(address)
        (alone,) = select(page, "h3")
        assert alone.text_content() == "Covered market reopens"
        assert words_of(page, ".quiet").endswith(f"spellings. 1 story{many}, best match first.")


def test_search_results_have_pages(pages: Pages) -> None:
    """Each story once, and the way on as long as there is more."""
    titles, address = [], "/records?q=ferry"
    for number in range(1, 4):
        page = pages.show(address)
        assert f"page {number} of 3" in words_of(page)
        titles += [one.text_content() for one in select(page, "h3")]
        ways = {one.get("rel"): one.get("href") for one in select(page, ".pager a")}
        address = ways.get("next", "")
    assert len(titles) == len(set(titles)) == 41  # forty in English, one translated
    assert not address


@pytest.mark.parametrize("query", ['"', "OR", "-x", "***", "%00", "ferry OR", "a" * 500])
def test_a_query_that_makes_no_sense_is_one_line(pages: Pages, query: str) -> None:
    """It is said on the page, not by an error."""
    page = pages.show(f"/records?q={query}")
    if query == "%00":  # nothing was asked
        assert len(select(page, "h3")) == 50
    else:
        assert page.xpath("//*[@role='alert']")


def test_a_record_shows_text_and_translation_side_by_side(pages: Pages) -> None:
    """Each paragraph in its language and direction, the translation beside it; what is missing is said."""
    page = pages.show(f"/records/{key_of('https://courier.example/0')}")
    _, pair = select(page, ".pair")
    original, translated = select(pair, "p")
    assert (original.get("lang"), original.get("dir")) == ("sv", "ltr")
    assert original.text_content().startswith("Färjan till ön")
    assert (translated.get("lang"), translated.text_content()) == ("en", f"The ferry did not sail. {SCRIPTS[0]}")
    assert words_of(page, ".translated-title") == "Nr 0 in English"
    arabic = pages.show(f"/records/{key_of('https://courier.example/2')}")
    (paragraph,) = select(arabic, ".pair p")
    assert (paragraph.get("lang"), paragraph.get("dir")) == ("ar", "rtl")
    assert "awaiting translation" in words_of(arabic, ".meta")


def test_a_record_shows_where_it_comes_from_and_its_copies(pages: Pages) -> None:
    """Attribution, residue on demand, and the cluster with what tells who was first."""
    copy = pages.show(f"/records/{key_of(MIRROR)}")
    assert "names a record of the cluster as its source" in words_of(copy)
    assert GAZETTE in [link.get("href") for link in select(copy, "dl a")]
    assert f"/records/{key_of(MIRROR)}/beside/{key_of(GAZETTE)}" in [one.get("href") for one in select(copy, "td a")]
    original = pages.show(f"/records/{key_of(GAZETTE)}")
    assert "Canonical of a cluster of 3" in words_of(original)
    strange = pages.show(f"/records/{key_of(STRANGE)}")
    assert len(select(strange, "details tbody tr")) == len(SCRIPTS)


def test_a_record_shows_links_emphasis_and_pictures(tmp_path: Path) -> None:
    """Links and pictures as links of the web alone, headings by their level; a caption with its picture, once."""
    head = "<html lang=en><head><title>Bell of Sund</title></head><body><article><h1>Bell of Sund</h1>"
    body = (
        "<p>Divers of <a href='/clubs/sund'>the <b>club</b></a> found a <i>bell</i> in the bay on Monday, and wrote to "
        "<a href='mailto:ann@news.example'>Ann Lee</a> of the museum the very same day.</p><h3>In the tower</h3>"
        "<figure><img src='/b.jpg'><figcaption>The bell on the quay</figcaption></figure><p>It had lain there for a "
        "hundred and fifty years, and not a letter on its rim was lost, says the harbour master.</p>"
    )
    made = process_page(read_page(head + body, url="https://news.example/sund/bell"))
    assert isinstance(made, Record)
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        with store.writing() as tx:
            records.add_records(tx, [made], runs.start_run(tx, "urls", "en"))
        page = Pages(site=site_of(store)).show(f"/records/{made.article.key}")
    (text,) = select(page, ".pairs")
    assert {(one.text_content(), one.get("href"), one.get("rel")) for one in select(text, "a")} == {
        ("the club", "https://news.example/clubs/sund", "noreferrer noopener"),
        ("Picture", "https://news.example/b.jpg", "noreferrer noopener"),
    }
    assert [one.text_content() for one in text.iter("b", "i", "h4")] == ["club", "bell", "In the tower"]
    assert text.text_content().count("The bell on the quay") == 1
    assert not select(page, "img")


def test_two_copies_stand_side_by_side(pages: Pages) -> None:
    """Passages have the same numbers on both sides, lead to each other, and words that differ are marked."""
    page = pages.show(f"/records/{key_of(GAZETTE)}/beside/{key_of(DIGEST)}")
    left, right = select(page, ".half")
    numbers = [[one.text_content() for one in select(half, "a.number")] for half in (left, right)]
    assert sorted(numbers[0]) == sorted(numbers[1]) != []
    for link in select(page, "a.number"):
        assert select(page, link.get("href"))[0].get("href") == f"#{link.get('id')}"
    assert "opened" in words_of(left, "mark.differs")
    assert "started again" in words_of(right, "mark.differs")
    agreed = [one.text_content() for one in select(left, "mark") if one.get("class") is None]
    assert "opened" not in " ".join(agreed)
    same = pages.show(f"/records/{key_of(GAZETTE)}/beside/{key_of(MIRROR)}")
    assert "Exact duplicate" in words_of(same, ".lead")
    assert not select(same, ".half mark.differs")


def test_records_that_are_not_linked_are_compared(pages: Pages) -> None:
    """Two copies of one original, and two that have nothing in common; either side may stand first."""
    with pages.site.store.writing() as tx:
        tx.execute(
            text("DELETE FROM link WHERE a IN (:a, :b) AND b IN (:a, :b)"), {"a": key_of(MIRROR), "b": key_of(DIGEST)}
        )
    page = pages.show(f"/records/{key_of(MIRROR)}/beside/{key_of(DIGEST)}")
    assert "compared for this page" in words_of(page)
    assert select(page, ".half mark")
    other = pages.show(f"/records/{key_of(RADIO)}/beside/{key_of('https://courier.example/2')}")
    assert "no passage in common" in words_of(other)
    assert not select(other, "mark")


def test_a_run_shows_its_plots_and_what_failed(pages: Pages) -> None:
    """Counts, hours, languages, sources, reasons in words, and what needs a look."""
    with snapshot(pages.site.store) as tx:
        run_id = tx.execute(text("SELECT id FROM run WHERE kind = 'nightly'")).scalar_one()
    page = pages.show(f"/runs/{run_id}")
    figures = {select(one, "dt")[0].text: select(one, "dd")[0].text_content() for one in select(page, ".figures div")}
    assert (figures["URLs"], figures["Stored"], figures["Rejected"], figures["Failed"]) == ("127", "125", "1", "1")
    for heading in ("By hour", "By language", "By source", "By reason", "Failed and rejected"):
        assert heading in words_of(page, "h2")
    assert "no complete answer in time" in words_of(page)
    assert "courier announced 60 articles, expected 80 or more" in words_of(page, ".warning")
    picture = select(page, "svg.columns")[0]
    assert picture.get("role") == "img"
    tops = [one.text_content() for one in select(picture, "text.value")]
    assert [cell.text for cell in select(page, "details tbody td")] == tops
    assert sum(map(int, tops)) == 108


def test_the_newest_run_is_the_first_page_while_it_works(pages: Pages) -> None:
    """A run under way has no summary yet; its start is told in the operator's time zone."""
    page = pages.show("/runs")
    assert "Interrupted" in words_of(page, ".lead")  # nobody has it in hand
    assert len(page.xpath("//section[@aria-labelledby='recent']//tbody/tr")) == 2
    assert "Europe/Stockholm" in words_of(page, "footer")


def night_of(pages: Pages) -> str:
    """The run that has stored something."""
    with snapshot(pages.site.store) as tx:
        found: str = tx.execute(text("SELECT id FROM run WHERE kind = 'nightly'")).scalar_one()
    return found


def test_the_front_page_tells_stories(pages: Pages) -> None:
    """A line a cluster, those that most tell first, with original, outlets and their relations; totals and pages."""
    run_id = night_of(pages)
    page = pages.show(f"/?run={run_id}")
    assert "123 stories in 125 records, the most told first; page 1 of 5." in words_of(page)
    first = select(page, "ol.stories li")[0]
    assert words_of(first, "h3") == "Covered market reopens"
    chips = select(first, "a.chip")
    assert len(chips) == 3
    assert chips[0].get("href") == f"/records/{key_of(GAZETTE)}"
    assert len(select(first, "svg circle")) == 3
    assert "Could not read a feed of post" in words_of(page, ".strip")
    titles, address = [], f"/?run={run_id}"
    for _ in range(5):
        page = pages.show(address)
        titles += [one.text_content() for one in select(page, "h3")]
        address = {one.get("rel"): one.get("href") for one in select(page, ".pager a")}.get("next", "")
    assert len(titles) == 123
    assert not address


@pytest.mark.parametrize(
    ("narrowed", "stories"),
    [("source=courier&language=sv", 20), ("language=ar", 40), ("author=Nobody", 0), ("source=nobody", 0)],
)
def test_stories_can_be_narrowed(pages: Pages, narrowed: str, stories: int) -> None:
    """By source, language and author; the filters stay in the form and in the links to other pages."""
    page = pages.show(f"/?run={night_of(pages)}&{narrowed}")
    assert f"{stories} stories in {stories} records" in words_of(page)
    for link in select(page, ".pager a"):
        assert narrowed.partition("&")[0] in link.get("href")


def test_every_number_of_the_front_page_leads_to_what_it_counts(pages: Pages) -> None:
    """The list behind it has as many."""
    page = pages.show(f"/?run={night_of(pages)}")
    counted = {}
    for link in select(page, "ul.counts a"):
        number, _, name = link.text_content().strip().partition(" ")
        counted[name] = int(number)
        said = words_of(pages.show(link.get("href")))
        if name != "unchanged":
            assert re.search(rf"\b{number} (records?|URLs?)\b", said), (name, number)
    assert counted == {
        "stored": 125, "duplicates": 2, "awaiting translation": 79, "unchanged": 0, "rejected": 1, "failed": 1,
    }  # fmt: skip


def test_outlets_that_copy_stand_beside_those_they_copy(tmp_path: Path) -> None:
    """The number of duplicates, how long after, and behind it the pairs, side by side."""
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        made = [
            replace(one, article=replace(one.article, source=one.article.url.split("/")[2].partition(".")[0]))
            for one in story()
        ]
        with store.writing() as tx:
            records.add_records(tx, made, runs.start_run(tx, "urls", "en"))
            link_texts(tx, {(one.article.key, links.ORIGINAL_SIDE): one.fingerprint for one in made})
            tx.execute(text("UPDATE duplicate SET certainty = 'likely'"))
        shown = Pages(site=site_of(store))
        page = shown.show("/copying")
        numbers = {link.get("href"): int(link.text_content()) for link in select(page, "td a")}
        assert numbers == {f"/copying/pairs?original=gazette&outlet={name}": 1 for name in ("mirror", "digest")}
        for address in numbers:
            (row,) = select(shown.show(address), "tbody tr")
            assert select(row, "td.act a")[0].get("href").startswith(f"/records/{key_of(GAZETTE)}/beside/")
        assert "0 pairs" in words_of(shown.show("/copying/pairs?original=nobody"))
        assert len(shown.ask("/copying?format=json").json()) == 2


def test_every_list_can_be_taken_along(pages: Pages) -> None:
    """As CSV and as JSON, with the filters and the place of the page; no cell is a formula."""
    run_id = night_of(pages)
    for address in (
        f"/?run={run_id}&source=courier",
        "/records?language=ar",
        "/records?q=market",
        f"/runs/{run_id}/urls",
        "/sources",
        "/source?name=courier",
    ):
        links = {link.text_content(): link.get("href") for link in select(pages.show(address), ".files a")}
        answer = pages.ask(links["CSV"])
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert "attachment" in answer.headers["content-disposition"]
        cells = list(csv.reader(io.StringIO(answer.text)))
        rows = pages.ask(links["JSON"]).json()
        assert len(rows) == len(cells) - 1 > 0
        assert list(rows[0]) == cells[0]
        assert not [cell for row in cells for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_a_file_holds_the_whole_list(pages: Pages) -> None:
    """Not the page of it that is shown, in the order of the pages."""
    whole = pages.ask("/records?source=courier&format=json").json()
    found: list[str] = []
    address: str | None = "/records?source=courier"
    while address:
        page = pages.show(address)
        found += [link.get("href").rpartition("/")[2] for link in select(page, "ol.list h3 a")]
        address = next((link.get("href") for link in page.iter("a") if link.get("rel") == "next"), None)
    assert len(found) > 50
    assert [one["id"] for one in whole] == found
    searched = pages.ask("/records?q=f*+OR+sv*&format=json").json()
    assert len(searched) == len({one["id"] for one in searched})


def test_a_source_shows_its_nights_feeds_and_languages(pages: Pages) -> None:
    """Every number leads to as many records or URLs."""
    page = pages.show("/source?name=courier")
    numbers = {
        (link.get("href"), re.sub(r"\D", "", link.text_content()))
        for link in page.iter("a")
        if link.get("href").startswith(("/records?", "/runs/")) and re.match(r"\d[\d,]*( |$)", link.text_content())
    }
    numbers = {(href, number) for href, number in numbers if "time" not in href and "-" not in number}
    lists_of = {(href, number) for href, number in numbers if "?" in href}
    assert len(lists_of) >= 5
    for href, number in lists_of:
        assert re.search(rf"\b{number} (records?|URLs?)\b", words_of(pages.show(href))), (href, number)
    post = words_of(pages.show("/source?name=post"))
    assert "could not" in post or "unreadable" in post.lower()
    assert pages.ask("/source?name=nobody").status_code == 404


def test_an_author_has_a_page(pages: Pages) -> None:
    """Reached from a record; where and in what the author writes, each number with its list."""
    record_page = pages.show(f"/records/{key_of(STRANGE)}")
    (first, *_) = [link for link in select(record_page, "dl a") if link.get("href").startswith("/author")]
    page = pages.show(first.get("href"))
    assert select(page, "h1")[0].text_content() == SCRIPTS[0]
    (whole,) = [link for link in select(page, "p.lead a") if "only" not in link.get("href")]
    assert "1 record by" in words_of(pages.show(whole.get("href")))
    assert len(pages.ask(first.get("href") + "&format=json").json()) == 1
    assert pages.ask("/author?name=Nobody").status_code == 404


def test_sources_show_their_nights(pages: Pages) -> None:
    """What was announced, stored and failed; a broken expectation and a broken listing are said in words."""
    page = pages.show("/sources")
    rows = {select(row, "th")[0].text_content().strip(): words_of(row, "td") for row in select(page, "tbody tr")}
    assert "fewer articles than expected" in rows["courier"]
    assert "60 stored of 60" in rows["courier"]
    assert "1 failed" in rows["courier"]
    assert "could not read 1 feed" in rows["post"]
    assert "expected" not in rows["post"]


def test_an_empty_database_says_what_to_do(tmp_path: Path) -> None:
    """Nothing was ingested yet: each page says so."""
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        update_index(store)
        empty = Pages(site=site_of(store))
        assert "newsmill run nightly" in words_of(empty.show("/"))
        assert "newsmill run nightly" in words_of(empty.show("/sources"))
        assert "0 records" in words_of(empty.show("/records"))
        assert "Nothing found" in words_of(empty.show("/records?q=ferry"))


def test_records_that_came_after_the_index_are_mentioned(tmp_path: Path) -> None:
    """A search says that it does not know the newest; lists have them."""
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        update_index(store)
        later = Pages(site=site_of(store))
        with store.writing() as tx:
            records.add_records(tx, story(), runs.start_run(tx, "urls", "en"))
        assert "newer than the search index" in words_of(later.show("/records?q=market"))
        assert "4 records" in words_of(later.show("/records"))


def test_a_broken_database_is_one_line(tmp_path: Path) -> None:
    """What fails on the way is said with what to do; the inside is not shown."""
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        broken = Pages(site=site_of(store))
        with store.writing() as tx:
            tx.execute(text("DROP TABLE source_run"))
            values = "'r', 'nightly', 'en', 'running', 'h', '2026', NULL, NULL, 0, 0, '{}', NULL, '[]'"
            tx.execute(text(f"INSERT INTO run SELECT {values}"))
        answer = broken.ask("/sources")
        assert answer.status_code == 503
        assert "Traceback" not in answer.text
        defect = Pages(site=replace(broken.site, menus=None)).ask("/records")  # type: ignore[arg-type]
        assert defect.status_code == 500
        assert "defect" in words_of(html.fromstring(defect.text))
        assert "AttributeError" not in defect.text
        assert defect.headers["content-security-policy"]


def test_a_locked_database_is_shown_without_a_new_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process writes for long: the pages come, and say that the search is as it was."""
    monkeypatch.setattr(engine, "_BUSY_TIMEOUT_S", 0.1)
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)
    database = tmp_path / "n.db"
    with Store(f"sqlite:///{database}") as store, store.writing() as tx:
        records.add_records(tx, story(), runs.start_run(tx, "urls", "en"))
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    said: list[str] = []
    settings = load_settings(None, storage={"url": f"sqlite:///{database}"})
    serve(settings, "127.0.0.1", 0, said.append)
    other.execute("ROLLBACK")
    other.close()
    assert any("search index is as it was" in line for line in said)
    assert said[-1].startswith("Serving http://127.0.0.1:")
    with Store(f"sqlite:///{database}") as store:
        shown = Pages(site=site_of(store, "The search index is as it was"))
        page = shown.show("/records?q=market")
        assert "no search index" in words_of(page)
        assert "as it was" in words_of(page, ".note")


def test_a_wrong_address_or_database_is_one_line(tmp_path: Path) -> None:
    """Nothing is made where there is nothing, and a host of another machine is refused."""
    missing = load_settings(None, storage={"url": f"sqlite:///{tmp_path / 'none.db'}"})
    with pytest.raises(InputError, match="newsmill run makes it"):
        serve(missing, "127.0.0.1", 0, print)
    assert list(tmp_path.iterdir()) == []
    Store(f"sqlite:///{tmp_path / 'n.db'}").close()
    there = load_settings(None, storage={"url": f"sqlite:///{tmp_path / 'n.db'}"})
    with pytest.raises(ConfigError, match="--host"):
        serve(there, "192.0.2.1", 0, print)


def test_the_list_has_pages_of_fifty(pages: Pages) -> None:
    """Not all at once, however many there are."""
    assert len(select(pages.show("/records"), "ol.list li")) == lists.PAGE == 50
