"""The lesser declarations of a page: section, tags, image, licence, paywall, language, text in JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.etree import ParserError, XPath
from lxml.html import HtmlElement, fromstring

from ingest.extract.declared import Declared
from ingest.extract.linked import addresses, is_kind, strings
from ingest.extract.names import Witness, clean, first_text
from ingest.model import Seed
from ingest.urls import absolute

_SECTIONS = ("article:section", "parsely-section", "section")
_TAGS = ("article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "keywords")
_IMAGES = ("og:image", "og:image:url", "twitter:image", "twitter:image:src")
_LICENCES = ("dc.rights", "dcterms.rights", "dcterms.license", "copyright")
_TIERS = {"free": True, "metered": False, "locked": False}
_MOST_TAGS, _LONGEST_TAG = 30, 80
_LICENCE_LINKS = XPath("(/html/head/link | /descendant::a[@rel])[contains(concat(' ', @rel, ' '), ' license ')]/@href")
_LANGUAGE = re.compile(r"^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$", re.IGNORECASE)
_TAG_NAME = re.compile(r"</?(?:p|br|div|h\d|li)\b", re.IGNORECASE)


def read_section(declared: Declared) -> tuple[str | None, str | None]:
    """The section of the site that the article stands in, and who says so."""
    return first_text(_named(declared.witnesses("articleSection", *_SECTIONS)))


def read_tags(declared: Declared) -> tuple[tuple[str, ...], str | None]:
    """The keywords, each once whatever its case, at most 30, and who gives them."""
    witnesses: list[Witness] = [("json-ld", declared.linked.get("keywords"))]
    witnesses += [
        ("meta" if name != "article:tag" else "opengraph", list(declared.metas.get(name, ()))) for name in _TAGS
    ]
    for source, value in witnesses:
        distinct: dict[str, str] = {}
        for text in strings(value):
            for part in re.split(r"[,;]", text):
                tag = clean(part)
                if tag and len(tag) <= _LONGEST_TAG:
                    distinct.setdefault(tag.casefold(), tag)
        if distinct:
            return tuple(distinct.values())[:_MOST_TAGS], source
    return (), None


def read_image(declared: Declared, url: str) -> tuple[str | None, str | None]:
    """The absolute URL of the article's picture."""
    witnesses = [(source, href) for source, value in declared.witnesses("image", *_IMAGES) for href in addresses(value)]
    return next(((found, source) for source, href in witnesses if (found := absolute(url, href))), (None, None))


def read_licence(tree: HtmlElement, declared: Declared, url: str) -> tuple[str | None, str | None]:
    """Under what terms the article may be used: the URL of a licence, or the words."""
    for name in ("license", "usageInfo"):
        for href in addresses(declared.linked.get(name)):
            if found := absolute(url, href) or clean(href):
                return found, "json-ld"
    linked = next((found for href in _LICENCE_LINKS(tree)[:3] if (found := absolute(url, href))), None)
    if linked:
        return linked, "link"
    return first_text(_named(declared.witnesses("copyrightNotice", *_LICENCES)))


def read_is_free(declared: Declared) -> tuple[bool | None, str | None]:
    """What the page says of its paywall: that the article is free, that it is not, or nothing."""
    linked = declared.linked
    said = _as_bool(linked.get("isAccessibleForFree"))
    parts = linked.get("hasPart")
    for part in parts if isinstance(parts, list) else [parts]:
        if isinstance(part, dict) and is_kind(part, "WebPageElement") and said is None:
            said = _as_bool(part.get("isAccessibleForFree"))
    if said is not None:
        return said, "json-ld"
    for name in ("article:content_tier", "og:article:content_tier"):
        tier = _TIERS.get(declared.metas.get(name, [""])[0].strip().lower())
        if tier is not None:
            return tier, "opengraph"
    return None, None


def read_language(tree: HtmlElement, declared: Declared, seed: Seed | None) -> tuple[str | None, str | None]:
    """The declared language as a BCP-47 code: of <html>, JSON-LD, OpenGraph, or of the source."""
    witnesses: list[Witness] = [
        ("html", tree.get("lang")),
        ("html", tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang")),
        *(("json-ld", text) for text in strings(declared.linked.get("inLanguage"))),
        ("opengraph", declared.metas.get("og:locale", [""])[0]),
        ("feed", seed.language if seed is not None else None),
    ]
    for source, value in witnesses:
        code = value.strip().replace("_", "-") if isinstance(value, str) else ""
        if _LANGUAGE.match(code):
            return code, source
    return None, None


def body_paragraphs(value: object) -> tuple[str, ...]:
    """The paragraphs of a JSON-LD articleBody, which may hold markup."""
    if not isinstance(value, str):
        return ()
    if _TAG_NAME.search(value):
        try:
            root = fromstring(f"<div>{value}</div>")
        except (ParserError, ValueError):
            return ()
        for element in root.iter("p", "br", "div", "h1", "h2", "h3", "h4", "li"):
            element.tail = "\n" + (element.tail or "")
        value = str(root.text_content())
    return tuple(text for line in value.splitlines() if (text := clean(line)))


def _named(witnesses: Iterable[Witness]) -> Iterator[Witness]:
    for source, value in witnesses:
        for text in strings(value):
            yield source, text


def _as_bool(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().rpartition("/")[2].lower())
    return None
