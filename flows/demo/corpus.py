"""What the demo's outlets publish, read from `articles/` into frozen values.

    articles/OUTLET/outlet.toml        name, language, feed, robots.txt, traps
    articles/OUTLET/page.html          the boilerplate around every article: a string.Template
    articles/OUTLET/SLUG.md            an article: TOML between two lines of +++, then its text
    articles/OUTLET/SLUG.2.md          the same article as it stands in edition 2, or one that is new in it

The text is blocks parted by a blank line. A block that begins with `## ` is a heading, `> ` a quotation, `- ` an item
of a list, `^ ` a caption; any other is a paragraph. `[words](OUTLET/SLUG)` links to an article.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from ingest.link import Relation
from ingest.model import Block, Role

ARTICLES = Path(__file__).parent / "articles"
EDITIONS = (1, 2)
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")

_ROLE_OF_MARK = {"## ": Role.HEADING, "> ": Role.QUOTE, "- ": Role.LIST, "^ ": Role.CAPTION}


class Metadata(StrEnum):
    """How the pages of an outlet say who wrote an article and when."""

    JSON_LD = "json-ld"
    OPEN_GRAPH = "open-graph"
    TIME = "time"
    NONE = "none"


class FeedKind(StrEnum):
    """The format of an outlet's feed."""

    RSS = "rss"
    ATOM = "atom"


class TrapKind(StrEnum):
    """How an address misbehaves. `traps.EXPECTED` says what a crawl makes of each."""

    NOT_FOUND = "not_found"
    GONE = "gone"
    UNAVAILABLE = "unavailable"
    DRIP = "drip"
    GZIP_BOMB = "gzip_bomb"
    REDIRECT = "redirect"
    ENDLESS_REDIRECT = "endless_redirect"
    PRIVATE = "private"
    PDF = "pdf"
    EMPTY = "empty"
    NO_TEXT = "no_text"
    FORBIDDEN = "forbidden"
    TRACKED = "tracked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """An address in a feed that is no plain page. `target` is where a redirect or a second address leads."""

    kind: TrapKind
    path: str
    title: str
    published: datetime
    target: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A publisher: where its addresses lie and how its pages look. `path` has the fields {slug} and {date}."""

    key: str
    name: str
    language: str
    path: str
    feed: FeedKind
    feed_path: str
    metadata: Metadata
    robots: str
    template: str
    feed_encoding: str = "utf-8"
    broken_feeds: tuple[str, ...] = ()
    canonical: bool = True
    delay_s: float = 0
    traps: tuple[Trap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """How a page travels: the encoding of its bytes, what header and <meta> claim, and how the server behaves.

    Where `first_status` is set, the first request gets that status and only later ones the page.
    """

    encoding: str = "utf-8"
    header_charset: str | None = "utf-8"
    meta_charset: str | None = "utf-8"
    first_status: int | None = None
    slow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is true of an article, for tests: nothing of this is on its page.

    `copy_of` names the article it was made from and `relation` how; `same_event` one that reports the same event in
    words of its own, and so is no copy. `languages` are all that occur, the commonest first. `model` is false where the
    demo has no translator for the language.
    """

    languages: tuple[str, ...]
    copy_of: str | None = None
    relation: Relation | None = None
    same_event: str | None = None
    model: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoArticle:
    """An article as its outlet published it.

    `before` and `after` are lines that stand inside the text on the page and are no part of it: what an aggregator or a
    blog adds. Blocks, `before` and `after` may hold `[words](OUTLET/SLUG)`.
    """

    outlet: str
    slug: str
    edition: int
    language: str
    title: str
    published: datetime
    blocks: tuple[Block, ...]
    truth: Truth
    modified: datetime | None = None
    subtitle: str | None = None
    authors: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    wire: Wire = Wire()

    @property
    def key(self) -> str:
        """OUTLET/SLUG, by which other articles refer to it."""
        return f"{self.outlet}/{self.slug}"

    @property
    def text(self) -> str:
        """The plain text: blocks parted by a blank line, links as their words."""
        return "\n\n".join(LINK.sub(r"\1", block.text) for block in self.blocks)


@cache
def load_outlets() -> tuple[Outlet, ...]:
    """All outlets, by key."""
    return tuple(_read_outlet(path.parent) for path in sorted(ARTICLES.glob("*/outlet.toml")))


@cache
def load_articles(edition: int = 1) -> tuple[DemoArticle, ...]:
    """All articles as they stand in an edition, newest first within an outlet."""
    if edition not in EDITIONS:
        raise ValueError(f"no edition {edition}: choose one of {EDITIONS}")
    by_key: dict[str, DemoArticle] = {}
    for article in sorted(map(_read_article, ARTICLES.glob("*/*.md")), key=lambda a: (a.key, a.edition)):
        if article.edition <= edition:
            by_key[article.key] = article
    return tuple(sorted(by_key.values(), key=lambda a: (a.outlet, -a.published.timestamp(), a.slug)))


def parse_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of an article's text, marks taken off."""
    return tuple(_blocks(paragraph for paragraph in re.split(r"\n\s*\n", text.strip()) if paragraph.strip()))


def _blocks(paragraphs: Iterable[str]) -> Iterable[Block]:
    for paragraph in paragraphs:
        lines = paragraph.splitlines()
        mark = next((mark for mark in _ROLE_OF_MARK if lines[0].startswith(mark)), "")
        role = _ROLE_OF_MARK.get(mark, Role.BODY)
        plain = [line.removeprefix(mark).strip() for line in lines]
        if role is Role.LIST:
            yield from (Block(text=line, role=role) for line in plain)
        else:
            yield Block(text=" ".join(plain), role=role)


def _read_outlet(folder: Path) -> Outlet:
    table = tomllib.loads((folder / "outlet.toml").read_text("utf-8"))
    traps = tuple(Trap(**{**trap, "kind": TrapKind(trap["kind"])}) for trap in table.pop("traps", ()))
    return Outlet(
        key=folder.name,
        feed=FeedKind(table.pop("feed")),
        metadata=Metadata(table.pop("metadata")),
        template=(folder / "page.html").read_text("utf-8"),
        traps=traps,
        **_tuples(table),
    )


def _read_article(path: Path) -> DemoArticle:
    _, front, text = re.split(r"^\+\+\+\n", path.read_text("utf-8"), maxsplit=2, flags=re.MULTILINE)
    table = tomllib.loads(front)
    slug, _, edition = path.name.removesuffix(".md").partition(".")
    return DemoArticle(
        outlet=path.parent.name,
        slug=slug,
        edition=int(edition or 1),
        blocks=parse_blocks(text),
        truth=_truth(table.pop("truth", {}), table["language"]),
        wire=_wire(table.pop("wire", {})),
        **_tuples(table),
    )


def _truth(table: Mapping[str, Any], language: str) -> Truth:
    relation = Relation(table["relation"]) if "relation" in table else None
    return Truth(**{"languages": (language,), **_tuples(table), "relation": relation})


def _wire(table: Mapping[str, Any]) -> Wire:
    # TOML has no null: an empty charset means that nothing is claimed.
    fields: dict[str, Any] = {name: None if value == "" else value for name, value in table.items()}
    return Wire(**fields)


def _tuples(table: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
