"""What is forgotten is nowhere any more, does not come back, and leaves all else as if it had never been."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator
from sqlalchemy import JSON, LargeBinary, Text, text
from support.databases import KINDS, empty_database
from support.here import Here
from support.linking import keep
from support.making import key_of, make_stored
from support.newsroom import Newsroom
from support.packages import demo_packages
from support.texts import MARKET_NEWS, RADIO_NEWS
from typer.testing import CliRunner

from flows.cli.app import app
from flows.forget import forget, look_for
from flows.forgotten import names_of
from flows.orders import file_order, nightly_order, url_order
from flows.reprocess import extract_order
from flows.run import Order, run
from flows.settings import Settings, load_settings
from flows.summary import Summary
from ingest.errors import InputError, StorageError
from ingest.model import Seed
from ingest.sources import Source
from storage import forgetting, runs
from storage.export import Selection, export_records
from storage.search import find, update_index
from storage.store import Store
from storage.tables import metadata
from storage.views import all_ids, read_records

TITLE = "Kvarnhjulet i Norrby snurrar igen efter tjugo år"
FIRST = (
    "Det gamla kvarnhjulet vid Norrbyforsen började snurra på lördagen. Byalaget hade samlat in pengar i sex år, och "
    "smeden Karin Lindqvist göt själv de nya lagren i sin verkstad nere vid bron."
)
SECOND = (
    "På midsommar ska det malas råg i kvarnen, säger ordföranden. Mjölet säljs på torget, och överskottet går till ett "
    "nytt tak på magasinet som rasade in under vinterns tunga snö."
)
CHANGED = SECOND.replace("råg", "korn").replace("torget", "stationen")
TEXTS = (TITLE, FIRST, SECOND, CHANGED)
OTHER = (
    "The night bus to Harrow Point runs again from Monday. The council found two drivers.",
    "It stops at the pier.",
)


@pytest.fixture(params=KINDS)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings with an empty database of each kind, and models from Swedish."""
    with empty_database(request.param, tmp_path) as url:
        yield load_settings(
            None,
            storage={"url": url, "archive_dir": tmp_path / "archive"},
            translate={"packages_dir": demo_packages(tmp_path / "models")},
            fetch={"delay_s": 0.0},
        )


@pytest.fixture
def room() -> Iterator[Newsroom]:
    """A site with nothing on it."""
    with Newsroom() as opened:
        yield opened


def ingest(order: Order, settings: Settings, room: Newsroom) -> Summary:
    """A run that may ask the site."""
    allowed = load_settings(
        None,
        storage=settings.storage.model_dump(),
        translate=settings.translate.model_dump(),
        fetch={"delay_s": 0.0, "allow_private": (room.host,)},
    )
    return run(order, allowed, open_engines=Here().open)


def refused(settings: Settings, summary: Summary) -> list[str]:
    """Why seeds of a run were rejected."""
    with Store(settings.storage.url) as store, store.reading() as tx:
        query = "SELECT reason FROM outcome WHERE run_id = :run AND outcome = 'rejected'"
        return list(tx.execute(text(query), {"run": summary.run_id}).scalars())


def all_bytes(settings: Settings, folder: Path) -> bytes:
    """All that is in the database, its log, the archive, packed and unpacked, and an export that is made now."""
    with Store(settings.storage.url) as store:
        export_records(store, "en", folder / "out.jsonl")
        export_records(store, "en", folder / "out.csv")
        held = [] if store.engine.dialect.name == "sqlite" else list(rows_of(store))
    held += [file.read_bytes() for file in folder.iterdir() if file.is_file()]
    for file in (folder / "archive").glob("*.gz"):
        held += [file.read_bytes(), gzip.decompress(file.read_bytes())]
    return b"\n".join(held)


def rows_of(store: Store) -> Iterator[bytes]:
    """All rows of all tables of a server, and the samples of them that it keeps."""
    with store.reading() as tx:
        named = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        for name in tx.execute(text(named)).scalars().all():
            yield from (str(tuple(row)).encode() for row in tx.execute(text(f'SELECT * FROM "{name}"')))
        yield from (str(tuple(row)).encode() for row in tx.execute(text("SELECT * FROM pg_stats")))


