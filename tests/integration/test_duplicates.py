"""`newsmill duplicates`: what is linked, shown to people and programs, and parted."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from support.making import key_of, make_stored
from support.texts import FORUM_POST, MARKET_NEWS, RADIO_NEWS
from typer.testing import CliRunner

from flows.cli import clusters
from flows.cli.app import app
from flows.cli.passages import marked
from flows.link import link_texts
from flows.passages import common_runs
from ingest.dedup.fingerprint import fingerprint
from ingest.errors import ConfigError, InputError
from ingest.model import Attribution, Precision, Record
from ingest.translate.texts import translate_texts
from storage import links, records, runs, translations
from storage.store import SentenceMemory, Store
from storage.views import read_records

GAZETTE, MIRROR, DIGEST, RADIO = (f"https://{site}.example/story" for site in ("gazette", "mirror", "digest", "radio"))
EIGHT = datetime(2026, 3, 14, 8, tzinfo=UTC)


def story() -> list[Record]:
    """A story, a later copy that names it, a copy of unknown date that was cut and reworded, and another story."""
    reworded = MARKET_NEWS.replace("opened", "started again").replace("cinema", "film theatre").strip().split("\n\n")
    named = Attribution(original_url=GAZETTE, original_name="gazette.example")
    return [
        make_stored(MARKET_NEWS.strip(), GAZETTE, title="Covered market reopens", published_at=EIGHT),
        make_stored(MARKET_NEWS.strip(), MIRROR, published_at=EIGHT.replace(hour=9, minute=30), attribution=named),
        make_stored("\n\n".join(reworded[:5]), DIGEST, title="Market starts again"),
        make_stored(RADIO_NEWS.strip(), RADIO),
    ]


def keep(store: Store, made: list[Record]) -> None:
    """Store records as a run does."""
    with store.writing() as tx:
        records.add_records(tx, made, runs.start_run(tx, "urls", "en"))
        texts = {(record.article.key, links.ORIGINAL_SIDE): record.fingerprint for record in made}
        link_texts(tx, texts, [record.article.key for record in made])


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A database with the story in it."""
    url = f"sqlite:///{tmp_path / 'n.db'}"
    with Store(url) as store:
        keep(store, story())
    return url


