"""AMP and print pages that name no address as their own, put to the article whose page names them.

Where both are met in either order, they are one record. What a page says of another is believed only within its site
(`ingest.extract.canonical`), of a page that says nothing of its own, and where both have one text: else the two stay
two records, which is logged.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.model import Article, Record, UrlKey
from ingest.twins import is_one_article
from ingest.urls import address_key
from storage import twins as stored
from storage.store import Transaction

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Twins:
    """What is known of some records that are to be stored.

    Attributes:
        owner: the record that each of them belongs to, by its id, where that is another one.
        taken: for owners the ids of stored records that turned out to be theirs.
    """

    owner: Mapping[UrlKey, UrlKey]
    taken: Mapping[UrlKey, Sequence[str]]

    def of(self, record: Record) -> Record:
        """A record as it is to be stored: a twin under the id of its article."""
        owner = self.owner.get(record.article.key)
        if owner is None:
            return record
        return replace(record, article=replace(record.article, key=owner, is_twin=True))


def settle_twins(tx: Transaction, news: Iterable[Record]) -> Twins:
    """Tell which of these records are twins, and take away stored ones that are; before they are stored."""
    by_key = {record.article.key: record.article for record in news}
    named = {
        key: {address_key(address): address for address in one.twins}
        for key, one in by_key.items()
        if one.twins and not one.is_twin
    }
    claims: defaultdict[UrlKey, list[UrlKey]] = defaultdict(list)
    for key, of_one in named.items():
        for address in of_one:
            claims[address].append(key)
    taken = _take(tx, claims, by_key)
    alone = {key for key, one in by_key.items() if _has_no_home(one)}
    for name, owners in stored.named_by(tx, alone).items():
        claims[UrlKey(name)] += owners
    wanted = {key: owners for key, owners in claims.items() if key in alone}
    there = stored.texts_of(tx, {one for key, owners in wanted.items() for one in (key, *owners)})
    texts = there | {str(key): one.text for key, one in by_key.items()}
    owner = {
        key: first
        for key, owners in wanted.items()
        if key not in there and (first := _owner(key, texts[key], owners, texts)) is not None
    }
    stored.note_twins(tx, named)
    return Twins(owner=owner, taken=taken)


def _take(
    tx: Transaction, claims: Mapping[UrlKey, Sequence[UrlKey]], by_key: Mapping[UrlKey, Article]
) -> dict[UrlKey, list[str]]:
    """Take away stored records that the pages of others name, and show the same text; those that each of these gets."""
    texts = {str(key): one.text for key, one in by_key.items()}
    found = stored.texts_without_home(tx, claims) if claims else {}
    owners = {
        key: own for key, text in found.items() if (own := _owner(key, text, claims[UrlKey(key)], texts)) is not None
    }
    taken: defaultdict[UrlKey, list[str]] = defaultdict(list)
    for key, own in owners.items():
        taken[own].append(key)
    if owners and (bound := stored.give_up(tx, owners)):
        from flows.link import link_again  # late: it takes long to load

        link_again(tx, bound)
    return dict(taken)


def _owner(key: str, text: str, owners: Sequence[UrlKey], texts: Mapping[str, str]) -> UrlKey | None:
    """The record that a page belongs to, of those whose pages name it."""
    known = [one for one in sorted(set(owners)) if one != key and one in texts]
    agreeing = [one for one in known if is_one_article(text, texts[one])]
    if known and not agreeing:
        logger.warning("record %s is named as another layout of %s, but its text is another one", key[:12], known[0])
    return agreeing[0] if agreeing else None


def _has_no_home(article: Article) -> bool:
    """Whether a page names no address as its own, and no other layout."""
    return article.canonical_url is None and not article.twins and not article.is_twin
