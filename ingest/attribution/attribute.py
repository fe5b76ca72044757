"""Put together who wrote an article first, who passed it on, when, and what it cites."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from ingest.attribution.citations import find_citations
from ingest.attribution.datelines import find_dateline
from ingest.attribution.hosts import is_no_source
from ingest.attribution.oddities import ENOUGH, rewording_traces, says_translated, translation_traces
from ingest.attribution.origin import Origin, addresses, find_origin, is_own, own_name
from ingest.findings import PrintedDate, Signer
from ingest.lang.bylines import label_of, read_byline
from ingest.lang.codes import country_of
from ingest.lang.cues import either
from ingest.lang.dates import Line, Setting, Stamp, read_line, refused
from ingest.lang.lexicon import once
from ingest.lang.names import is_full_name, longest
from ingest.lang.outlets import agency_in
from ingest.model import Article, Attribution, Byline, Citation, Precision, Role
from ingest.urls import host_of

# A crawler that stamps its pages takes an article this soon after it went up; later, the two stamps do not tell a zone.
_CRAWL_LAG = timedelta(minutes=10)
_SAME_EVENT = timedelta(days=1)
_HALF_HOUR = timedelta(minutes=30)
# The offsets of zones that are no whole hours, in half hours from UTC.
_HALF_ZONES = frozenset({-19, -7, -5, 7, 9, 11, 13, 19, 21})
_WEST, _EAST = -24, 28  # half hours
# Characters: of 268 pages the longest caption has 825. A word in it may be endless, and is tried from many places.
_LONGEST_CAPTION = 1_000


def attribute(article: Article) -> Article:
    """The article with its attribution and citations.

    What extraction and cleaning read is kept; what they left open is read from their findings and from the text. Doing
    it twice is doing it once.
    """
    byline = _read_bylines(article)
    labels = [label for label in (label_of(article.byline or ""), byline.label) if label]
    article = _with_people(article, byline)
    article = _with_dates(article)
    article = _with_attribution(article, byline, labels)
    own = (article.publisher, host_of(article.url), article.attribution.reposted_by)
    listed = tuple(
        Citation(name=host_of(url), date=None, url=url)
        for url in addresses(article)
        if url != article.attribution.original_url and not is_no_source(url)
    )
    citations = find_citations(
        replace(article, citations=(*article.citations, *listed)),
        own=[name for name in own if name],
        captions=article.findings.captions,
    )
    original = article.attribution.original_url
    fields = {one.url: "citations" for one in article.findings.addresses}
    fields |= {original: "attribution.original_url"} if original in fields else {}
    return replace(article, citations=citations).logged(fields)


def _read_bylines(article: Article) -> Byline:
    """All that the by-lines which were taken out of the text name, in order."""
    own = [name for name in (article.publisher, host_of(article.url)) if name]
    found: list[Byline] = []
    for one in article.findings.signatures:
        names = one.names.strip()
        if not names:
            continue
        if one.signer is Signer.INITIALS:
            found.append(Byline(initials=names, agency=agency_in(names)))
        elif one.signer is Signer.ORGANISATION:
            label = label_of(names)
            named = (names,) if label is None else ()
            found.append(Byline(organisations=named, agency=agency_in(names), label=label, printed=names))
        else:
            found.append(read_byline(names, own, article.declared_language))
    joined = Byline.joined(found)
    if joined.people:
        return joined
    # "Reporting by Ann Lee; editing by Bo Ek" at the end, where nothing else names anybody.
    reporters = [read_byline(line, own) for line in article.findings.contributors]
    return Byline.joined([*found, *(one for one in reporters if all(map(is_full_name, one.people)))])


def _with_people(article: Article, byline: Byline) -> Article:
    """Authors and organisations, also those of the by-lines in the text: of people only where the page names none."""
    authors = article.authors or byline.people
    origins = article.origins
    if authors and not article.authors:
        origins = (*(pair for pair in origins if pair[0] != "authors"), ("authors", "text"))
    printed = article.byline if article.authors or not byline.people else None
    printed = printed or byline.printed or article.byline
    if byline.initials and f"({byline.initials})" not in (printed or ""):
        printed = f"{printed} ({byline.initials})" if printed else f"({byline.initials})"
    organisations = tuple(dict.fromkeys((*article.organisations, *byline.organisations)))
    return replace(article, authors=authors, organisations=organisations, byline=printed, origins=origins)


def _with_dates(article: Article) -> Article:
    """Publication and change from the stamps in the text, where the page declares none, or only the day of it.

    What an aggregator's page shows beside its headline is when it took the article.
    """
    crawled = _aggregated_at(article)
    is_aggregators = crawled is not None and dict(article.origins).get("published_at") == "html"
    declared = None if is_aggregators else article.published_at
    stamps = _stamps(article, crawled)
    stamp = stamps.published
    if stamp is not None and (declared is None or article.published_precision is Precision.DAY):
        told = _published(article, stamp, crawled)
        same_day = declared is not None and stamp.day == declared.date()
        guessed = ("published_at", "htmldate") in article.origins  # it may be the day of change
        if (
            declared is None
            or (guessed and not same_day)
            or (same_day and told.published_precision is Precision.INSTANT)
        ):
            article = told
    if article.published_at is None and stamps.ambiguous:
        article = article.flagged("date_ambiguous")
    if article.modified_at is None and stamps.updated is not None:
        origins = (*article.origins, ("modified_at", "text"))
        article = replace(article, modified_at=stamps.updated.instant or stamps.updated.midnight, origins=origins)
    return article


def _published(article: Article, stamp: Stamp, crawled: datetime | None) -> Article:
    origins = (*(pair for pair in article.origins if pair[0] != "published_at"), ("published_at", "text"))
    if stamp.instant is not None:
        return replace(article, published_at=stamp.instant, published_precision=Precision.INSTANT, origins=origins)
    inferred = _infer_zone(stamp, crawled) if crawled else None
    if inferred is not None:
        article = article.flagged("zone_inferred")
        return replace(article, published_at=inferred, published_precision=Precision.INSTANT, origins=origins)
    return replace(article, published_at=stamp.midnight, published_precision=Precision.DAY, origins=origins)


def _infer_zone(stamp: Stamp, crawled: datetime) -> datetime | None:
    """The instant of a stamp without a zone, from the time at which an aggregator took the page.

    The zone is the one by which the article went up at most ten minutes before: 10:05 local time, taken at 08:12 UTC,
    is +02:00. ``None`` where no zone does that.
    """
    if stamp.clock is None:
        return None
    ahead = datetime.combine(stamp.day, stamp.clock) - crawled.astimezone(UTC).replace(tzinfo=None)
    if abs(ahead) > _SAME_EVENT:
        return None
    half_hours = -(-ahead // _HALF_HOUR)
    lag = half_hours * _HALF_HOUR - ahead
    real = _WEST <= half_hours <= _EAST and (half_hours % 2 == 0 or half_hours in _HALF_ZONES)
    if lag > _CRAWL_LAG or not real:
        return None
    return datetime.combine(stamp.day, stamp.clock, tzinfo=timezone(half_hours * _HALF_HOUR))


def _with_attribution(article: Article, byline: Byline, labels: Sequence[str]) -> Article:
    found = article.attribution
    dateline = find_dateline([block for block in article.blocks if block.role is not Role.CAPTION])
    origin = find_origin(article)
    translated, reworded, flags = _oddities(article, emptied=dateline.emptied)
    reposted_by = found.reposted_by or _reposter(article, origin, labels)
    attribution = Attribution(
        original_name=found.original_name or origin.name,
        original_url=found.original_url or origin.url,
        original_language=found.original_language or origin.language,
        reposted_by=reposted_by,
        reposted_at=found.reposted_at or _reposted_at(article, reposted_by),
        dateline=found.dateline or dateline.places,
        agency=found.agency or dateline.agency or byline.agency or _declared_agency(article),
        photo_credits=_photo_credits(article),
        machine_translated=translated,
        reworded=reworded,
    )
    organisations = article.organisations
    if byline.label and byline.label != reposted_by and byline.label not in organisations:
        organisations = (*organisations, byline.label)
    return replace(article, attribution=attribution, organisations=organisations).flagged(*flags)


def _oddities(article: Article, *, emptied: bool) -> tuple[bool | None, bool | None, list[str]]:
    """Whether a text looks translated by a machine or reworded, and the flags that say it is a judgement by cues."""
    flags = ["agency_missing"] if emptied else []
    text = article.text
    translated, reworded = article.attribution.machine_translated, article.attribution.reworded
    if translated is None:
        if article.findings.machine_translated or says_translated([block.text for block in article.blocks]):
            translated = True
        elif translation_traces(text, emptied_dateline=emptied) >= ENOUGH:
            translated = True
            flags.append("machine_translated_by_cues")
    if reworded is None:
        pictures = " ".join((*(one.text for one in article.findings.credits), *article.findings.captions))
        if rewording_traces(f"{text}\n{pictures}") >= ENOUGH:
            reworded = True
            flags.append("reworded_by_cues")
    return translated, reworded, flags


def _reposter(article: Article, origin: Origin, labels: Sequence[str]) -> str | None:
    """Who passed the text on, where there is an original elsewhere: the label in the byline, or the site."""
    if not origin.is_copy:
        return None
    site = article.publisher or own_name(article.findings.site_lines) or host_of(article.url)
    name = next(iter(labels), None) or site or None
    return None if name and origin.name and name.casefold() == origin.name.casefold() else name


def _reposted_at(article: Article, reposted_by: str | None) -> datetime | None:
    """When the copy went up: the aggregator's stamp, or the day that the page of a copy declares as its own."""
    stamped = _aggregated_at(article)
    if stamped is not None or reposted_by is None or ("published_at", "text") in article.origins:
        return stamped
    return article.published_at if article.published_precision is Precision.INSTANT else None