def traces(held: bytes, texts: tuple[str, ...]) -> list[str]:
    """The pieces of texts that are there: of 20 characters, every third."""
    pieces = {one[at : at + 20] for one in texts for at in range(0, max(1, len(one) - 19), 3)}
    return sorted(piece for piece in pieces if piece.encode() in held)


def forgotten(settings: Settings, what: str, *more: str) -> dict[str, Any]:
    """What the command says."""
    arguments = ["forget", what, "--reason", "asked by its author", "--yes", "--json", "--db", settings.storage.url]
    done = CliRunner().invoke(app, [*arguments, *more])
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_no_byte_of_it_is_left_and_none_comes_back(settings: Settings, room: Newsroom, tmp_path: Path) -> None:
    """Text, title, translation, versions, and what the feed said of them, in any place; whatever is run again later."""
    address = room.story("kvarn", FIRST, SECOND, title=TITLE)
    other = room.story("bus", *OTHER)
    feed = room.put(
        "/feed.xml",
        f"<rss version='2.0'><channel><title>N</title><item><title>{TITLE}</title><link>{address}</link></item>"
        f"<item><title>Bus</title><link>{other}</link></item></channel></rss>",
        "application/rss+xml",
    )
    nightly = nightly_order([Source(name="norrby", language="sv", feeds=(feed,))])
    assert ingest(nightly, settings, room).stored == 2
    room.story("kvarn", FIRST, CHANGED, title=TITLE)
    ingest(url_order([Seed(url=address)]), settings, room)
    with Store(settings.storage.url) as store, store.reading() as tx:
        (one,) = read_records(tx, [key_of(address)], "en")
    made = (one["translation"]["text"], one["translation"]["title"])
    assert one["version"]["number"] == 2
    assert {*traces(all_bytes(settings, tmp_path), (*TEXTS, *made))} >= {TITLE[:20], CHANGED[:20], made[0][:20]}

    told = forgotten(settings, address)
    assert (told["records"], told["versions"], told["translations"], told["missing_archives"]) == (1, 2, 1, [])
    assert told["ids"] == [key_of(address)]
    assert traces(all_bytes(settings, tmp_path), (*TEXTS, *made)) == []

    asked = len(room.asked("/kvarn"))
    archive = file_order([tmp_path / "archive"])
    for order in (nightly, url_order([Seed(url=address)]), archive, extract_order(None, None, translate=False)):
        summary = ingest(order, settings, room)
        assert (summary.failed, summary.stored) == (0, 0)
        assert set(refused(settings, summary)) <= {"forgotten"}
    assert len(room.asked("/kvarn")) == asked
    assert traces(all_bytes(settings, tmp_path), (*TEXTS, *made)) == []
    with Store(settings.storage.url) as store, store.reading() as tx:
        assert [kept["url"] for kept in read_records(tx, all_ids(tx), "en")] == [other]
    with Store(settings.storage.url) as store:
        assert [find(store, word).records for word in ("kvarnhjulet", "bus")] == [0, 1]


def test_other_ways_to_it_lead_nowhere(settings: Settings, room: Newsroom, tmp_path: Path) -> None:
    """A redirect, another layout that names it as its own address, and a feed that tells its title."""
    address = room.story("kvarn", FIRST, SECOND, title=TITLE)
    ingest(url_order([Seed(url=address)], translate=False), settings, room)
    forgotten(settings, address)
    body = room.pages["/kvarn"].body.replace(b"<head>", f'<head><link rel="canonical" href="{address}">'.encode())
    twin = room.put("/amp/kvarn", body)
    moved = room.put("/old", b"", status=301, headers={"Location": "/kvarn"})
    summary = ingest(url_order([Seed(url=one, title=TITLE) for one in (twin, moved)]), settings, room)
    assert refused(settings, summary) == ["forgotten", "forgotten"]
    assert traces(all_bytes(settings, tmp_path), (FIRST, SECOND)) == []