def call(database: str, *arguments: str) -> str:
    """What the command prints."""
    result = CliRunner().invoke(app, ["duplicates", *arguments, "--db", database], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def as_json(database: str, *arguments: str) -> dict[str, Any]:
    """What it tells programs."""
    found: dict[str, Any] = json.loads(call(database, *arguments, "--json").splitlines()[-1])
    return found


def test_the_overview_has_clusters_and_no_more(database: str) -> None:
    """The three copies are a group, the canonical record on top; the other story is not listed."""
    (group,) = as_json(database)["clusters"]
    assert [one["url"] for one in group] == [GAZETTE, MIRROR, DIGEST]
    assert [one["is_canonical"] for one in group] == [True, False, False]
    assert "Radio" not in call(database)


def test_the_reasons_are_told(database: str) -> None:
    """Who has it from whom and what tells; where only the texts do, it is likely."""
    (group,) = as_json(database, GAZETTE)["clusters"]
    told = {one["url"]: ([clue["rule"] for clue in one["evidence"]], one["certain"]) for one in group}
    assert told[MIRROR] == (["names_source", "published_first"], "yes")
    assert told[DIGEST] == (["central", "undated", "shorter"], "likely")
    assert told[GAZETTE] == (["names_source", "published_first", "central", "undated", "shorter"], "likely")
    shown = call(database, GAZETTE)
    assert "published_first: 2026-03-14T08:00+00:00 before 2026-03-14T09:30+00:00" in shown
    assert "most likely the original" in shown


def test_equal_days_tell_nothing(tmp_path: Path) -> None:
    """Two copies of one day are a cluster without a known original."""
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        day = {"published_at": EIGHT.replace(hour=0), "published_precision": Precision.DAY}
        keep(store, [make_stored(MARKET_NEWS, GAZETTE, **day), make_stored(MARKET_NEWS, MIRROR, **day)])
        with store.reading() as tx:
            found = list(read_records(tx, [key_of(GAZETTE), key_of(MIRROR)], "en"))
    assert [(one["duplicate"]["certain"], one["duplicate"]["evidence"]) for one in found] == [("no", []), ("no", [])]


def test_passages_stand_side_by_side(database: str) -> None:
    """Without colours common words are in brackets, others are not, and the middle of a long passage is left out."""
    shown = call(database, DIGEST)
    assert "] [" not in shown
    assert "characters ..." in shown
    assert "started again" in shown.replace("│", " ")


def test_programs_get_spans_and_passages(database: str) -> None:
    """Each linked pair of the cluster, with the places in both texts and the words that are there."""
    pairs = as_json(database, DIGEST)["pairs"]
    assert {frozenset((pair["a"], pair["b"])) for pair in pairs} == {
        frozenset((key_of(one), key_of(other)))
        for one, other in ((GAZETTE, MIRROR), (GAZETTE, DIGEST), (MIRROR, DIGEST))
    }
    texts = {record.article.key: record.article.text for record in story()}
    assert key_of(DIGEST) in (pairs[0]["a"], pairs[0]["b"])
    for pair in pairs:
        for passage in pair["passages"]:
            a_start, a_end, b_start, b_end = passage["span"]
            assert passage["a"] == texts[pair["a"]][a_start:a_end] != ""
            assert passage["b"] == texts[pair["b"]][b_start:b_end] != ""


@pytest.mark.parametrize("width", [80, 140])
def test_tables_fit_the_terminal(database: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 80 and 140 columns no line is longer, and ids are whole enough to be used."""
    out = io.StringIO()
    monkeypatch.setattr(clusters, "console", lambda: Console(width=width, file=out, highlight=False))
    call(database)
    call(database, DIGEST)
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert sum(key_of(DIGEST)[:8] in line for line in lines) >= 3


def test_words_in_common_are_found_in_any_form() -> None:
    """Forms of a word are one word; what differs breaks the run."""
    one, other = "the councils voted for a cinema", "the council voted for the cinema"
    runs_found = list(common_runs(one, "en", other, "en"))
    assert [(one[a:b], other[c:d]) for (a, b), (c, d) in runs_found] == [
        ("the councils voted for", "the council voted for"),
        ("cinema", "cinema"),
    ]
    assert marked(one, [a for a, _ in runs_found], colour=False).plain == "[the councils voted for] a [cinema]"
    assert marked("x" * 2000, [(0, 2000)], colour=False).plain.count("[") == 2


def test_passages_too_long_to_compare_have_all_in_common() -> None:
    """The time for it grows with the square of the length, and a page of megabytes must not stop the command."""
    one, other = "a small red boat " * 20_000, "a large red boat " * 20_000
    assert [((0, len(one)), (0, len(other)))] == list(common_runs(one, "en", other, "en"))


def test_a_link_that_is_wrong_is_taken_away_for_good(database: str) -> None:
    """The cluster is formed anew, a rerun does not bring the link back, and --relink does."""
    before = as_json(database)
    assert call(database, "--unlink", GAZETTE, DIGEST).startswith("separated")
    parted = as_json(database)
    assert [[one["url"] for one in group] for group in parted["clusters"]] == [[GAZETTE, MIRROR]]
    with Store(database) as store:
        keep(store, story())
        with store.writing() as tx:
            made = {(one.article.key, links.ORIGINAL_SIDE): one.fingerprint for one in story()}
            link_texts(tx, made)
    assert as_json(database) == parted
    assert call(database, "--unlink", GAZETTE, DIGEST).startswith("they were not linked")
    assert call(database, "--relink", DIGEST, GAZETTE) == "compared again\n"
    assert as_json(database) == before
    assert call(database, "--relink", DIGEST, GAZETTE) == "they were not separated\n"


def test_wrong_use_is_said(database: str) -> None:
    """A record that is not there, the same record twice, and two wishes at once."""
    with pytest.raises(InputError, match="no record"):
        call(database, "--unlink", GAZETTE, "https://nowhere.example/")
    with pytest.raises(ConfigError, match="the same"):
        call(database, "--unlink", GAZETTE, GAZETTE)
    with pytest.raises(ConfigError, match="either"):
        call(database, GAZETTE, "--unlink", GAZETTE, DIGEST)


def translate(store: Store, key: str, parts: list[str]) -> None:
    """Give a record's segments these translations into English, and link what it reads like then."""
    with store.writing() as tx:
        made = [
            translations.Translated(record_id=key_of(key), position=position, text=text, model="test")
            for position, text in enumerate(parts)
        ]
        translations.add_translations(tx, "en", made)
        side = (key_of(key), "en")
        (text,) = links.side_texts(tx, [side]).values()
        link_texts(tx, {side: fingerprint(text.text, "en")})


GERMAN = """\
Markthalle nach dem großen Frost wieder offen

Die Markthalle von Aldersyke hat am Samstag wieder geöffnet, elf Wochen nachdem der Frost alle Rohre unter dem \
eisernen Dach gesprengt und die Fischhalle in eine Eisbahn verwandelt hatte.

Die Händler standen seit vier Uhr morgens an, um ihre alten Stände zu bekommen. Als Erstes wurde ein Blechkessel \
verkauft: Der Uhrmacher Benedikt Ostrander kaufte ihn der Witwe Lapointe für drei Schilling und eine Geschichte ab.

Der Rat hatte das Gebäude an ein Kino verkaufen wollen. Er besann sich, als Ingenieure feststellten, dass das Dach, \
1884 in Fellmouth gegossen, nur neue Rinnen und zweihundert Bolzen brauchte."""

SWEDISH_IN_ENGLISH = (
    (
        "I saw this today and thought of you. It is odd that no Swedish paper has written about the harbour in Port "
        "Ellery, although so many from around here have worked there."
    ),
    "Do you believe that the yard gets money from the town, or is it like last time when everybody only talked?",
)


class CountingTranslator:
    """Writes German words backwards and counts the sentences."""

    settings = ""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def pairs(self) -> frozenset[tuple[str, str]]:
        """One pair."""
        return frozenset({("de", "en")})

    def model(self, source: str, target: str) -> str:
        """Its name."""
        return f"backwards-{source}_{target} 1"

    def translate(self, sentences: Sequence[str], source: str, target: str, *, strict: bool = False) -> list[str]:
        """The sentences with each word backwards."""
        self.asked += sentences
        return [re.sub(r"[^\W\d_]+", lambda found: found[0][::-1], sentence) for sentence in sentences]


def test_the_translation_of_a_copy_costs_only_what_it_changed(tmp_path: Path) -> None:
    """Sentences that a copy shares with a text translated before come from the memory, also after a restart."""
    changed = GERMAN.replace("drei Schilling", "vier Schilling")
    first, second = CountingTranslator(), CountingTranslator()
    for translator, text in ((first, GERMAN), (second, changed), (second, GERMAN)):
        with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
            translate_texts(text.split("\n\n"), "de", "en", translator, SentenceMemory(store))
    assert len(first.asked) == 6
    assert len(second.asked) == 1
    assert "vier Schilling" in second.asked[0]


def test_a_translated_repost_is_met_in_translation(tmp_path: Path) -> None:
    """A German original and its English repost are one cluster once the German text can be read in English."""
    english = MARKET_NEWS.strip().split("\n\n")[:4]
    repost = Attribution(machine_translated=True)
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        german = make_stored(GERMAN, GAZETTE)
        assert german.labels.language == "de"
        keep(store, [german, make_stored("\n\n".join(english), MIRROR, attribution=repost)])
        translate(store, GAZETTE, english)
        with store.reading() as tx:
            (original, copy) = read_records(tx, [key_of(GAZETTE), key_of(MIRROR)], "en")
    assert original["duplicate"]["is_canonical"]
    assert (copy["duplicate"]["relation"], copy["duplicate"]["canonical_id"]) == ("translated", original["id"])
    assert [clue["rule"] for clue in copy["duplicate"]["evidence"]] == ["machine_translated"]
    assert copy["duplicate"]["certain"] == "yes"
    assert call(f"sqlite:///{tmp_path / 'n.db'}", MIRROR).count("translated into en") == 1


def test_a_post_quotes_across_languages(tmp_path: Path) -> None:
    """A Swedish post around an English passage quotes the article, and its spans say which texts they are of."""
    passage = FORUM_POST.strip().split("\n")[2:5]
    article = "\n\n".join((*passage, *RADIO_NEWS.strip().split("\n\n")[1:4]))
    with Store(f"sqlite:///{tmp_path / 'n.db'}") as store:
        named = Attribution(original_url=GAZETTE)
        post = make_stored("\n\n".join(FORUM_POST.strip().split("\n")[:-1]), DIGEST, attribution=named)
        keep(store, [post, make_stored(article, GAZETTE)])
        parts = [segment.text for segment in post.labels.segments]
        translate(store, DIGEST, [*SWEDISH_IN_ENGLISH, *parts[2:]])
        with store.reading() as tx:
            (quoting, quoted) = read_records(tx, [key_of(DIGEST), key_of(GAZETTE)], "en")
    for record, relation in ((quoting, "quotes"), (quoted, "quoted_by")):
        (link,) = record["links"]
        assert link["relation"] == relation
        texts = {"original": record["text"], "en": record["translation"]["best_text"]}
        start, end = link["spans"][0][:2]
        assert "seventeen members backed the plan" in texts[link["side"]][start:end]
        assert link["other_side"] in {"original", "en"}
