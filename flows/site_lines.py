"""Lines that stand on several pages of a site, taken out of the records of a batch.

That takes a paragraph away and tells the languages of the rest anew, which the workers do before a batch is stored
(`foresee`). What holds is what the database says in the transaction that stores it (`without_site_lines`): only where
another process has met the same lines meanwhile is it done again, there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from ingest.model import MOST_SITE_LINES, Record, UrlKey
from ingest.outcome import Rejection, Unmodified
from ingest.urls import site_of
from storage import records
from storage.seeds import Task
from storage.site_lines import remember_lines, site_lines
from storage.store import Store, Transaction

Keys: TypeAlias = frozenset[int]


@dataclass(frozen=True, slots=True)
class Lined:
    """A record, and the keys of lines that are its site's, some of which it may have."""

    record: Record
    lines: Keys


Trimmer: TypeAlias = Callable[[Sequence[Lined]], Mapping[int, Record]]
"""What takes lines out of records, perhaps in other processes; by place, those that it was done for."""


class Digested(NamedTuple):
    """A seed, and what became of it; of a record perhaps also how it is without lines of its site."""

    task: Task
    result: Record | Rejection | Unmodified
    trimmed: Lined | None = None


def left_for_later(_: Sequence[Lined]) -> Mapping[int, Record]:
    """Take no lines out: it is done where a batch is stored."""
    return {}


def foresee(store: Store, trimmer: Trimmer, digested: Sequence[Digested]) -> list[Digested]:
    """The batch, with its records beside as they will be without the lines of their sites, as far as is known now."""
    made = _records(digested)
    if not any(record.site_lines for record in made.values()):
        return list(digested)
    with store.reading() as tx:
        found = site_lines(tx, {key: record.site_lines for key, record in made.items()})
    of_site = _by_site(made, found.boilerplate)
    asked = [
        (place, Lined(one.result, of_site[_site(one.result)]))
        for place, one in enumerate(digested)
        if isinstance(one.result, Record) and _may_have(one.result, of_site[_site(one.result)])
    ]
    done = trimmer([lined for _, lined in asked])
    foreseen = {asked[at][0]: Lined(record, asked[at][1].lines) for at, record in done.items()}
    return [one._replace(trimmed=foreseen.get(place)) for place, one in enumerate(digested)]


def without_site_lines(
    tx: Transaction, digested: Sequence[Digested]
) -> Iterator[tuple[Task, Record | Rejection | Unmodified, str]]:
    """What was digested, without the lines that stand on several pages of a site.

    Beside each the hash of its text as it was before: whether a page has changed must not hang on what else was met.
    """
    made = _records(digested)
    of_site = _by_site(made, remember_lines(tx, {key: record.site_lines for key, record in made.items()}))
    for task, result, trimmed in digested:
        if isinstance(result, Record):
            yield task, _without(result, of_site[_site(result)], trimmed), records.text_sha256(result.article)
        else:
            yield task, result, ""


def _without(record: Record, lines: Keys, foreseen: Lined | None) -> Record:
    if not _may_have(record, lines):
        return record
    if foreseen is not None and foreseen.lines == lines:
        return foreseen.record
    from ingest.pipeline import forget_lines  # late: it is seldom needed here, and takes all that reads pages

    return forget_lines(record, lines)


def _may_have(record: Record, lines: Keys) -> bool:
    """Whether a record may have some of these lines: of a page of many lines not all have their keys told."""
    known = len(record.article.blocks) <= MOST_SITE_LINES
    return bool(lines) and not (known and lines.isdisjoint(record.site_lines))


def _by_site(made: Mapping[UrlKey, Record], boilerplate: Keys) -> defaultdict[str, Keys]:
    """Those of these lines that records of each site have near their ends: no other site has a line with such a key."""
    found: defaultdict[str, Keys] = defaultdict(frozenset)
    for record in made.values():
        if lines := boilerplate.intersection(record.site_lines):
            found[_site(record)] |= lines
    return found


def _records(digested: Sequence[Digested]) -> dict[UrlKey, Record]:
    return {one.result.article.key: one.result for one in digested if isinstance(one.result, Record)}


def _site(record: Record) -> str:
    return site_of(record.article.url)