def _declared_agency(article: Article) -> str | None:
    """The agency among authors and organisations, or in a line that names the source."""
    named = (one.name for one in article.findings.sources if one.name)
    names = (*article.authors, *article.organisations, *named)
    return next((agency for name in names if (agency := agency_in(name)) and not is_own(agency, article)), None)


def _photo_credits(article: Article) -> tuple[str, ...]:
    found = list(article.attribution.photo_credits)
    found += [_bare_credit(one.name) for one in article.findings.credits]
    shown = [block.text for block in article.blocks if block.role is Role.CAPTION]
    for caption in (*article.findings.captions, *shown):
        found += [_bare_credit(credit[1])] if (credit := _credit().search(caption[-120:])) else []
        found += [f"{handed[1]} via {handed[2]}"] if (handed := _handed_on().search(caption[:_LONGEST_CAPTION])) else []
    return tuple(dict.fromkeys(credit for credit in found if credit))


@once
def _credit() -> re.Pattern[str]:
    labels, by = ("|".join(map(re.escape, longest(key))) for key in ("photo", "by"))
    label = rf"\b(?:{labels})s?(?:\s+(?:{by}))?\s*[:：/]"
    return re.compile(rf"(?:{label}|©)\s*([^:©]{{2,60}}?)[.)\]]*$", re.IGNORECASE)


