"""Read a page, or many, to records: `ingest.read` and `ingest.read_many`. No database, no workflow engine."""

from __future__ import annotations

import atexit
import logging
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ingest.errors import ConfigError, InputError, TranslationError
from ingest.extract.page import rejected
from ingest.inputs import file_seed, is_warc, read_file
from ingest.model import RULE_FAILED, TRANSLATABLE, UNDETERMINED, Page, Record, Seed, Via
from ingest.outcome import Reason, RejectedError, Rejection, Unmodified
from ingest.parts import Limits, Wanted, whole
from ingest.pipeline import process_page
from ingest.record import TITLE, UNSTABLE_NAMES, assembled, parts_of, segment_values, state_of, values_of
from ingest.sites.rules import NO_RULES, SiteRules
from ingest.workers import WorkerDeath, WorkerPolicy, WorkerPool

if TYPE_CHECKING:
    from ingest.fetch.fetcher import HttpFetcher
    from ingest.translate.texts import Memory, Translator

logger = logging.getLogger(__name__)

Given: TypeAlias = str | bytes | Path
"""An http(s) address, the HTML or plain text of a page, or the path of a saved one."""

NOWHERE = "about:blank"
"""The address of a page of which none is known."""

_TARGET = "en"
_MAX_BYTES = 5_000_000
# Pages in memory at once: enough that no worker waits for the slowest page for long.
_AT_ONCE = 128
_LIMITS = Limits(pages=20, size=_MAX_BYTES)
_ADDRESS = re.compile(r"\s*https?://\S+\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of a page: its record, and what was taken out of the text ({"text", "rule", "value", "moved_to"})."""

    record: dict[str, Any]
    residue: list[dict[str, Any]]


def read(
    page: Given,
    url: str | None = None,
    target: str | None = None,
    *,
    fetcher: HttpFetcher | None = None,
    translator: Translator | None = None,
    rules: SiteRules = NO_RULES,
) -> dict[str, Any]:
    """Read one page to a record, as docs/record.md describes it.

    What is stored nowhere has no copies, no links and no `run_id`. Not guarded against pages that keep a parser busy
    for ever; `read_many` is.

    Args:
        page: an address (fetched as a run does: robots.txt, no private addresses), HTML or plain text, or a `Path`.
        url: the address that HTML, text or a file came from.
        target: translate into this language, with the packages that are installed.
        fetcher: an open fetcher of your own; by default one that stays open, and keeps distances between its requests.
        translator: one of your own; by default that of the installed Argos packages.
        rules: how pages of some sites are read (`ingest.sites.rules.load_rules`); by default none is special.

    Raises:
        RejectedError: the page is no article, or cannot be had; the error holds the `Rejection`.
        InputError: what was given is neither an address nor a page.
        ConfigError: there is no such language.
    """
    return read_page(page, url, target, fetcher=fetcher, translator=translator, rules=rules).record


def read_many(
    pages: Iterable[Given | tuple[Given, str]],
    target: str | None = None,
    *,
    processes: int | None = None,
    fetcher: HttpFetcher | None = None,
    translator: Translator | None = None,
    rules: SiteRules = NO_RULES,
) -> Iterator[dict[str, Any] | Rejection]:
    """Read pages in worker processes: of each, in order, its record, or a `Rejection` that says why there is none.

    A page that keeps its worker busy for more than ten seconds of processor time, or crashes it, costs that page.

    Args:
        pages: as for `read`, or pairs of a page and its address; they are taken as they are needed.
        target: as for `read`.
        processes: how many workers; by default one a core.
        fetcher: as for `read`; several hosts are asked at once.
        translator: as for `read`.
        rules: as for `read`.

    Raises:
        InputError: something is neither an address nor a page.
        ConfigError: there is no such language.
    """

    from ingest.workers import WorkerPool

    finish = _finisher(target, translator)
    rest = iter(pages)
    with WorkerPool(process_page, WorkerPolicy(processes=processes or os.cpu_count() or 1)) as pool:
        while some := list(islice(rest, _AT_ONCE)):
            found = _acquired([one if isinstance(one, tuple) else (one, None) for one in some], fetcher)
            ruled = [rules.for_page(one) if isinstance(one, Page) else one for one in found]
            for one in _digested(ruled, pool, fetcher, rules):
                yield one if isinstance(one, Rejection) else finish(one).record


def read_page(
    page: Given,
    url: str | None = None,
    target: str | None = None,
    *,
    fetcher: HttpFetcher | None = None,
    translator: Translator | None = None,
    rules: SiteRules = NO_RULES,
) -> Reading:
    """Read one page as `read` does, and say what was taken out of its text as well."""
    finish = _finisher(target, translator)
    got = page_of(page, url, fetcher=fetcher)
    if isinstance(got, Rejection):
        raise RejectedError(got)
    ruled = rules.for_page(got)

    def process(pages: Mapping[int, Page]) -> dict[int, Record | Rejection]:
        return {key: _processed(one) for key, one in pages.items()}

    made = whole({0: ruled}, process({0: ruled}), process, _getter(fetcher, rules), _LIMITS)[0]
    if isinstance(made, Rejection):
        raise RejectedError(made)
    return finish(made)


def page_of(page: Given, url: str | None = None, *, fetcher: HttpFetcher | None = None) -> Page | Rejection:
    """Have the page that `read` would read, as it came."""
    (got,) = _acquired([(page, url)], fetcher)
    return got


def _processed(page: Page) -> Record | Rejection:
    try:
        return process_page(page)
    except Exception as error:  # noqa: BLE001 - parsers raise anything on hostile pages
        return rejected(page, Reason.EXTRACT_CRASH, f"{type(error).__name__}: {error}"[:300])


def _digested(
    got: Sequence[Page | Rejection],
    pool: WorkerPool[Page, Record | Rejection],
    fetcher: HttpFetcher | None,
    rules: SiteRules,
) -> list[Record | Rejection]:
    """What becomes of pages, each in its place."""
    pages = {place: one for place, one in enumerate(got) if isinstance(one, Page)}

    def process(some: Mapping[int, Page]) -> dict[int, Record | Rejection | WorkerDeath]:
        places = list(some)
        return {places[number]: result for number, result in pool.run(some.values())}

    made = process(pages)
    # The rule of a site may be what took too long.
    again = {place: pages[place] for place, one in made.items() if isinstance(one, WorkerDeath) and pages[place].rule}
    redone = process({place: replace(page, rule=None) for place, page in again.items()})
    made |= {place: _without_rule(one) for place, one in redone.items()}
    made = whole(pages, made, process, _getter(fetcher, rules), _LIMITS)
    return [one if isinstance(one, Rejection) else _outlived(one, made[place]) for place, one in enumerate(got)]


def _getter(fetcher: HttpFetcher | None, rules: SiteRules) -> Callable[[Sequence[Wanted]], list[Page | None]]:
    """What has the further pages of articles that were fetched; for what was handed over nothing is fetched."""

    def get(wanted: Sequence[Wanted]) -> list[Page | None]:
        fetched = _fetched(list({one.url for one in wanted if one.by.status is not None}), fetcher)
        found = [fetched.get(one.url) for one in wanted]
        return [rules.for_page(one) if isinstance(one, Page) else None for one in found]

    return get


def _without_rule(made: Record | Rejection | WorkerDeath) -> Record | Rejection | WorkerDeath:
    return replace(made, article=made.article.flagged(RULE_FAILED)) if isinstance(made, Record) else made


def _outlived(page: Page, made: Record | Rejection | WorkerDeath) -> Record | Rejection:
    if isinstance(made, Record | Rejection):
        return made
    return rejected(page, Reason.EXTRACT_TIMEOUT if made.timed_out else Reason.EXTRACT_CRASH, made.detail)


def _acquired(given: Sequence[tuple[Given, str | None]], fetcher: HttpFetcher | None) -> list[Page | Rejection]:
    """The page of each, or why it cannot be had; addresses are asked for together."""
    wanted = [_address(page) for page, _ in given]
    fetched = _fetched([one for one in wanted if one], fetcher)
    return [fetched[web] if web else _local(page, url) for web, (page, url) in zip(wanted, given, strict=True)]


def _address(page: Given) -> str | None:
    return page.strip() if isinstance(page, str) and _ADDRESS.fullmatch(page) else None


def _fetched(urls: Sequence[str], fetcher: HttpFetcher | None) -> dict[str, Page | Rejection]:
    """The responses by address."""
    if not urls:
        return {}
    seeds = [Seed(url=url) for url in dict.fromkeys(urls)]
    results = (fetcher or _usual_fetcher()).fetch_many(seeds)
    return {
        one.url if isinstance(one, Rejection) else one.seed.url: one
        for one in results
        if not isinstance(one, Unmodified)  # nobody asked for that
    }


@cache
def _usual_fetcher() -> HttpFetcher:
    """The fetcher of whoever has none: open as long as the process, so that it keeps its distance from each host."""
    from ingest.fetch.fetcher import HttpFetcher
    from ingest.fetch.policy import FetchPolicy

    fetcher = HttpFetcher(FetchPolicy()).__enter__()
    atexit.register(fetcher.close)
    return fetcher


def _local(page: Given, url: str | None) -> Page | Rejection:
    """The page that was handed over, as one from its address, or as a saved one where that is not known."""
    if url is not None and not _ADDRESS.fullmatch(url):
        raise InputError(f"not an http or https address: {url!r}; leave url out where there is none")
    if isinstance(page, Path):
        if is_warc(page):
            raise InputError(f"{page} is an archive, and may hold many pages: use `newsmill run files {page}`")
        if not page.exists():
            raise InputError(f"no such file: {page}; an address begins with http:// or https://")
        got = read_file(file_seed(page), _MAX_BYTES)
        if isinstance(got, Rejection) or url is None:
            return got
        return replace(got, seed=Seed(url=url), final_url=url)
    if isinstance(page, str) and len(page.split(maxsplit=1)) < 2 and "<" not in page:
        raise InputError(f"neither an address nor a page: {page[:80]!r}; a file is given as pathlib.Path(...)")
    seed = Seed(url=url) if url else Seed(url=NOWHERE, via=Via.FILE)
    kind = () if isinstance(page, bytes) else (("Content-Type", f"text/{_kind(page)}; charset=utf-8"),)
    body = page if isinstance(page, bytes) else page.encode("utf-8", "replace")
    return Page(seed=seed, final_url=seed.url, body=body, fetched_at=datetime.now(UTC), headers=kind)


def _kind(text: str) -> str:
    """A text may mention a tag, but does not begin with one."""
    return "html" if text.lstrip("\ufeff \r\n\t").startswith("<") else "plain"


def _finisher(target: str | None, translator: Translator | None) -> Callable[[Record], Reading]:
    """What makes the answer of a record, translated where that is asked."""
    if target is None:
        return lambda record: _finished(record, _TARGET, [])
    from ingest.translate.codes import bcp47, is_language
    from ingest.translate.texts import DictMemory

    if not is_language(target):
        raise ConfigError(f"there is no language {target!r}; write it like en or pt-BR")
    translation = _Translation(bcp47(target), translator or _usual_translator(), DictMemory())
    return lambda record: _finished(record, translation.target, translation.of(record))


@cache
def _usual_translator() -> Translator:
    from ingest.translate.backends import open_translator

    return open_translator()


@dataclass(frozen=True, slots=True)
class _Translation:
    """Into which language, by what, and what was translated before."""

    target: str
    translator: Translator
    memory: Memory

    def of(self, record: Record) -> list[dict[str, Any]]:
        """The translations of a record, as `assembled` takes them; what has no model stays out."""
        from ingest.translate.texts import sources, translate_texts

        parts = parts_of(
            values_of(record), record.labels.title_language, segment_values(record.labels.segments), self.target
        )
        made: list[dict[str, Any]] = []
        for language in sorted({one.language for one in parts} & sources(self.translator, self.target)):
            own = [one for one in parts if one.language == language]
            try:
                texts = translate_texts([one.text for one in own], language, self.target, self.translator, self.memory)
            except TranslationError as error:  # it waits, as it would for a model
                logger.warning("what is in %s is not translated: %s", language, error)
                continue
            made += [
                {
                    "position": one.position,
                    "text": text.text,
                    "model": "; ".join(text.models),
                    "kept": [[kept.sentence, kept.reason.value] for kept in text.kept],
                    "doubtful": [[doubt.sentence, doubt.reason.value] for doubt in text.doubtful],
                }
                for one, text in zip(own, texts, strict=True)
            ]
        return made


def _finished(record: Record, target: str, made: Sequence[Mapping[str, Any]]) -> Reading:
    values, segments = values_of(record), segment_values(record.labels.segments)
    known = {one["position"]: one for one in made}
    if _has_unstable_names(segments, known):
        values["flags"].append(UNSTABLE_NAMES)
    deciding = [
        one for one in parts_of(values, record.labels.title_language, segments, target) if one.position >= TITLE
    ]
    lacking = Counter(one.language in TRANSLATABLE for one in deciding if one.position not in known)
    status = state_of(
        lacking[True] + sum(bool(known[one.position]["kept"]) for one in deciding if one.position in known),
        lacking[False] + (values["language"] == UNDETERMINED),
        sum(one.position in known for one in deciding),
    )
    return Reading(
        record=assembled(values, record.labels.title_language, segments, made, target, status, run_id=None),
        residue=[asdict(one) for one in record.article.residue],
    )


def _has_unstable_names(segments: Sequence[Mapping[str, Any]], known: Mapping[int, Mapping[str, Any]]) -> bool:
    if not known:
        return False
    from ingest.translate.names import unstable_names

    both = [(one["text"], known[one["position"]]["text"]) for one in segments if one["position"] in known]
    return bool(unstable_names([text for text, _ in both], [text for _, text in both]))
