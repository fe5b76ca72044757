"""Forget an article, or all of a host: nothing of its text stays, and no run stores it again.

The order makes a kill harmless, after which the same command is given once more: first it is noted what is to stay
forgotten, then the archives are overwritten, to which only the database leads, then the database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flows.forgotten import names_of
from ingest.errors import InputError, StorageError
from ingest.urls import address_key, canonicalize, site_of
from storage import forgetting, tombstones, workers
from storage.forgetting import Traces
from storage.search import update_index
from storage.store import Store, Transaction, chunks
from storage.views import find_record

_ID = re.compile(r"[0-9a-f]{6,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be forgotten: names with the address or host that each stands for, and what there is of it.

    `titles` are of the records, as far as they have one; `counts` as `storage.forgetting.weigh` gives them.
    """

    names: Mapping[str, str]
    traces: Traces
    titles: Sequence[str]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was done: records of archives that were overwritten, and files of archives that are not there any more."""

    archive_records: int
    missing: Sequence[str]


def look_for(store: Store, given: str) -> Wanted:
    """What there is of an address, a record (by the start of its id) or a host, with all hosts below it.

    Raises:
        InputError: it is none of these.
        StorageError: a run is under way, which may hold some of it.
    """
    with store.reading() as tx:
        if workers.living(tx, ""):
            raise StorageError("a run is running: wait for its end, or stop it, then forget")
        names, is_host = _named(tx, given)
        own = _among(names)
        found = forgetting.records_of(tx, own, _nothing if is_host else own)
        if not is_host:
            names |= {key: addresses[0] for key, addresses in found.items()}
            names |= {address_key(one): one for addresses in found.values() for one in addresses}
        traces = forgetting.traces_of(tx, found, _among(names))
        titles = forgetting.titles_of(tx, traces)
        return Wanted(names=names, traces=traces, titles=titles, counts=forgetting.weigh(tx, traces))


def forget(store: Store, wanted: Wanted, reason: str) -> Erased:
    """Forget it.

    Raises:
        StorageError: an archive or the database cannot be written. What is to be forgotten is not stored again; the
            same command goes on.
    """
    with store.writing() as tx:
        tombstones.bury(tx, wanted.names, reason)
    count, missing = forgetting.erase_places(wanted.traces.places)
    with store.writing() as tx:
        again = forgetting.erase_rows(tx, wanted.traces)
        if wanted.traces.bound:
            from flows.link import link_again  # late: it takes long to load

            for chunk in chunks(sorted(wanted.traces.bound)):
                link_again(tx, chunk)
    if again:
        update_index(store)
    store.compact(forgetting.HOLDING)
    return Erased(archive_records=count, missing=missing)


def _named(tx: Transaction, given: str) -> tuple[dict[str, str], bool]:
    """The names of what is given, and whether it is a host."""
    if "://" in given or given.startswith("file:"):
        return {address_key(given): _spelled(given)}, False
    if _ID.fullmatch(given) and (key := find_record(tx, given)):
        return {key: given}, False
    host = site_of(f"http://{given}")
    if not host or "/" in given or not set(".:") & set(host):
        raise InputError(f"{given} is no address (https://...), no host and no record: newsmill search finds records")
    return {host: host}, True


def _spelled(address: str) -> str:
    try:
        return canonicalize(address)
    except ValueError:
        return address


def _among(names: Mapping[str, str]) -> Callable[[str], bool]:
    """Whether a key or an address has one of these names."""
    return lambda one: one in names or (":" in one and any(name in names for name in names_of(one)))


def _nothing(_: str) -> bool:
    return False
