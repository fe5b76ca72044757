"""Which reading of an HTML page is taken: that of its site's rule where there is one and nothing speaks against it."""

from __future__ import annotations

from dataclasses import replace

from lxml.etree import tostring
from lxml.html import Element, HtmlElement

from ingest.charset import Decoded, mend
from ingest.extract.common import article_of
from ingest.extract.guard import TEXT_FALLBACK
from ingest.extract.html import HTML_READER, lines_other_than, other_than, read_html, without_headline
from ingest.extract.ruled import BY_RULE, RULE_DIFFERS, Ruled, doubt, read_by_rule
from ingest.extract.standins import StandIn
from ingest.extract.tree import parse
from ingest.extract.witnesses import count_witnesses
from ingest.model import RULE_FAILED, Article, Page, SiteRule

_OF_DATES = frozenset({"published_in_future", "dates_disagree", "date_ambiguous"})


def read_preferred(page: Page, decoded: Decoded) -> Article | StandIn | None:
    """The article in an HTML page, what the page is in its place, or ``None``: by the rule of its site, if it has one.

    The page is read without the rule as well: what that finds tells whether the rule still fits the site.
    """
    general = read_html(page, decoded)
    if page.rule is None:
        return general
    language = general.declared_language if isinstance(general, Article) else None
    here = replace(page, final_url=general.url) if isinstance(general, Article) else page
    ruled = read_by_rule(mend(decoded.text), page.rule, here, language)
    if ruled is None:
        return general
    return _chosen(here, decoded, general, ruled, page.rule)


def _chosen(
    page: Page, decoded: Decoded, general: Article | StandIn | None, ruled: Ruled, rule: SiteRule
) -> Article | StandIn | None:
    reads_text = bool(rule.body or rule.data)
    against = doubt(ruled, general.blocks if isinstance(general, Article) else (), rule) if reads_text else None
    says_nothing = not (ruled.blocks or ruled.title or ruled.byline or ruled.published)
    if against == RULE_FAILED or says_nothing:
        return general.flagged(RULE_FAILED) if isinstance(general, Article) else general
    base = general
    if not isinstance(base, Article):
        if not reads_text:
            return general
        base = read_html(page, replace(decoded, text=_alone(decoded, ruled)))
        if isinstance(base, StandIn):
            return general if isinstance(general, StandIn) else base
        base = base or article_of(page, decoded, ruled.blocks, title=ruled.title, reader=HTML_READER)
    found = _with_facts(base, ruled, rule)
    found = _with_text(found, ruled) if reads_text else found
    found = found.flagged(RULE_DIFFERS) if against == RULE_DIFFERS else found
    tree = parse(mend(decoded.text))
    if tree is None:
        return found
    return replace(found, witnesses=count_witnesses(tree, found.url, found.title, found.published_at, found.authors))


def _with_facts(base: Article, ruled: Ruled, rule: SiteRule) -> Article:
    """The article with what the rule names, and a word on each that it came by a rule."""
    origins = dict(base.origins)
    if ruled.title:
        base = replace(base, title=ruled.title)
        origins["title"] = BY_RULE
    if ruled.byline:
        byline = ruled.byline
        base = replace(base, authors=byline.people, organisations=byline.organisations, byline=byline.printed)
        names = (("authors", byline.people), ("organisations", byline.organisations))
        origins = {name: kept for name, kept in origins.items() if name not in dict(names)}
        origins |= {name: BY_RULE for name, named in names if named}
    if ruled.published:
        at, precision = ruled.published
        flags = tuple(flag for flag in base.flags if flag not in _OF_DATES)
        base = replace(base, published_at=at, published_precision=precision, flags=flags)
        origins["published_at"] = BY_RULE
    reader = f"{base.provenance.extractor}, rule {rule.host} {rule.version}"
    return replace(base, origins=tuple(origins.items()), provenance=replace(base.provenance, extractor=reader))


def _with_text(base: Article, ruled: Ruled) -> Article:
    """The article with the rule's text in place of its own; nothing is expected of it, for a person has said it."""
    blocks, headline = without_headline(ruled.blocks, base.title)
    return replace(
        base,
        blocks=blocks,
        residue=(*other_than([block.text for block in ruled.blocks], base.residue), *headline),
        findings=replace(base.findings, head=lines_other_than(ruled.blocks, base.findings.head)),
        expected_length=None,
        origins=(*base.origins, ("text", BY_RULE)),
        flags=tuple(flag for flag in base.flags if flag != TEXT_FALLBACK),
    )


def _alone(decoded: Decoded, ruled: Ruled) -> str:
    """The page with nothing in its body but what the rule found: what it declares is read beside that."""
    tree = parse(mend(decoded.text))
    head = tree.find("head") if tree is not None else None
    page: HtmlElement = Element("html")
    page.append(head if head is not None else Element("head"))
    article: HtmlElement = Element("article")
    for tag, text in (("h1", ruled.title), *(("p", block.text) for block in ruled.blocks)):
        if text:
            line: HtmlElement = Element(tag)
            line.text = text
            article.append(line)
    body: HtmlElement = Element("body")
    body.append(article)
    page.append(body)
    return str(tostring(page, encoding="unicode", method="html"))
