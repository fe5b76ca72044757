"""Where a text was first, and who passed it on: source lines, lone addresses, site lines, notes on translation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.attribution.hosts import is_no_source, language_of_address, leads_elsewhere
from ingest.attribution.mentions import is_like_outlet
from ingest.findings import NamedLine, Signer
from ingest.lang.cues import either
from ingest.lang.lexicon import entries, fill, once, tables
from ingest.lang.outlets import domain_of, is_domain, key_of, known
from ingest.lang.tokens import fold_name, is_article
from ingest.model import Article
from ingest.urls import host_of, is_home_page

_LABELLED = re.compile(r"\W*[^\W\d_]+\s*[:：]")  # "Source: X", as against "First published in X"
_FIRST_PART = re.compile(r"\s*[,;|/(]\s*|\s[–-]\s")
_OWN_SITE = re.compile(r"\W*((?:[\w-]{2,30}\.)+[^\W\d_]{2,8})\s")
_LONGEST_ADDRESS = 300  # characters in which the address of a site must stand; a host has at most 253
_SAID_MOST = 200


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a text is from, as far as the page says: name, address, language. `is_copy` is evidence that it is one."""

    name: str | None = None
    url: str | None = None
    language: str | None = None
    is_copy: bool = False


def find_origin(article: Article) -> Origin:
    """The original of a text that was passed on."""
    linked = article.attribution.original_url or _original_address(article)
    named = _named_source(article)
    site = _site_of_source(article.findings.site_lines, named) if named else None
    owner = site.name if site else None
    address = _own_site(site) if site else None
    if named:
        extra = [part for part in (address, owner) if part and fold_name(part) != fold_name(named)]
        name: str | None = f"{named} ({', '.join(extra)})" if extra else named
    else:
        name = host_of(linked) or None if linked else None
    return Origin(
        name=name,
        url=linked,
        language=_language(article, linked, address, named),
        is_copy=bool(name or linked or article.findings.links_source),
    )


def own_name(site_lines: Sequence[NamedLine]) -> str | None:
    """What a site calls itself in a line of its own: "The Harbour Times", not "Harbour.example is part of ..."."""
    lines = (one for one in site_lines if one.name and _own_site(one) is None)
    return next((one.name for one in lines if one.text.strip().casefold() == one.name.casefold()), None)


def addresses(article: Article) -> list[str]:
    """The addresses that stood on lines of their own, in order."""
    values = [one.url if "://" in one.url else f"https://{one.url}" for one in article.findings.addresses]
    return [value for value in dict.fromkeys(values) if "." in host_of(value)]


def _original_address(article: Article) -> str | None:
    """The one address on a line of its own at the end of a text, if it is a page of another site.

    It is where a quotation is from. Several of them, or one in mid-text, are citations.
    """
    found = article.findings
    noted = [one.url for one in found.notes if one.url]
    labelled = [*(one.url for one in found.addresses if _source_label().match(one.text)), *noted]
    candidates = [value for value in labelled if "://" in value] or addresses(article)
    if len(candidates) != 1:
        return None
    url = candidates[0]
    if not leads_elsewhere(url, article.url) or is_no_source(url) or is_home_page(url):
        return None
    if noted:
        return url
    return url if labelled or found.addresses[-1].is_last else None


def is_own(name: str, article: Article) -> bool:
    """Whether a name is that of the article's own publisher or site."""
    key = key_of(name)
    return any(own and key_of(own) == key for own in (article.publisher, host_of(article.url), article.source))


def _named_source(article: Article) -> str | None:
    """The outlet in "Source: bryggan" or "First published in X". What a chart's "Source: census" names is none."""
    is_passed_on = bool(article.findings.aggregated or article.findings.notes)
    for one in article.findings.sources:
        name = _FIRST_PART.split(one.name.strip(" .«»“”„\"'"), maxsplit=1)[0].strip()
        if not name or is_own(name, article):
            continue
        outlet = known(name)
        # "Source: dpa" in a newspaper names the agency that it takes, and no page that it repeats.
        outlet_named = outlet.section != "agency" if outlet is not None else is_like_outlet(name)
        if outlet_named or is_domain(name) or is_passed_on or not _LABELLED.match(one.text):
            return outlet.name if outlet and is_article(outlet.name.partition(" ")[0].lower()) else name
    return None


def _site_of_source(site_lines: Sequence[NamedLine], name: str) -> NamedLine | None:
    """The line in which the source's own site speaks of itself: "Bryggan.se is part of ..." for "bryggan"."""
    stem = fold_name(name).replace(" ", "")
    for one in site_lines:
        address = _own_site(one)
        if address and stem.split(".")[0] in address.lower().replace("-", ""):
            return one
    return None


def _own_site(line: NamedLine) -> str | None:
    match = _OWN_SITE.match(line.text[:_LONGEST_ADDRESS])
    return match[1] if match and is_domain(match[1]) else None


def _language(article: Article, url: str | None, address: str | None, named: str | None) -> str | None:
    """The language of the original: said, or told by its address. A site of many languages tells none."""
    return _said_language(article) or next(
        (
            language
            for told in (url, address, domain_of(named) if named else None)
            if told and (language := language_of_address(told))
        ),
        None,
    )


def _said_language(article: Article) -> str | None:
    found = article.findings
    signed = [one.text for one in found.signatures if one.signer is Signer.PEOPLE]
    notes = (*found.translators, *(one.text for one in found.notes), *signed)
    edges = [block.text for block in (*article.blocks[:2], *article.blocks[-2:]) if len(block.text) <= _SAID_MOST]
    for text in (*notes, *edges):
        match = _translated_from().search(text)
        if match:
            word = next(group for group in match.groups() if group).lower()
            return next((code for beginning, code in _language_names().items() if word.startswith(beginning)), None)
    return None


@once
def _source_label() -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{either('source_label')})", re.IGNORECASE)


@once
def _translated_from() -> re.Pattern[str]:
    rows = [row for rows in entries("translated_from").values() for row in rows]
    return re.compile("|".join(fill(row, {"language": r"(\w+)"}) for row in rows), re.IGNORECASE)


@once
def _language_names() -> dict[str, str]:
    """The codes of languages by the beginnings of their names, the longest first."""
    every = tables("language_names").values()
    found = {beginning: code for table in every for code, row in table.items() for beginning in row}
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))
