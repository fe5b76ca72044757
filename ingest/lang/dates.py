"""The one reader of dates: of pages, feeds, sitemaps, lines of text and addresses, in all languages of CLDR.

What could be another day is not read: 03/04/2022 is the third of April or the fourth of March as the page's language
and country have it, and where they do not tell it is ambiguous. A time without a zone is a time of that day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from babel import Locale, UnknownLocaleError

from ingest.lang.calendars import gregorian
from ingest.lang.codes import primary, region
from ingest.lang.lexicon import tables
from ingest.lang.scan import Scan, Token, scan
from ingest.lang.vocabulary import Word, has_unit, key_of
from ingest.lang.zones import zone_of

FIRST_YEAR = 1990
"""The web has no older pages: what is older is unset, or the day of what the page is about."""

# No zone is more than 14 hours from UTC, and a day without a time may be today in a zone that is ahead of ours.
AHEAD = timedelta(days=2)
_ITSELF = timedelta(seconds=2)
_LONGEST = 200  # characters of a line
_LONGEST_VALUE = 90
_MONTH_FIRST = frozenset({"US", "PH", "FM", "PW", "MH", "GU", "PR", "AS", "VI", "MP"})
_BOTH = frozenset({"CA", "KE", "GH", "MY", "ZA", "PA"})  # where both orders are common
_THAI_CENTURY = 2500
_ANY = r"[,jW]*"
_DAY = re.compile(
    rf"""(?P<y1>E?[Yt](?=y)|En)y{_ANY}(?P<m1>n)m{_ANY}(?P<d1>n)d?
    | (?P<y2>Y)(?:(?P<s2>[./-])(?P<m2>n)(?P=s2)(?P<d2>n)|y{_ANY}(?P<m3>n)m?{_ANY}(?P<d3>n)d?)(?![./-]?Y)
    | (?P<d4>n)(?:[./-]|j)?{_ANY}(?P<M4>M)(?:/M)?[./-]?[,jWo]*(?P<y4>(?:E\.?)?Y)
    | (?P<M5>M)\.?{_ANY}(?P<d5>n)[.]?{_ANY}(?P<y5>E?Y)
    | (?P<y6>Y)[.jyEU]*(?:(?P<M6>M)\.?[jU]*(?P<d6>n)|(?P<d7>n)\.?j*(?P<M7>M))(?!\.?{_ANY}Y)
    | (?P<d8>n)q(?P<m8>n)[,jWU]*(?P<y8>E?Y)
    | E(?P<y12>n)(?P<s12>[./-])(?P<m12>n)(?P=s12)(?P<d12>n)
    | (?P<d13>n)(?P<s13>[./-]?)(?P<m13>R)(?P=s13)(?P<y13>E?Y)
    | (?P<a>n)(?P<s9>[./-])(?P<b>n)(?P=s9)(?P<y9>E?Y|n(?![:n]))
    | (?P<M10>M)\.?(?P<d10>n)n:n(?::n)?Z?(?P<y10>Y)
    | (?P<d11>n)[.]?-?(?P<M11>M)[.]?(?:-|,)?(?P<y11>n)(?=n:n|$)""",
    re.VERBOSE,
)
_CLOCK = re.compile(
    r"(?P<pre>[Pa])?(?P<h>n)(?:(?P<by>[:.h])(?P<mi>n)i?(?:[:.]?(?P<s>n)s?(?:[.,](?:n|t|Y|b))?)?h?|h)(?P<half>[Pa])?\.?"
    r"|(?P<h2>n)(?P<half2>[Pa])"
)
_A_DAY_BEHIND = re.compile(r"\.[Yn]")
_ZONE = re.compile(r"[j,]?(?:Z(?:[+-](?:Y|n:n|n))?|[+-](?:Y|n:n|n))")
_BESIDE = re.compile(r"nmnd?|no|n[:h]n[i:]?n?|n\.?M|M\.?n")
_DIGIT = re.compile(r"\d")
_SECONDS = re.compile(r"1\d{9}(?:\d{3})?")  # since 1970, with or without thousandths: the years 2001 to 2033
_FILLING = frozenset("WZPahjoLl.,:/-+M")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A point in time as it is written: a day, the time of day if given, its zone if given."""

    day: date
    clock: time | None = None
    zone: tzinfo | None = None

    @property
    def instant(self) -> datetime | None:
        """The instant, or ``None`` without time or zone."""
        if self.clock is None or self.zone is None:
            return None
        return datetime.combine(self.day, self.clock, tzinfo=self.zone)

    @property
    def midnight(self) -> datetime:
        """The day as the model has it: midnight in UTC."""
        return datetime.combine(self.day, time(), tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is known of where a date stands.

    Attributes:
        language: the code of the text's language ("en-GB"), if known.
        country: the ISO 3166 code of the outlet's country, if known.
        now: the time of capture, from which "yesterday" counts.
        near: days that the text is known to be about: one of them, or one beside it, decides between two readings.
        month_first: what other dates of the same page show of the order, if anything.
    """

    language: str | None = None
    country: str | None = None
    now: datetime | None = None
    near: tuple[date, ...] = ()
    month_first: bool | None = None


NOWHERE = Setting()
"""Nothing is known of where a date stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a line of dates says. `ambiguous`: a day in it can be read in two ways. `whole`: it says nothing else."""

    published: Stamp | None = None
    updated: Stamp | None = None
    ambiguous: bool = False
    whole: bool = False


@dataclass(slots=True)
class _Found:
    """Days found in the tokens from `start` to `end`: one, or two that the order decides between."""

    start: int
    end: int
    days: list[date] = field(default_factory=list)
    clock: tuple[time, tzinfo | None] | None = None


def refused(instant: datetime, now: datetime) -> bool:
    """Whether an instant cannot be when an article was published: unset, too old, in the future, or now itself."""
    return instant.astimezone(UTC).year < FIRST_YEAR or instant > now + AHEAD or abs(instant - now) < _ITSELF


def read_date(text: str, setting: Setting = NOWHERE) -> Stamp | None:
    """The date that a value is, of a feed or a declaration; ``None`` where it is none or could be another."""
    line = read_value(text, setting)
    return line.published or line.updated


def read_value(text: str, setting: Setting = NOWHERE) -> Line:
    """What a value says that should be a date, and whether it is ambiguous."""
    written = text.strip()
    if not written or len(written) > _LONGEST_VALUE:
        return Line()
    if _SECONDS.fullmatch(written):
        return Line(published=_stamp_of(datetime.fromtimestamp(int(written[:10]), UTC)), whole=True)
    if written[:4].isdecimal() and written.isascii():
        try:
            return Line(published=_stamp_of(datetime.fromisoformat(written.upper()), timed=":" in written), whole=True)
        except ValueError:
            pass
    return read_line(written, setting)


def read_line(text: str, setting: Setting = NOWHERE) -> Line:
    """What a line of text says of publication and change; an unlabelled day is that of publication.

    Relative days ("yesterday, 18:05", "3 hours ago") are read where the time of capture is known.
    """
    if len(text) > _LONGEST:
        return Line()
    scanned = scan(text)
    found = list(_days(scanned, setting)) or list(_relative(scanned, setting))
    published: list[Stamp] = []
    updated: list[Stamp] = []
    ambiguous = False
    for one in found:
        before = scanned.kinds[: one.start]
        kind = updated if before.rfind("l") > before.rfind("L") else published
        if len(one.days) == 1:
            kind.append(Stamp(one.days[0], *(one.clock or (None, None))))
        ambiguous |= len(one.days) > 1
    return Line(
        published=published[0] if published else None,
        updated=updated[0] if updated else None,
        ambiguous=ambiguous,
        whole=bool(found) and _fills(scanned, found),
    )


def is_line(text: str) -> bool:
    """Whether a line says when, and nothing else: days, times, and words that stand beside them."""
    return len(text) <= _LONGEST and read_line(text, _ANY_TIME).whole


def has_date(text: str) -> bool:
    """Whether a text holds a date that can be read, or that is ambiguous."""
    line = read_line(text, _ANY_TIME)
    return line.published is not None or line.updated is not None or line.ambiguous


def minutes_ago(text: str, language: str | None = None) -> int | None:
    """How many minutes ago a line says that something was, and nothing else: "5 minutes ago", "hace un minuto"."""
    if len(text) > _LONGEST or not (has_digit(text) or has_unit(text)):
        return None
    scanned = scan(text)
    return None if _DAY.search(scanned.kinds) else _minutes_ago(scanned.tokens, primary(language))


def has_digit(text: str) -> bool:
    """Whether a text has a digit of any script, small raised ones among them."""
    return _DIGIT.search(text) is not None or (not text.isascii() and any(map(str.isdigit, text)))


_ANY_TIME = Setting(now=datetime(2020, 1, 1, tzinfo=UTC))


def _stamp_of(instant: datetime, *, timed: bool = True) -> Stamp:
    return Stamp(instant.date(), instant.time() if timed else None, instant.tzinfo if timed else None)


def _days(scanned: Scan, setting: Setting) -> Iterator[_Found]:
    at = 0
    while match := _DAY.search(scanned.kinds, at):
        days = _read(match, scanned.tokens, setting)
        if not days:
            at = match.start() + 1
            continue
        found = _Found(match.start(), match.end(), days)
        at = match.end()
        _attach_clock(found, scanned)
        at = max(at, found.end)
        yield found


def _read(match: re.Match[str], tokens: tuple[Token, ...], setting: Setting) -> list[date]:
    group = {name: (*match.span(name),) for name, value in match.groupdict().items() if value is not None}
    numbers = {name[0]: name for name in group if name[0] in "yMmd"}
    year = _year(match, tokens, numbers["y"])
    if year is None:
        return []
    if "a" in group:
        first, second = (_number(tokens[match.start(name)]) for name in "ab")
        return _ordered(year, first, second, tokens[match.start("a") + 1].text, setting)
    day = _number(tokens[match.start(numbers["d"])])
    if "m" in numbers:
        months = {_number(tokens[match.start(numbers["m"])])}
    else:
        place = match.start(numbers["M"])
        dotted = _is_dotted(tokens, match.start(numbers["d"]))
        months = _months(tokens[place], setting, dotted=dotted)
        if tokens[place].word.months and tokens[match.end(numbers["y"]) - 1].kind == "n" and _is_thai(tokens[place]):
            year = year % 100 + _THAI_CENTURY  # "12 พ.ย. 69" is of 2569
    return [found for month in sorted(months) if (found := gregorian(year, month, day)) is not None]


def _is_thai(token: Token) -> bool:
    return all(languages == {"th"} for languages in token.word.months.values())


def _number(token: Token) -> int:
    """The number that a token is in figures; one that no part of a date or time can be where it is a word ("two")."""
    return int(token.text) if token.text.isdecimal() else 99


def _is_dotted(tokens: tuple[Token, ...], place: int) -> bool:
    """Whether a dot stands behind the token at a place: "3. listopada" is Croatian, "3 listopada" Polish."""
    return place + 1 < len(tokens) and tokens[place + 1].kind == "."


def _months(token: Token, setting: Setting, *, dotted: bool) -> set[int]:
    months = token.word.months
    if len(months) == 1:
        return set(months)
    language = primary(setting.language)
    own = {number for number, languages in months.items() if language in languages}
    spelled = {number for number, languages in months.items() if not (dotted and languages == {"pl"})}
    if not dotted and not own and any("pl" in languages for languages in months.values()):
        spelled = {number for number, languages in months.items() if "pl" in languages}
    return own or spelled


def _year(match: re.Match[str], tokens: tuple[Token, ...], name: str) -> int | None:
    place = match.end(name) - 1
    text = tokens[place].text
    number = int(text) if text.isdecimal() else 1
    around = (*tokens[max(0, match.start(name) - 1) : match.end(name)], *tokens[match.end() : match.end() + 1])
    for token in around:
        if "E" in token.word.kinds:
            return number + token.word.kinds["E"]
    if len(text) == 3:
        return number + 1911 if match.group(name) == "t" else None  # the years of Taiwan
    if len(text) <= 2:
        return number + (2000 if number < 70 else 1900)
    return number


def _ordered(year: int, first: int, second: int, sign: str, setting: Setting) -> list[date]:
    """The days that two numbers can be: one where only one is a day, or where the setting tells."""
    day_first, month_first = gregorian(year, second, first), gregorian(year, first, second)
    both = [day for day in dict.fromkeys((day_first, month_first)) if day is not None]
    if len(both) < 2:
        return both
    close = [day for day in both if any(abs(day - near) <= timedelta(days=1) for near in setting.near)]
    if len(close) == 1:
        return close
    order = month_first_in(setting)
    if order is None and sign == ".":
        order = False  # with dots the day is first, everywhere but in America
    return both if order is None else [both[order]]


def month_first_in(setting: Setting) -> bool | None:
    """Whether the month is written before the day there; ``None`` where it cannot be told."""
    if setting.month_first is not None:
        return setting.month_first
    language, country = primary(setting.language), region(setting.language) or setting.country
    if language == "en" or language is None:
        if country is None or country in _BOTH:
            return None
        return country in _MONTH_FIRST
    if country in _BOTH:
        return None
    try:
        form = Locale.parse(language).date_formats
    except (UnknownLocaleError, ValueError):
        return None
    # Where the year is first in figures (Swedish, Hungarian), what is written with words tells the order.
    letters = [re.sub("[^dMy]", "", form[width].pattern)[:1] for width in ("short", "medium", "long")]
    first = next((letter for letter in letters if letter != "y"), "y")
    return None if first == "y" else first == "M"


def _attach_clock(found: _Found, scanned: Scan) -> None:
    for inside in _CLOCK.finditer(scanned.kinds, found.start, found.end - 1):
        if inside["by"] == ":" and (clock := _clock(inside, scanned)) is not None:
            found.clock = clock  # asctime has it between day and year
            return
    if match := _CLOCK.search(scanned.kinds, found.end):
        between = scanned.kinds[found.end : match.start()]
        if _joins(between) and (clock := _clock(match, scanned)) is not None:
            found.clock, found.end = clock, match.end() + _zone_length(match, scanned)
            return
    before = list(_CLOCK.finditer(scanned.kinds, 0, found.start))
    if before:
        between = scanned.kinds[before[-1].end() : found.start]
        if _joins(between) and (clock := _clock(before[-1], scanned)) is not None:
            found.clock, found.start = clock, before[-1].start()


def _joins(between: str) -> bool:
    """Whether what stands between a day and a time lets them be one: few signs, no other date, no label of another."""
    return len(between) <= 6 and not set(between) & set("xYMnlL")


def _clock(match: re.Match[str], scanned: Scan) -> tuple[time, tzinfo | None] | None:
    tokens = scanned.tokens
    place = match.start("h") if match["h"] else match.start("h2")
    if match["by"] == "." and not tokens[place].end == tokens[place + 1].start == tokens[place + 2].start - 1:
        return None
    if match["by"] == "." and _A_DAY_BEHIND.match(scanned.kinds, match.end("mi")):
        return None  # "6.3.2026"
    hour = _number(tokens[place])
    half = match["half"] or match["half2"] or match["pre"]
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "P" else 0)
    values = [_number(tokens[match.start(name)]) if match[name] else 0 for name in ("mi", "s")]
    if hour > 23 or values[0] > 59 or values[1] > 60:
        return None
    return time(hour, values[0], min(values[1], 59)), _zone(match, scanned)


def _zone_length(match: re.Match[str], scanned: Scan) -> int:
    zone = _ZONE.match(scanned.kinds, match.end())
    return zone.end() - zone.start() if zone and _zone(match, scanned) is not None else 0


def _zone(match: re.Match[str], scanned: Scan) -> tzinfo | None:
    zone = _ZONE.match(scanned.kinds, match.end())
    if zone is None:
        return None
    tokens = [token for token in scanned.tokens[zone.start() : zone.end()] if token.kind not in "j,"]
    written = "".join(token.text for token in tokens)
    # "10:00-11:00" is a span of time; behind seconds, or without a colon, it is a zone.
    if written.startswith("-") and ":" in written and not match["s"]:
        return None
    if written[0] not in "+-" and len(tokens) > 1 and (signed := zone_of(written)) is not None:
        return signed
    return zone_of(written) or zone_of(tokens[0].text)


def _relative(scanned: Scan, setting: Setting) -> Iterator[_Found]:
    """Days told by their distance: "yesterday, 18:05", "3 hours ago"."""
    if setting.now is None or not any(token.kind in "nLlY" or "U" in token.word.kinds for token in scanned.tokens):
        return
    own = tables("relative_days").get(primary(setting.language) or "", {}).values()
    for place, token in enumerate(scanned.tokens):
        # "ma" is today in Hungarian and Monday in Dutch.
        if token.kind == "D" or ("D" in token.word.kinds and any(key_of(token.text) in row for row in own)):
            found = _Found(place, place + 1, [(setting.now + timedelta(days=token.word.kinds["D"])).date()])
            _attach_clock(found, scanned)
            yield found
            return
    minutes = _minutes_ago(scanned.tokens, primary(setting.language))
    if minutes is not None:
        try:
            yield _Found(0, len(scanned.tokens), [(setting.now - timedelta(minutes=minutes)).date()])
        except OverflowError:
            return


def _minutes_ago(tokens: tuple[Token, ...], language: str | None) -> int | None:
    """How many minutes ago a line says that it was: a number or none, a unit, and a word that says "ago".

    A unit that is another in another language is that of the line's own, or the shorter.
    """
    if any(token.kind == "x" for token in tokens) or not any("A" in token.word.kinds for token in tokens):
        return None
    # "an" is a year in French and one in English.
    told = [place for place, token in enumerate(tokens) if token.word.units]
    told.sort(key=lambda place: (not _is_of(tokens[place].word, language), "n" in tokens[place].word.kinds))
    for place in told:
        word = tokens[place].word
        if not any("A" in other.word.kinds for other in tokens if other is not tokens[place]):
            continue
        unit = min((one for one in word.units if language in word.units[one]), default=min(word.units))
        before = next((one for one in reversed(tokens[:place]) if one.kind in "nt" or "n" in one.word.kinds), None)
        if before is None:
            return unit
        return unit * (int(before.text) if before.text.isdecimal() else before.word.kinds["n"])
    return None


def _is_of(word: Word, language: str | None) -> bool:
    return any(language in languages for languages in word.units.values())


def _fills(scanned: Scan, found: list[_Found]) -> bool:
    """Whether nothing stands in a line but dates, a day without a year beside them, and words that go with them."""
    used = {place for one in found for place in range(one.start, one.end)}
    left = "".join("," if place in used else kind for place, kind in enumerate(scanned.kinds))
    rest = _BESIDE.sub(lambda match: "," * len(match[0]), left)
    return all(
        kind in _FILLING or (kind != "n" and bool(token.word.kinds)) or _may_be_zone(token)
        for kind, token in zip(rest, scanned.tokens, strict=True)
    )


def _may_be_zone(token: Token) -> bool:
    """Whether an unknown word may be the name of a zone or a country: "05:39, UK"."""
    return len(token.text) <= 4 and token.text.isascii() and token.text.isalpha() and token.text.isupper()