@once
def _handed_on() -> re.Pattern[str]:
    """A picture that one agency handed on to another: "released by the news agency Tessera via AP"."""
    name = r"[^\W\d_a-zа-яё][\w'’-]*"
    kind = rf"(?: (?:{either('groups')}))?(?: (?:{either('vague_kinds')}))?"
    other = r"AP|AFP|APA|DPA|dpa|EPA|EFE|Reuters|REUTERS|Getty(?: Images)?|TASS|TT|ANSA|Anadolu|Xinhua"
    return re.compile(rf"\b({name}(?: {name}){{0,2}}){kind} via ({other})\b")


def _bare_credit(credit: str) -> str:
    bare = credit.strip(" ©.,;")
    if bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1].strip()
    return f"{bare})" if bare.count("(") > bare.count(")") else bare


def _aggregated_at(article: Article) -> datetime | None:
    """When an aggregator took the page, by the first stamp of one."""
    stamp = next((read_line(text).published for text in article.findings.aggregated), None)
    return stamp.instant if stamp else None


def _stamps(article: Article, crawled: datetime | None) -> Line:
    """What the stamps that were taken out of the text say: the first day of publication, the first of change."""
    now = article.provenance.fetched_at
    setting = Setting(
        language=article.declared_language,
        country=country_of(host_of(article.url) or ""),
        now=now,
        near=(crawled.date(),) if crawled else (),
    )
    published = updated = None
    ambiguous = False
    for one in article.findings.dates:
        line = _dated(one, setting)
        ambiguous |= line.ambiguous
        published = published or _possible(line.published, now)
        updated = updated or _possible(line.updated, now)
    return Line(published=published, updated=updated, ambiguous=ambiguous)


def _dated(one: PrintedDate, setting: Setting) -> Line:
    """What a stamp says, by the labels in it; an unlabelled day is what the line was taken for."""
    line = read_line(one.text, setting)
    if line.published is None and line.updated is None and one.date:
        line = read_line(one.date, setting)
    if one.is_change and line.updated is None:
        return replace(line, published=None, updated=line.published)
    return line


def _possible(stamp: Stamp | None, now: datetime) -> Stamp | None:
    return stamp if stamp is not None and not refused(stamp.instant or stamp.midnight, now) else None
