"""The records in a list, with filters and search."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flows.browse.site import Site
from flows.browse.texts import Mark, Piece, cut
from ingest.errors import InputError
from ingest.model import Only
from storage.browse import listing
from storage.browse.listing import Listed, ListedPage
from storage.search import RANKED, Hit, find, found_ids, within
from storage.selection import Selection
from storage.store import Transaction, chunks

PAGE = 50
_HITS = 15  # a tenth of a second goes into the passages of twice as many
# Counted exactly up to here: nobody reads the difference beyond.
_COUNTED = 10_000


ONLY = {
    Only.DUPLICATES: "duplicates of others",
    Only.PENDING: "awaiting translation",
    Only.UNSURE: "of whose text little is sure",
}
"""What a list can be narrowed to, and how that is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The filters as they were typed; `wrong` says what could not be understood."""

    query: str = ""
    language: str = ""
    source: str = ""
    first_day: str = ""
    last_day: str = ""
    originals: bool = False
    run: str = ""
    only: str = ""
    author: str = ""
    wrong: tuple[str, ...] = ()

    def wanted(self, target: str) -> Selection:
        """Which records they choose; `target` is the language of the translations."""
        return Selection(
            language=self.language or None,
            source=self.source or None,
            first_day=self.first_day or None,
            last_day=self.last_day or None,
            canonical_only=self.originals,
            run_id=self.run or None,
            author=self.author or None,
        ).only(Only(self.only) if self.only else None, target)

    def address(self, **more: str | int) -> str:
        """The address of the list with these filters."""
        filters = {
            "q": self.query,
            "language": self.language,
            "source": self.source,
            "from": self.first_day,
            "to": self.last_day,
            "originals": "1" if self.originals else "",
            "run": self.run,
            "only": self.only,
            "author": self.author,
        }
        given = {name: value for name, value in (filters | more).items() if value}
        return "/records" + (f"?{urlencode(given)}" if given else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A record that a search found, and the passage that shows why."""

    row: Listed
    passage: Sequence[Piece]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a search came to, as in `storage.search.Found`; `wrong` says what is wrong with the query."""

    hits: Sequence[Hit] = ()
    stories: int = 0
    records: int = 0
    more: bool = False
    page: int = 1
    wrong: str | None = None

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.stories // _HITS))


def read_form(parameters: Mapping[str, str]) -> Form:
    """The filters in an address; what is no day is left out and said."""

    def text(name: str) -> str:
        # No database takes a NUL, and PostgreSQL says so by an error.
        return parameters.get(name, "").replace("\0", "").strip()

    wrong = []
    days = {name: text(name) for name in ("from", "to")}
    for name, day in days.items():
        if day and not _is_day(day):
            wrong.append(f"“{day}” is no day: write it like 2026-03-14")
            days[name] = ""
    return Form(
        query=text("q"),
        language=text("language"),
        source=text("source"),
        first_day=days["from"],
        last_day=days["to"],
        originals=bool(text("originals")),
        run=text("run"),
        only=text("only") if text("only") in ONLY else "",
        author=text("author"),
        wrong=tuple(wrong),
    )


def search(site: Site, form: Form, page: str | None = None) -> Answer | None:
    """A page of the best records for a query; ``None`` where there is none. Takes a connection of its own."""
    if not form.query:
        return None
    if site.indexed is None:
        return Answer(wrong="there is no search index, and none could be made: the note above says why")
    number = max(1, int(page)) if page and page.isdecimal() and len(page) < 7 else 1
    try:
        offset = (number - 1) * _HITS
        found = find(
            site.store,
            form.query,
            within(form.wanted(site.target)),
            target=site.target,
            limit=_HITS,
            offset=offset,
            folded=True,
        )
    except InputError as error:
        return Answer(wrong=str(error))
    return Answer(hits=found.hits, stories=found.stories, records=found.records, more=found.more, page=number)


def records(
    tx: Transaction, site: Site, form: Form, answer: Answer | None, *, after: str | None, before: str | None
) -> dict[str, Any]:
    """What the list of records shows: what a search answered, else a page of those that the filters choose."""
    languages, sources = site.menus.languages_and_sources(tx)
    known: dict[str, Any] = {
        "form": form,
        "wrong": [*form.wrong, *([answer.wrong] if answer and answer.wrong else [])],
        "languages": list(_offered(languages, form.language)),
        "sources": list(_offered(sources, form.source)),
        "ranked": RANKED,
        "only": ONLY[Only(form.only)] if form.only else None,
    }
    if answer is not None:
        stale = site.indexed is not None and listing.changed_since(tx, site.indexed)
        return known | {"found": _found(tx, site, answer.hits), "answer": answer, "stale": stale, "page": None}
    page = listing.list_records(
        tx, form.wanted(site.target), target=site.target, after=after, before=before, limit=PAGE
    )
    count = listing.count_records(tx, form.wanted(site.target), most=_COUNTED)
    return known | {
        "found": None,
        "page": page,
        "count": f"more than {_COUNTED:,}" if count > _COUNTED else f"{count:,}",
        "one": count == 1,
        **_ways(form, page),
    }


def all_rows(tx: Transaction, site: Site, form: Form, ids: Sequence[str] | None) -> list[dict[str, Any]]:
    """The whole list for a table of another program, not a page of it alone; `ids` are those that a search found."""
    if ids is None:
        ids = listing.listed_ids(tx, form.wanted(site.target))
    return [asdict(one) for chunk in chunks(ids) for one in listing.read_listed(tx, chunk, site.target)]


def found_by(site: Site, form: Form) -> list[str] | None:
    """The ids of all records that a search finds, the best first; ``None`` where there is none."""
    if not form.query:
        return None
    if site.indexed is None:
        return []
    try:
        return found_ids(site.store, form.query, within(form.wanted(site.target)))
    except InputError:
        return []


def _ways(form: Form, page: ListedPage) -> dict[str, str | None]:
    """Where newer and older records are."""
    return {
        "newer": form.address(before=page.rows[0].id) if page.newer else None,
        "older": form.address(after=page.rows[-1].id) if page.older else None,
        "newest": form.address() if page.newer else None,
    }


def _found(tx: Transaction, site: Site, hits: Sequence[Hit]) -> list[Found]:
    ids = [hit.id for hit in hits]
    passages = {hit.id: _passage(hit) for hit in hits}
    return [Found(row=row, passage=passages[row.id]) for row in listing.read_listed(tx, ids, site.target)]


def _passage(hit: Hit) -> list[Piece]:
    marks = [Mark(start=start, end=end, number=1) for start, end in hit.marks]
    return cut(hit.snippet, (0, len(hit.snippet)), marks) if hit.snippet else []


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _offered(pairs: Sequence[tuple[str, int]], value: str) -> Iterator[tuple[str, int | None]]:
    """What a menu offers: what there is, and what was asked for even if there is none of it."""
    yield from pairs
    if value and value not in {name for name, _ in pairs}:
        yield value, None