def test_a_host_goes_with_all_below_it_and_nothing_else(tmp_path: Path) -> None:
    """Other people's archives lose the pages of the host; a later run over them brings none back."""
    pages = {
        "https://courier.example/a": f"{FIRST} {SECOND}",
        "https://news.courier.example/b": MARKET_NEWS,
        "https://notcourier.example/c": RADIO_NEWS,
    }
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(b"".join(gzip.compress(captured(url, said)) for url, said in pages.items()))
    settings = load_settings(None, storage={"url": f"sqlite:///{tmp_path / 'n.db'}"})
    order = file_order([path], translate=False)
    assert run(order, settings, open_engines=Here().open).stored == 3
    told = forgotten(settings, "www.courier.example")
    assert (told["forgotten"], told["records"], told["archive_records"]) == (["courier.example"], 2, 2)
    left = [one.headers.get("WARC-Target-URI") for one in ArchiveIterator(str(path))]
    assert left == [None, None, "https://notcourier.example/c"]
    path.write_bytes(b"".join(gzip.compress(captured(url, said)) for url, said in pages.items()))
    again = run(order, settings, open_engines=Here().open)
    assert (again.rejected, again.unchanged, again.stored) == (2, 1, 0)


def captured(url: str, said: str) -> bytes:
    """A response as a crawler keeps it."""
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<article><p>{said}</p></article>".encode()
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:{key_of(url)}>\r\nWARC-Target-URI: {url}\r\n"
    rest = f"WARC-Date: 2026-03-14T12:00:00Z\r\nContent-Type: application/http\r\nContent-Length: {len(block)}\r\n\r\n"
    return (head + rest).encode() + block + b"\r\n\r\n"


def test_the_others_are_as_if_it_had_never_been(tmp_path: Path) -> None:
    """Copies of what was forgotten have another original, and are linked as they would be without it."""
    named = {"gazette": "desk.example", "mirror": "gazette.example", "digest": "gazette.example"}
    paragraphs = MARKET_NEWS.strip().split("\n\n")
    said = {"gazette": MARKET_NEWS, "mirror": MARKET_NEWS, "digest": "\n\n".join(paragraphs[:-1])}
    made = [make_stored(said[name], f"https://{name}.example/story", hours=hours) for hours, name in enumerate(named)]
    made.append(make_stored(RADIO_NEWS, "https://radio.example/story"))
    found = []
    for name, stored in (("with", made), ("without", made[1:])):
        with Store(f"sqlite:///{tmp_path / name}.db") as store:
            keep(store, stored)
            close_runs(store)
            if name == "with":
                assert one_cluster(store)["canonical_id"] == key_of("https://gazette.example/story")
                forget(store, look_for(store, "https://gazette.example/story"), "a test")
            with store.reading() as tx:
                found.append(
                    {one["id"]: (one["duplicate"], one["links"]) for one in read_records(tx, all_ids(tx), "en")}
                )
    assert len(found[0]) == 3
    assert found[0] == found[1]


def one_cluster(store: Store) -> dict[str, Any]:
    """Where the copy elsewhere belongs."""
    with store.reading() as tx:
        (one,) = read_records(tx, [key_of("https://mirror.example/story")], "en")
    duplicate: dict[str, Any] = one["duplicate"]
    return duplicate


def close_runs(store: Store) -> None:
    """Nobody is at work any more."""
    with store.writing() as tx:
        tx.execute(text("DELETE FROM worker"))


