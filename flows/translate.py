"""Translate what is stored: parts of records to their translations, and what follows from them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.errors import TranslationError
from ingest.model import Fingerprint, UrlKey
from ingest.record import UNSTABLE_NAMES
from ingest.translate.texts import Memory, Translator, route, sources, translate_texts
from storage import links, records, translations
from storage.store import Store, Transaction
from storage.translations import Translated, Untranslated

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """What translates into which language, and whether it may go by way of English.

    `broken` are the languages whose model turned out to be.
    """

    translator: Translator
    memory: Memory
    target: str
    pivot: bool = False
    broken: set[str] = field(default_factory=set)

    def sources(self) -> frozenset[str]:
        """The languages that can be translated now."""
        return sources(self.translator, self.target, pivot=self.pivot)

    def models(self) -> dict[str, str]:
        """What translates from each of them, as it is noted with a translation."""
        return {
            language: _joined([self.translator.model(*hop) for hop in self._route(language)])
            for language in sorted(self.sources())
        }

    def _route(self, language: str) -> Sequence[tuple[str, str]]:
        return route(self.translator, language, self.target, pivot=self.pivot)


def translate_parts(how: Translation, parts: Sequence[Untranslated]) -> list[Translated]:
    """Translate parts of records, those of one language together.

    What has no model stays out, and so does what has a broken one: it waits, as it would for a model.
    """
    made: list[Translated] = []
    for language in sorted({one.language for one in parts} & how.sources() - how.broken):
        own = [one for one in parts if one.language == language]
        try:
            texts = translate_texts(
                [one.text for one in own], language, how.target, how.translator, how.memory, pivot=how.pivot
            )
        except TranslationError as error:
            how.broken.add(language)
            logger.warning("what is in %s waits for a translation: %s", language, error)
            continue
        made += [
            Translated(
                record_id=one.record_id,
                position=one.position,
                text=text.text,
                model=_joined(text.models),
                kept=tuple((kept.sentence, kept.reason.value) for kept in text.kept),
                doubtful=tuple((doubt.sentence, doubt.reason.value) for doubt in text.doubtful),
            )
            for one, text in zip(own, texts, strict=True)
        ]
    return made


def keep_translations(store: Store, target: str, made: Sequence[Translated]) -> list[UrlKey]:
    """Store translations with all that follows, in one transaction: states, flags, and links of the texts as read now.

    Returns:
        The records that got something.
    """
    if not made:
        return []
    from flows.link import link_texts  # late, both: they take long to load, and a run may translate nothing
    from ingest.translate.names import unstable_names

    changed = sorted({one.record_id for one in made})
    with store.writing() as tx:
        translations.add_translations(tx, target, made)
        translations.set_states(tx, changed, target)
        flagged = {key for key, pair in translations.side_by_side(tx, changed, target).items() if unstable_names(*pair)}
        records.set_flag(tx, changed, UNSTABLE_NAMES, flagged)
        link_texts(tx, target_sides(tx, changed, target))
    return changed


def target_sides(tx: Transaction, ids: Sequence[UrlKey], target: str) -> dict[links.Side, Fingerprint]:
    """Fingerprints of what records read like in the target language, as far as they can be read in it."""
    texts = links.side_texts(tx, [(key, target) for key in translations.readable(tx, ids, target)])
    if not texts:
        return {}
    from ingest.dedup.fingerprint import fingerprint

    return {side: fingerprint(one.text, target) for side, one in texts.items()}


def _joined(models: Sequence[str]) -> str:
    return "; ".join(models)
