"""`newsmill browse` over the demo's two nights, in a real browser; screenshots are kept."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from support.command import NEWSMILL, environment, newsmill
from support.making import key_of, make_stored
from support.screens import keep
from support.strange import SCRIPTS, URL, strange_record
from support.texts import MARKET_NEWS

from flows.demo.home import demo_home, demo_settings
from flows.link import link_texts
from flows.orders import choose_sources, nightly_order
from flows.run import run
from flows.settings import load_settings
from storage import records, runs
from storage.links import ORIGINAL_SIDE
from storage.store import Store

pytestmark = [pytest.mark.slow, pytest.mark.ui]

# What axe finds below these is a matter of taste.
_GRAVE = ("serious", "critical")


CORRECTED = {
    "https://gazette.example/market": MARKET_NEWS.strip(),
    "https://mirror.example/market": MARKET_NEWS.strip().replace("1884", "1879").replace("Lapointe", "Quarrington"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A running `newsmill browse`, and where to look in it."""

    base: str
    database: str
    paths: dict[str, str]


@dataclass(slots=True, kw_only=True)
class Seen:
    """A page, and what went on in it: requests, lines on the console, errors."""

    page: Page
    requests: list[str]
    trouble: list[str]

    def go(self, path: str) -> int:
        """Open a page; its status."""
        answer = self.page.goto(path)
        assert answer is not None
        return answer.status


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The demo's two nights, and a record that tries to be more than text."""
    folder = tmp_path_factory.mktemp("browse")
    with demo_home(folder) as site:
        settings = load_settings(folder, **demo_settings(folder, site))
        with Store(settings.storage.url) as store, store.writing() as tx:
            corrected = [make_stored(text, url) for url, text in CORRECTED.items()]
            records.add_records(tx, [strange_record(), *corrected], runs.start_run(tx, "urls", "en"))
            link_texts(tx, {(one.article.key, ORIGINAL_SIDE): one.fingerprint for one in corrected})
        for site.edition in (1, 2):
            run(nightly_order(choose_sources(folder, ())), settings)
    return settings.storage.url


