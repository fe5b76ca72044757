"""OPML: lists of feeds as feed readers import and export them, to sources and back."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree
from pydantic import ValidationError

from ingest.errors import InputError
from ingest.sources import Source

_LARGEST = 20_000_000


def read_opml(body: bytes) -> tuple[list[Source], list[str]]:
    """The feeds of a list as sources, one for each; and in words what in it cannot be one.

    An outlet has the name of its feed. Several feeds of one name are one source.

    Raises:
        InputError: it is no OPML.
    """
    if len(body) > _LARGEST:
        raise InputError(f"an OPML file of more than {_LARGEST:,} bytes is none")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise InputError(f"it is no OPML: {error.msg}") from error
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise InputError("it is no OPML: a feed reader exports its list as one")
    feeds: dict[str, list[str]] = {}
    languages: dict[str, str] = {}
    problems: list[str] = []
    for outline in root.iter("outline"):
        address = (outline.get("xmlUrl") or "").strip()
        if not address:
            continue
        name = " ".join((outline.get("title") or outline.get("text") or address).split())[:200]
        feeds.setdefault(name, [])
        if address not in feeds[name]:
            feeds[name].append(address)
        if outline.get("language"):
            languages.setdefault(name, str(outline.get("language")))
    sources = []
    for name, addresses in feeds.items():
        made = _source(name, addresses, languages.get(name))
        if isinstance(made, Source):
            sources.append(made)
        else:
            problems.append(f"{name}: {made}")
    return sources, problems


def write_opml(sources: Iterable[Source]) -> bytes:
    """The feeds of sources as OPML 2.0; what has no feed is left out, since OPML knows nothing else."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "newsmill sources"
    body = etree.SubElement(root, "body")
    for source in sources:
        for feed in source.feeds:
            more = {"language": source.language} if source.language else {}
            etree.SubElement(
                body, "outline", {"type": "rss", "text": source.name, "title": source.name} | more, xmlUrl=feed
            )
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return written


def _source(name: str, feeds: list[str], language: str | None) -> Source | str:
    """The source, or why it is none; a language that is no code is left out."""
    try:
        return Source(name=name, feeds=tuple(feeds), language=language)
    except ValidationError as error:
        problem = error.errors()[0]
        if problem["loc"] == ("language",):
            return _source(name, feeds, None)
        return str(problem["msg"]).removeprefix("Value error, ")
