"""Moments on a page: lines that begin with a time of day, a date with one, or a minute of a match."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from lxml.html import HtmlElement

from ingest.extract.runs import Run
from ingest.lang.dates import NOWHERE, Stamp, has_digit, minutes_ago, read_line, read_value
from ingest.lang.scan import scan

LONGEST_LINE: Final = 60
"""Characters of a line that may be a date."""

AROUND: Final = frozenset({"nav", "footer", "aside", "form"})
"""Elements that stand beside an article."""

# A word may stand before it ("kl.", "um", "午後") and behind it ("Uhr", "p.m.", "ET").
_CLOCK: Final = re.compile(
    r"""\W{0,3}(?:[^\W\d_]{1,7}\.?\s*(?:[^\W\d_]{1,5}\.?\s*)?)??
    (?P<hour>[0-2]?\d)(?:\s?[:.hH]\s?|時|点|點|시\s?)(?P<minute>[0-5]\d)(?!\d|[.:]\d\d\d)(?:[:.][0-5]\d)?\s?分?분?
    (?:\s*(?:[ap]\.?\s?m\b\.?|[AP]M\b|uhr\b|h\b|hrs\b))?(?P<zone>\s*[A-ZА-Я]{2,4}\b)?""",
    re.VERBOSE | re.IGNORECASE,
)
_MINUTE: Final = re.compile(
    r"\W{0,3}(?P<minute>\d{1,3})(?:\s?\+\s?(?P<more>\d{1,2}))?(?:['’′´`](?!\w)|\.?\s?min(?:ute|uut|uto|\.)?\b)"
)
_DIGIT: Final = re.compile(r"\d")
_BEHIND: Final = re.compile(r"[\s\W]*")
_PARTED: Final = re.compile(r"\s[–—|•·-]\s|[:：]\s")  # "vor 5 Minuten – The bridge ..."
_EXACT: Final = 60  # minutes: what is longer ago is told in hours, and its minute is not known
_SENTENCE: Final = 60  # letters: what stands behind a time in small letters and is shorter may be its zone, or a label
_BETWEEN: Final = 30  # letters: two stamps with less between them are of one post


@dataclass(frozen=True, slots=True)
class Moment:
    """A time at the head of a run: its place, the time, what of the run is text behind it.

    `order` sorts the marks of a page; `label` is a minute of a match, which is no time of day.
    """

    place: int
    element: HtmlElement
    time: str | None
    order: float
    rest: str
    clock_only: bool
    label: str | None = None


def moments(runs: Sequence[Run], now: datetime) -> list[Moment]:
    """The runs that begin with a time; of those that stand together ("14:05, changed 14:20") the first."""
    found: list[Moment] = []
    since = _BETWEEN
    timed = _with_time(runs[0].element) if runs else frozenset()
    for place, run in enumerate(runs):
        mark = _mark(place, run, now, declared=_declared(run.element) if run.element in timed else None)
        if (
            mark is None
            or is_around(run.element)
            or (since < _BETWEEN and found and _are_near(found[-1].element, run.element))
        ):
            since += len(run.text)
        else:
            found.append(mark)
            since = len(mark.rest)
    return found


def _are_near(one: HtmlElement, other: HtmlElement) -> bool:
    """Whether two elements are one, or beside one another, or one step further apart."""
    return bool(set(list(upwards(one))[:3]) & set(list(upwards(other))[:3]))


def is_around(element: HtmlElement) -> bool:
    """Whether an element is in a part beside the article: a post may have a footer of its own."""
    tags = [one.tag for one in upwards(element)]
    around = next((place for place, tag in enumerate(tags) if tag in AROUND), None)
    own = {"article", "li", "section"} if around is not None and tags[around] == "footer" else {"article", "li"}
    return around is not None and not own & set(tags[around:])


def _with_time(element: HtmlElement) -> frozenset[HtmlElement]:
    """All elements of a page that are or hold a `<time>` with a value, told from one of them."""
    root = element.getroottree().getroot()
    return frozenset(one for time in root.iter("time") if time.get("datetime") for one in upwards(time))


def _mark(place: int, run: Run, now: datetime, *, declared: str | None) -> Moment | None:
    if (past := _ago(place, run, now, declared)) is not None:
        return past
    has_number = _DIGIT.search(run.text, 0, LONGEST_LINE) is not None
    if has_number and (found := _MINUTE.match(run.text)):
        minute = float(found["minute"]) + float(found["more"] or 0) / 100
        if minute <= 130:
            rest = _rest(run.text, found.end())
            return Moment(place, run.element, None, minute, rest, clock_only=True, label=found[0].strip())
    found = _CLOCK.match(run.text) if has_number else None
    if found is not None and _hour(found) < 24 and not _goes_on(found):
        written = f"{_hour(found):02}:{found['minute']}"
        rest = _rest(run.text, found.end())
        order = order_of(declared) if declared is not None else _hour(found) * 60 + int(found["minute"])
        return Moment(place, run.element, declared or written, order, rest, clock_only=True)
    head = run.text if len(run.text) <= LONGEST_LINE else ""
    line = read_line(head, replace(NOWHERE, now=now)) if has_digit(head) else None
    if line is not None and line.whole and (stamp := line.published or line.updated) and stamp.clock is not None:
        return Moment(place, run.element, declared or _iso(stamp), order_of(_iso(stamp)), "", clock_only=False)
    if declared is not None and head:
        return Moment(place, run.element, declared, order_of(declared), "", clock_only=False)
    return None


def _ago(place: int, run: Run, now: datetime, declared: str | None) -> Moment | None:
    """The moment that a run tells by its distance from now, alone or before a dash or a colon."""
    parted = _PARTED.search(run.text, 0, LONGEST_LINE)
    head = run.text if len(run.text) <= LONGEST_LINE else run.text[: parted.start()] if parted else ""
    minutes = minutes_ago(head)
    if minutes is None and parted and head:
        head = run.text[: parted.start()]
        minutes = minutes_ago(head)
    if minutes is None:
        return None
    try:
        at = (now - timedelta(minutes=minutes)).replace(second=0, microsecond=0).isoformat()
    except OverflowError:
        return None
    time = declared or (at if minutes < _EXACT else None)
    return Moment(place, run.element, time, order_of(declared or at), _rest(run.text, len(head)), clock_only=False)


def _goes_on(clock: re.Match[str]) -> bool:
    """Whether a time is the beginning of a sentence: "At 11:23 the first of the boats came in sight of the harbour"."""
    zone = clock["zone"] or ""
    behind = clock.string[clock.end() - (0 if zone.isupper() else len(zone)) :]
    return len(behind) >= _SENTENCE and behind.lstrip()[:1].islower()


def _hour(found: re.Match[str]) -> int:
    """The hour of a clock, 0 to 23 in a real one, by what says which half of the day is meant."""
    hour, kinds = int(found["hour"]), scan(found[0]).kinds
    if hour <= 12 and ("P" in kinds or "a" in kinds):
        return hour % 12 + 12 * ("P" in kinds)
    return hour


def _rest(text: str, at: int) -> str:
    behind = _BEHIND.match(text, at)
    return text[behind.end() if behind is not None and at else at :].strip()


def _declared(element: HtmlElement) -> str | None:
    """The time with a clock that a `<time>` in or as an element gives, in ISO 8601."""
    for one in (element, *element.iterfind(".//time[@datetime]")):
        if one.tag == "time" and (value := one.get("datetime")):
            stamp = read_value(value).published
            if stamp is not None and stamp.clock is not None:
                return _iso(stamp)
    return None


def _iso(stamp: Stamp) -> str:
    if stamp.clock is None:
        return stamp.day.isoformat()
    return datetime.combine(stamp.day, stamp.clock, tzinfo=stamp.zone).isoformat()


def order_of(time: str) -> float:
    """A number by which times in ISO 8601 can be sorted, in minutes."""
    try:
        at = datetime.fromisoformat(time)
    except ValueError:
        return 0.0
    return at.replace(tzinfo=None).toordinal() * 1440 + at.hour * 60 + at.minute + at.second / 60


def upwards(element: HtmlElement) -> Iterator[HtmlElement]:
    """An element and those around it, from the inside out."""
    yield element
    yield from element.iterancestors()