@pytest.fixture(scope="module")
def shown(database: str) -> Iterator[Shown]:
    """The pages, served by the command on a free port."""
    with serving(database) as process:
        base = address_of(process)
        yield Shown(base=base, database=database, paths=paths_of(database))
        process.send_signal(signal.SIGINT)
        assert process.wait(180) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def serving(database: str, *options: str) -> subprocess.Popen[str]:
    """Start the command."""
    home = Path(database.removeprefix("sqlite:///")).parent
    return subprocess.Popen(
        [NEWSMILL, "browse", "--db", database, "--port", "0", *options],
        env=environment(home),
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def address_of(process: subprocess.Popen[str]) -> str:
    """Where it listens, as it says."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("Serving "):
            return line.split()[1].rstrip("/")
    raise AssertionError(f"it ended: {process.stderr and process.stderr.read()}")


def paths_of(database: str) -> dict[str, str]:
    """A page of each kind by its name."""
    with Store(database) as store, store.reading() as tx:

        def one(query: str) -> tuple[Any, ...]:
            return tuple(tx.exec_driver_sql(query).first() or ())

        quoting, quoted = one("SELECT a, b FROM link WHERE relation = 'quotes'")
        copy, original = one("SELECT record_id, canonical_id FROM duplicate WHERE relation = 'translated'")
        (arabic,) = one("SELECT id FROM record WHERE language = 'ar'")
        near = one("SELECT a, b FROM link WHERE relation = 'near' ORDER BY a, b")
        (first,) = one("SELECT id FROM run WHERE kind = 'nightly' ORDER BY started_at")
        (source,) = one("SELECT source FROM record WHERE source IS NOT NULL AND url LIKE 'http://%' ORDER BY source")
    return {
        "run": f"/runs/{first}",
        "last-night": "/",
        "runs": "/runs",
        "copying": "/copying",
        "pairs": "/copying/pairs",
        "failed": f"/runs/{first}/urls?outcome=failed",
        "records": "/records",
        "search": "/records?q=bridge",
        "nothing": "/records?q=zebra&language=sv",
        "record": f"/records/{original}",
        "copy": f"/records/{copy}",
        "quotation": f"/records/{quoting}",
        "right-to-left": f"/records/{arabic}",
        "strange": f"/records/{key_of(URL)}",
        "beside": f"/records/{near[0]}/beside/{near[1]}",
        "beside-conflicts": "/records/{}/beside/{}".format(*map(key_of, CORRECTED)),
        "beside-translated": f"/records/{copy}/beside/{original}",
        "beside-quotation": f"/records/{quoting}/beside/{quoted}",
        "sources": "/sources",
        "source": f"/source?{urlencode({'name': source})}",
        "author": f"/author?{urlencode({'name': SCRIPTS[1]})}",
        "help": "/help",
    }


@pytest.fixture
def seen(browser: Any, shown: Shown, request: pytest.FixtureRequest) -> Iterator[Seen]:
    """A page in which nothing goes wrong, and that asks nothing of any other machine."""
    wanted = getattr(request, "param", {})
    context = browser.new_context(base_url=shown.base, **wanted)
    one = Seen(page=context.new_page(), requests=[], trouble=[])
    one.page.set_default_timeout(20_000)
    expect.set_options(timeout=90_000)
    one.page.on("request", lambda request: one.requests.append(request.url))
    one.page.on("console", lambda message: one.trouble.append(message.text))
    one.page.on("pageerror", lambda error: one.trouble.append(str(error)))
    one.page.on("dialog", lambda dialog: one.trouble.append(dialog.message))
    yield one
    context.close()
    assert one.trouble == []
    assert {urlsplit(shown.base).netloc} == {urlsplit(url).netloc for url in one.requests}


LOOKS = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 390, "height": 800}, "color_scheme": "light"},
}


KINDS = (
    "copying",
    "pairs",
    "last-night",
    "failed",
    "run",
    "records",
    "search",
    "quotation",
    "strange",
    "beside-translated",
    "sources",
    "source",
    "author",
    "help",
)
"""Pages that differ by more than their texts."""


@pytest.mark.parametrize("seen", LOOKS.values(), ids=LOOKS, indirect=True)
def test_every_page_can_be_read_by_everybody(seen: Seen, shown: Shown, request: pytest.FixtureRequest) -> None:
    """No serious violation of WCAG in light, dark and narrow; nothing sticks out of the window."""
    look = request.node.callspec.id
    axe = Axe()
    for name in shown.paths if look == "light" else KINDS:
        path = shown.paths[name]
        assert seen.go(path) == 200, name
        for closed in seen.page.locator("details:not([open]) > summary").all():
            closed.click()
        grave = [
            (one["id"], [node["target"] for node in one["nodes"]])
            for one in axe.run(seen.page).response["violations"]
            if one["impact"] in _GRAVE
        ]
        assert grave == [], name
        assert seen.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        keep(seen.page, f"browse-{name}-{look}")


@pytest.mark.parametrize("seen", [{"java_script_enabled": False}], indirect=True)
def test_everything_works_without_scripts(seen: Seen, shown: Shown) -> None:
    """From the last run to a record, its copy beside it, and a search."""
    seen.go("/")
    seen.page.get_by_role("link", name="Records", exact=True).click()
    seen.page.get_by_label("Language").select_option("sv")
    seen.page.get_by_role("button", name="Show").click()
    expect(seen.page).to_have_url(re.compile("language=sv"))
    seen.page.get_by_role("link", name="Den gamla bron är öppen igen").click()
    expect(seen.page.get_by_role("heading", name="Den gamla bron är öppen igen")).to_be_visible()
    expect(seen.page.get_by_text("It was a difficult job.", exact=True)).to_be_visible()
    seen.page.get_by_role("link", name="side by side with The old bridge").click()
    assert seen.page.locator("#left ~ p mark").count() > 0
    seen.page.get_by_label("Search all records").fill("horse")
    seen.page.get_by_role("button", name="Search").click()
    # Its translation is folded behind it.
    expect(seen.page.get_by_role("heading", name="Ein Pferd steht im Supermarkt")).to_be_visible()


def test_a_record_shows_its_residue_when_asked(seen: Seen, shown: Shown) -> None:
    """What was taken out is folded away until then."""
    seen.go(shown.paths["copy"])
    summary = seen.page.locator("summary", has_text="not the article")
    table = seen.page.locator("details table")
    expect(table).to_be_hidden()
    summary.click()
    expect(table).to_be_visible()


def test_a_quotation_is_marked_and_leads_to_its_source(seen: Seen, shown: Shown) -> None:
    """The passage has a number, the number leads to the record that is quoted, and from there beside it."""
    seen.go(shown.paths["quotation"])
    expect(seen.page.locator("mark").first).to_contain_text("bell is the size of a large bucket")
    seen.page.get_by_label("Passage of linked text 1").first.click()
    expect(seen.page).to_have_url(re.compile("#linked-1$"))
    seen.page.get_by_role("link", name=re.compile("side by side")).click()
    expect(seen.page.locator("main")).to_contain_text("The left one quotes the right one")
    seen.page.locator("#left-1").click()
    expect(seen.page).to_have_url(re.compile("#right-1$"))


def test_facts_that_stand_against_each_other_are_marked_on_both_sides(seen: Seen, shown: Shown) -> None:
    """In the texts and in a table above them."""
    seen.go(shown.paths["beside-conflicts"])
    rows = seen.page.locator("table.conflicts tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="1884")).to_contain_text("1879")
    for side, facts in (("left", ("Lapointe", "1884")), ("right", ("Quarrington", "1879"))):
        marked = seen.page.locator(f"section[aria-labelledby={side}] mark.against")
        expect(marked).to_have_text(facts)
    expect(seen.page.locator("main")).to_contain_text("Update")


def test_versions_stand_side_by_side(seen: Seen, shown: Shown) -> None:
    """From a record that has changed to its versions, whose other words are marked on both sides."""
    with Store(shown.database) as store, store.reading() as tx:
        (key,) = {row[0] for row in tx.exec_driver_sql("SELECT record_id FROM sighting WHERE number = 2")}
    seen.go(f"/records/{key}")
    seen.page.get_by_role("link", name="2 versions").click()
    assert seen.page.locator("table.versions tbody tr").count() == 2
    changed = seen.page.locator("tr[data-step]")
    assert changed.locator("td:last-child mark").count() > 0
    assert seen.trouble == []


def test_keys_lead_through_the_pages(seen: Seen) -> None:
    """j and k step, Enter opens, / searches, Esc leaves, ? helps; letters that are typed stay letters."""
    keyboard = seen.page.keyboard
    seen.go("/records")
    titles = seen.page.locator("ol.list h3 a")
    for key, place in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        keyboard.press(key)
        expect(titles.nth(place)).to_be_focused()
    address = titles.nth(1).get_attribute("href")
    keyboard.press("Enter")
    seen.page.wait_for_url(re.compile(f"{address}$"))  # until it is loaded, with its keys
    keyboard.press("j")
    expect(seen.page.locator(".pair:not(.heads)").first).to_be_focused()
    keyboard.press("/")
    field = seen.page.locator("#q")
    expect(field).to_be_focused()
    keyboard.type("jk?/")
    expect(field).to_have_value("jk?/")
    keyboard.press("Escape")
    expect(field).not_to_be_focused()
    keyboard.press("?")
    expect(seen.page).to_have_url(re.compile("/help$"))


def test_the_front_page_leads_from_a_story_to_who_told_it(seen: Seen) -> None:
    """From a chip to the record of an outlet, by keys to the next story, and each number to its list."""
    seen.go("/")
    story = seen.page.locator("ol.stories li").first
    seen.page.keyboard.press("j")
    expect(story.locator("h3 a")).to_be_focused()
    seen.page.locator("ul.counts a", has_text="stored").click()
    expect(seen.page).to_have_url(re.compile(r"/records\?run="))
    seen.page.go_back()
    story.locator("a.chip").first.click()
    expect(seen.page).to_have_url(re.compile("/records/[0-9a-f]{64}$"))


def test_a_run_is_followed_while_it_works(seen: Seen, shown: Shown) -> None:
    """Its numbers change without a new page, and once it has ended the page is loaded anew."""
    with Store(shown.database) as store:
        with store.writing() as tx:
            run_id = runs.start_run(tx, "urls", "en")
            tx.exec_driver_sql("UPDATE run SET seeds = 7 WHERE id = ?", (run_id,))
        try:
            seen.go("/")
            expect(seen.page.get_by_role("status").first).to_contain_text("running, 7 of 7 URLs left")
            with store.writing() as tx:
                tx.exec_driver_sql("UPDATE run SET seeds = 9 WHERE id = ?", (run_id,))
            expect(seen.page.locator("[data-count=left]")).to_have_text("9")
            with store.writing() as tx:
                runs.finish_run(tx, run_id, {})
            expect(seen.page.get_by_role("status").first).to_contain_text("finished")
        finally:
            with store.writing() as tx:
                tx.exec_driver_sql("DELETE FROM worker WHERE id = ?", (run_id,))
                tx.exec_driver_sql("DELETE FROM run WHERE id = ?", (run_id,))


def test_the_first_key_leads_past_the_menu(seen: Seen) -> None:
    """Tab, Enter: the content, whatever stands above it."""
    seen.go("/records")
    seen.page.keyboard.press("Tab")
    expect(seen.page.get_by_text("Skip to the content")).to_be_focused()
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("document.activeElement.id") == "main"


def test_strangers_scripts_are_shown_and_never_run(seen: Seen, shown: Shown) -> None:
    """In lists, searches and records: nothing runs, nothing is fetched, nothing leads away."""
    for path in (shown.paths["strange"], "/records", f"/records?q={SCRIPTS[0]}", f"/records?source={SCRIPTS[2]}"):
        seen.go(path)
        seen.page.mouse.move(300, 300)
        assert seen.page.evaluate("window.broken") is None, path
        expect(seen.page.get_by_text("<script>window.broken = 1</script>").first).to_be_visible()
    seen.go(shown.paths["strange"])
    addresses = [link.get_attribute("href") or "" for link in seen.page.get_by_role("link").all()]
    assert not [one for one in addresses if not one.startswith(("/", "#", "https://courier.example/"))]


def test_texts_run_as_their_language_does(seen: Seen, shown: Shown) -> None:
    """Arabic stands to the right, in its paragraphs and in its headline."""
    seen.go(shown.paths["right-to-left"])
    for one in (seen.page.locator("h1"), seen.page.locator(".pair p").first):
        assert one.evaluate("element => getComputedStyle(element).direction") == "rtl"


def test_a_script_of_another_kind_is_refused_by_the_policy(seen: Seen) -> None:
    """Were something not escaped, the browser would not run it, nor load a picture from elsewhere."""
    seen.go("/help")
    seen.page.evaluate(
        """() => { const made = document.createElement("div");
        made.innerHTML = "<img src='https://evil.example/x.png' onerror='window.broken = 1'>";
        document.body.append(made);
        const script = document.createElement("script"); script.textContent = "window.broken = 1";
        document.body.append(script); }"""
    )
    seen.page.wait_for_function("performance.now() > 0")
    assert seen.page.evaluate("window.broken") is None
    assert [line for line in seen.trouble if "Content Security Policy" in line]
    seen.trouble.clear()
    seen.requests[:] = [url for url in seen.requests if "evil.example" not in url]


def test_another_name_for_this_machine_gets_nothing(shown: Shown) -> None:
    """As a page of another site would ask, whose name was turned to loopback."""
    port = urlsplit(shown.base).port
    with socket.create_connection(("127.0.0.1", port or 0), timeout=120) as connection:
        connection.sendall(b"GET /records HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        with connection.makefile("rb") as answer:
            status, _, rest = answer.read().partition(b"\r\n")
    assert b"421" in status
    assert b"supermarket" not in rest


def test_a_port_that_is_taken_and_a_database_that_is_not_there(shown: Shown, tmp_path: Path) -> None:
    """One line with the next step, and status 2."""
    taken = newsmill("browse", "--db", shown.database, "--port", str(urlsplit(shown.base).port), home=tmp_path)
    assert (taken.returncode, taken.stdout) == (2, "")
    assert taken.stderr.startswith("error: port ")
    assert "--port" in taken.stderr
    missing = newsmill("browse", "--db", f"sqlite:///{tmp_path}/none.db", home=tmp_path)
    assert missing.returncode == 2
    assert "newsmill run makes it" in missing.stderr
    assert not (tmp_path / "none.db").exists()


def test_who_opens_it_to_others_is_told_that_there_is_no_login(database: str) -> None:
    """And it answers under any name then; SIGTERM ends it."""
    with serving(database, "--host", "0.0.0.0") as process:
        assert address_of(process).startswith("http://127.0.0.1:")
        assert process.stdout is not None
        assert "no login" in process.stdout.readline()
        os.kill(process.pid, signal.SIGTERM)
        process.wait(180)