def test_cursors_of_exports_go_on(tmp_path: Path) -> None:
    """An earlier export's cursor is still good, and the next increment names what is to be erased elsewhere, too."""
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        keep(store, [make_stored(RADIO_NEWS, "https://radio.example/story")])
        close_runs(store)
        before = export_records(store, "en", tmp_path / "a.jsonl").cursor
        update_index(store)
        forget(store, look_for(store, key_of("https://radio.example/story")[:8]), "a test")
        later = export_records(store, "en", tmp_path / "b.jsonl", selection=Selection(since=before))
        assert (later.records, later.cursor > before) == (0, True)
    manifest = json.loads((tmp_path / "b.jsonl.manifest.json").read_text(encoding="utf-8"))
    assert manifest["forgotten"] == [key_of("https://radio.example/story")]


def test_nothing_is_forgotten_while_a_run_holds_it(tmp_path: Path) -> None:
    """It would be stored behind the back of whoever forgets it."""
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        with store.writing() as tx:
            runs.start_run(tx, "urls", "en")
            tx.execute(text("UPDATE worker SET pid = 1"))
        with pytest.raises(StorageError, match="a run is running"):
            look_for(store, "courier.example")


@pytest.mark.parametrize("given", ["courier", "courier.example/story", "", "abcdef12"])
def test_what_names_nothing_is_refused(given: str, tmp_path: Path) -> None:
    """Neither an address nor a host nor a record."""
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store, pytest.raises(InputError, match="is no address"):
        look_for(store, given)


def test_nobody_is_taken_by_surprise(tmp_path: Path) -> None:
    """Without --yes, and with nobody to ask, nothing happens; an address never heard of is noted all the same."""
    url = f"sqlite:///{tmp_path / 'n.db'}"
    with Store(url):
        pass
    arguments = ["forget", "https://a.example/x", "--reason", "r", "--db", url]
    done = CliRunner().invoke(app, arguments)
    assert "--yes" in str(done.exception)
    done = CliRunner().invoke(app, [*arguments, "--yes"])
    assert "forgotten: https://a.example/x" in done.output


def test_an_address_has_the_names_of_its_hosts() -> None:
    """With and without port, itself and above; not of a part of a label, nor of a number."""
    assert set(names_of("https://www.a.b.example:8080/x")[1:]) == {
        "a.b.example", "a.b.example:8080", "b.example", "b.example:8080", "example", "example:8080",
    }  # fmt: skip
    assert set(names_of("http://127.0.0.1/x")[1:]) == {"127.0.0.1"}
    assert names_of("file:///a")[1:] == ()


# Columns of rows that stay which hold nothing of what a page says: names, addresses, times, states.
PLAIN = {
    "url": {"key", "url", "source", "language", "via", "state", "settled_at"},
    "outcome": {"run_id", "key", "outcome", "stage", "reason"},
    "listing": {"run_id", "url", "source", "kind", "reason"},
    "change": {"record_id"},
    "mark": {"id", "record_id"},
    "forgotten": {"name", "said", "at", "reason"},
    "queue": {"run_id", "key", "site"},
    "claim": {"key", "worker", "run_id", "site", "rests_until"},
    "reach": {"run_id", "file", "choice", "content"},
    "run": {
        "id", "kind", "target", "status", "host", "started_at", "finished_at", "continued_by", "given", "source_delays",
        "summary",
    },
    "source_run": {"run_id", "source"},
    "worker": {"id", "host", "started_at", "heartbeat_at"},
}  # fmt: skip


def test_every_column_that_may_hold_text_is_known_to_it() -> None:
    """Each table goes with the record or the address, is emptied, or has only columns that are blanked or plain."""
    gone = {*forgetting.WITH_RECORD, *forgetting.OF_TEXTS, *forgetting.WITH_ADDRESS, *forgetting.EMPTIED}
    stays = {*forgetting.BLANKED, *forgetting.HARMLESS}
    assert gone | stays == set(metadata.tables.values()), "a new table: say in storage/forgetting.py what becomes of it"
    for table in stays:
        known = PLAIN[table.name] | set(forgetting.BLANKED.get(table, ()))
        held = {column.name for column in table.columns if isinstance(column.type, Text | JSON | LargeBinary)}
        assert held <= known, (
            f"{table.name}: blank {held - known} in storage/forgetting.py, or say here that it is plain"
        )
