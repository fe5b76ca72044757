"""What is to stay forgotten (`newsmill forget`) is met here: it is neither asked for nor stored again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from ingest.model import Article, Page, Seed, UrlKey
from ingest.outcome import Reason, Rejection, Stage
from ingest.urls import address_key, site_of
from storage.seeds import Task
from storage.store import Transaction
from storage.tombstones import buried


def names_of(address: str) -> tuple[str, ...]:
    """All names by which an address may be forgotten: its key, its host with and without port, each host above it."""
    return (address_key(address), *hosts_of(address))


def forgotten(tx: Transaction, addresses: Iterable[str]) -> dict[str, str]:
    """Those of these addresses that are forgotten, each with since when and why."""
    names = {address: names_of(address) for address in addresses}
    known = buried(tx, {name for of_one in names.values() for name in of_one})
    if not known:
        return {}
    said = {address: next((known[name] for name in of_one if name in known), None) for address, of_one in names.items()}
    return {address: why for address, why in said.items() if why is not None}


def without_titles(tx: Transaction, tasks: Sequence[Task]) -> list[Task]:
    """Seeds without what listings say of those that are forgotten: it is text of theirs."""
    known = forgotten(tx, {task.seed.url for task in tasks})
    return [
        replace(task, seed=replace(task.seed, title=None, published_at=None)) if task.seed.url in known else task
        for task in tasks
    ]


def refused(tx: Transaction, seed: Seed, page: Page) -> Rejection | None:
    """A rejection of a page that turns out to be a forgotten one, by an address that it came from."""
    known = forgotten(tx, {page.final_url, *page.redirects})
    return rejection(seed, Stage.FETCH, next(iter(known.values()))) if known else None


def refused_articles(tx: Transaction, articles: Collection[Article]) -> dict[UrlKey, str]:
    """Those of these articles that are forgotten, by their own address or as the record that they would be."""
    by_key = buried(tx, {one.key for one in articles})
    by_address = forgotten(tx, {address for one in articles for address in _addresses(one)})
    said = {
        one.key: next((by_address[each] for each in _addresses(one) if each in by_address), None) for one in articles
    }
    return {key: why for key, why in ((key, by_key.get(key) or why) for key, why in said.items()) if why is not None}


def rejection(seed: Seed, stage: Stage, why: str) -> Rejection:
    """What becomes of a seed that is forgotten."""
    return Rejection(url=seed.url, source=seed.source, stage=stage, reason=Reason.FORGOTTEN, detail=why)


def _addresses(article: Article) -> Iterator[str]:
    yield article.url
    if article.canonical_url is not None:
        yield article.canonical_url


def hosts_of(address: str) -> Iterator[str]:
    """The host of an address and each above it, with and without its port."""
    site = site_of(address)
    if not site:
        return
    parts = urlsplit(f"//{site}")
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    labels = [host] if ":" in host or host.replace(".", "").isdigit() else host.split(".")
    for first in range(len(labels)):
        above = ".".join(labels[first:])
        above = f"[{above}]" if ":" in above else above
        yield above
        if port:
            yield above + port
