"""What a page says about itself: JSON-LD first (it alone gives time and zone on most sites), then OpenGraph, `<time>`.

Measured on news pages in 17 languages: trafilatura finds the day (.94) but never the time; JSON-LD and OpenGraph
together give the instant with its zone on nine pages of ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.extract import details
from ingest.extract.bylines import declared_byline, shown_byline
from ingest.extract.canonical import read_canonical, read_twins
from ingest.extract.declared import Declared, read_declared
from ingest.extract.head import head_byline
from ingest.extract.kinds import declared_kind
from ingest.extract.linked import strings
from ingest.extract.names import clean, first_text, read_title
from ingest.extract.original import read_original, says_machine_translated_below
from ingest.extract.terms import read_terms
from ingest.extract.when import read_when
from ingest.lang.names import is_full_name
from ingest.model import Byline, Kind, Precision, Seed
from ingest.rights import Stated
from ingest.urls import host_of

_TITLES = ("og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title", "title")
_SUBTITLES = ("og:description", "description", "twitter:description")
_SITES = ("og:site_name", "application-name", "publisher", "dc.publisher", "dcterms.publisher")
_AUTHORS = ("author", "article:author", "dc.creator", "byl", "parsely-author", "sailthru.author", "cxenseparse:author")
_ONE_ARTICLE = XPath("count(//article) = 1")  # several are the teasers of an index


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the page declares. Instants carry an offset; a date without a time has precision "day".

    `source_link` and `source_name` are those of the page that a repost names as its original, `machine_translated` says
    that the page calls its text the work of a machine, `kind` what it declares to be other than an article. `origins`
    names for each field of the article that has a value where that was found; `body` are the paragraphs of the text in
    JSON-LD, `terms` what the page says of its use, `twins` where it says that the same
    article stands as AMP or for print.
    """

    title: str | None = None
    subtitle: str | None = None
    publisher: str | None = None
    byline: Byline = field(default_factory=Byline)
    published_at: datetime | None = None
    published_precision: Precision | None = None
    modified_at: datetime | None = None
    language: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    licence: str | None = None
    is_free: bool | None = None
    canonical_url: str | None = None
    twins: tuple[str, ...] = ()
    source_link: str | None = None
    source_name: str | None = None
    machine_translated: bool = False
    says_article: bool = False
    says_kind: bool = False
    kind: Kind | None = None
    body: tuple[str, ...] = ()
    terms: tuple[Stated, ...] = ()
    origins: tuple[tuple[str, str], ...] = ()
    flags: tuple[str, ...] = ()


def read_metadata(tree: HtmlElement, url: str, now: datetime, seed: Seed | None = None) -> Metadata:
    """Read the declarations of a parsed page.

    Args:
        tree: the page, parsed, not yet stripped of scripts.
        url: the page's final URL, against which links resolve.
        now: the time of fetching; dates after it (and a slack) are refused with a flag.
        seed: what the feed said, the last witness for title, date and language.
    """
    canonical, flags = read_canonical(tree, url)
    declared = read_declared(tree, [one for one in (canonical, url) if one])
    publisher, publisher_from = first_text(
        (source, text) for source, value in declared.witnesses("publisher", *_SITES) for text in strings(value)
    )
    title, title_from = read_title(tree, tuple(declared.witnesses("headline", *_TITLES)), publisher, url)
    if title is None and seed is not None and seed.title:
        title, title_from = clean(seed.title), "feed"
    subtitle, subtitle_from = first_text(declared.witnesses("alternativeHeadline", *_SUBTITLES))
    language, language_from = details.read_language(tree, declared, seed)
    byline, byline_from = _read_byline(tree, declared, title, [publisher or host_of(url)], language)
    when = read_when(tree, declared, url, now, seed, language, title)
    section, section_from = details.read_section(declared)
    tags, tags_from = details.read_tags(declared)
    image, image_from = details.read_image(declared, url)
    licence, licence_from = details.read_licence(tree, declared, url)
    is_free, is_free_from = details.read_is_free(declared)
    original = read_original(tree, url, site=canonical or url)
    origins = {
        "title": title_from,
        "subtitle": subtitle_from,
        "publisher": publisher_from,
        "authors": byline_from if byline.people else None,
        "organisations": byline_from if byline.organisations else None,
        "published_at": when.published_source,
        "modified_at": when.modified_source,
        "declared_language": language_from,
        "section": section_from,
        "tags": tags_from,
        "image": image_from,
        "licence": licence_from,
        "is_free": is_free_from,
    }
    return Metadata(
        title=title,
        subtitle=subtitle,
        publisher=publisher.lstrip("@") if publisher else None,
        byline=byline,
        published_at=when.published_at,
        published_precision=when.precision,
        modified_at=when.modified_at,
        language=language,
        section=section,
        tags=tags,
        image=image,
        licence=licence,
        is_free=is_free,
        canonical_url=canonical,
        twins=read_twins(tree, url, canonical),
        source_link=original[0] if original else None,
        source_name=original[1] if original else None,
        machine_translated=says_machine_translated_below(tree),
        says_article=_says_article(tree, declared),
        says_kind=_says_kind(declared),
        kind=declared_kind(tree, declared),
        body=details.body_paragraphs(declared.linked.get("articleBody")),
        terms=read_terms(tree, declared, licence, licence_from, language),
        origins=tuple((name, source) for name, source in origins.items() if source is not None),
        flags=(*when.flags, *flags),
    )


def _read_byline(
    tree: HtmlElement, declared: Declared, title: str | None, own: Sequence[str], language: str | None
) -> tuple[Byline, str | None]:
    """The by-line of the first witness that names people, with the organisations of those before it.

    The page's declarations are asked first, then what it marks as its by-line, then the lines beside its headline: an
    editorial system's user, or the name of the company, does not hide who is printed; one word may be a user's.
    """
    organisations = Byline()
    first_from = None
    user: tuple[Byline, str] | None = None
    for source, value in declared.witnesses("author", *_AUTHORS):
        byline = declared_byline(value, own, language)
        if any(map(is_full_name, byline.people)):
            return Byline.joined([byline, Byline(organisations=organisations.organisations)]), source
        if byline.people:
            user = user or (byline, source)
        elif (byline or byline.label) and not organisations:
            organisations, first_from = byline, source
    for byline, source in (
        (shown_byline(tree, own, language), "html"),
        (head_byline(tree, title, own, language), "html"),
    ):
        if any(map(is_full_name, byline.people)) or (byline.people and user is None):
            return Byline.joined([byline, Byline(organisations=organisations.organisations)]), source
        if byline and not organisations and user is None:
            organisations, first_from = byline, source
    if user is not None:
        return Byline.joined([user[0], Byline(organisations=organisations.organisations)]), user[1]
    return organisations, first_from


def _says_kind(declared: Declared) -> bool:
    """Whether the page declares that it is an article."""
    return bool(declared.linked or declared.microdata) or "article" in declared.metas.get("og:type", ())


def _says_article(tree: HtmlElement, declared: Declared) -> bool:
    return _says_kind(declared) or bool(_ONE_ARTICLE(tree))
