"""Translations in the database: what is needed, what is there, and the state that follows from both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Subquery,
    and_,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)

from ingest.model import TRANSLATABLE, UNDETERMINED, UrlKey
from ingest.record import COMPLETE, NOT_NEEDED, PENDING, state_of
from ingest.value import Value
from storage.store import by_key, chunks, upsert
from storage.tables import FIRST_TAG, SECTION, SUBTITLE, TITLE, outcome, record, segment, translation, translation_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Untranslated:
    """A segment (or what stands around them, at the positions of `storage.tables`) that has no translation yet."""

    record_id: UrlKey
    position: int
    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated(Value):
    """The translation of a segment, and the packages that made it.

    `kept` are the sentences that stayed in their language, `doubtful` those whose translation may mislead, each with
    the reason.
    """

    record_id: UrlKey
    position: int
    text: str
    model: str
    kept: tuple[tuple[str, str], ...] = ()
    doubtful: tuple[tuple[str, str], ...] = ()


def due_records(
    tx: Connection, target: str, languages: Iterable[str], *, runs: Sequence[str] | None, after: str, limit: int
) -> list[UrlKey]:
    """Records with text in one of these languages that is not translated yet, by id.

    Args:
        tx: the connection.
        target: the language to translate into.
        languages: those that can be translated into it now.
        runs: only records that these runs met; ``None`` for all.
        after: only ids greater than this one ("" for the first page).
        limit: how many at most.
    """
    missing = _missing(target)
    query = select(missing.c.record_id).where(missing.c.language.in_(sorted(languages)), missing.c.record_id > after)
    if runs is not None:
        query = query.where(missing.c.record_id.in_(_met_by(runs)))
    return [UrlKey(key) for key in tx.execute(query.distinct().order_by(missing.c.record_id).limit(limit)).scalars()]


def untranslated(tx: Connection, ids: Sequence[UrlKey], target: str) -> list[Untranslated]:
    """What of these records is in another language than `target` and not translated yet."""
    missing = _missing(target)
    found: list[Untranslated] = []
    for chunk in chunks(ids):
        query = select(missing).where(missing.c.record_id.in_(chunk))
        rows = tx.execute(query.order_by(missing.c.record_id, missing.c.position))
        found += [_untranslated(row) for row in rows]
    return found


def untranslated_margins(tx: Connection, ids: Sequence[UrlKey], target: str) -> list[Untranslated]:
    """What stands around the text of these records and is not translated yet: subtitle, section and tags.

    They are in the language of the record as far as anybody can tell, and decide nothing about its state.
    """
    found: list[Untranslated] = []
    for chunk in chunks(ids):
        made = select(translation.c.record_id, translation.c.position).where(
            translation.c.record_id.in_(chunk), translation.c.target == target, translation.c.position < TITLE
        )
        there = {(key, position) for key, position in tx.execute(made)}
        columns = (record.c.id, record.c.language, record.c.subtitle, record.c.section, record.c.tags)
        query = select(*columns).where(record.c.id.in_(chunk), record.c.language.not_in((target, UNDETERMINED)))
        for row in tx.execute(query.order_by(record.c.id)):
            texts = {SUBTITLE: row.subtitle, SECTION: row.section}
            texts |= {FIRST_TAG - number: tag for number, tag in enumerate(row.tags)}
            found += [
                Untranslated(record_id=row.id, position=position, language=row.language, text=text)
                for position, text in texts.items()
                if text and (row.id, position) not in there
            ]
    return found


def add_translations(tx: Connection, target: str, made: Sequence[Translated]) -> None:
    """Store translations; one that is there already is replaced."""
    for chunk in chunks(made):
        rows = [
            {
                "record_id": one.record_id,
                "target": target,
                "position": one.position,
                "text": one.text,
                "model": one.model,
                "kept": [list(pair) for pair in one.kept],
                "doubtful": [list(pair) for pair in one.doubtful],
            }
            for one in chunk
        ]
        upsert(tx, translation, rows)


def set_states(tx: Connection, ids: Sequence[UrlKey], target: str) -> dict[UrlKey, str]:
    """Work out and store how complete the translations of these records are."""
    states: dict[UrlKey, str] = {}
    for chunk in chunks(ids):
        _open_states(tx, chunk, target)
        missing: Counter[str] = Counter()
        hopeless = _undetermined(tx, chunk)
        for one in untranslated(tx, chunk, target):
            missing[one.record_id] += one.language in TRANSLATABLE
            hopeless[one.record_id] += one.language not in TRANSLATABLE
        made = select(translation.c.record_id, translation.c.kept).where(
            translation.c.record_id.in_(chunk), translation.c.target == target, translation.c.position >= TITLE
        )
        there: Counter[str] = Counter()
        for key, kept in tx.execute(made):
            there[key] += 1
            missing[key] += bool(kept)
        states |= {key: state_of(missing[key], hopeless[key], there[key]) for key in chunk}
        for status in sorted(set(states.values())):
            matching = [key for key in chunk if states[key] == status]
            tx.execute(
                update(translation_state)
                .where(translation_state.c.record_id.in_(matching), translation_state.c.target == target)
                .values(status=status)
            )
    return states


def unasked(tx: Connection, target: str, *, after: str, limit: int) -> list[UrlKey]:
    """Records whose state in this target language is not known, by id: it was never asked for, or told by older rules.

    Args:
        tx: the connection.
        target: the language to translate into.
        after: only ids greater than this one ("" for the first page).
        limit: how many at most.
    """
    state_of = (translation_state.c.record_id == record.c.id) & (translation_state.c.target == target)
    wrong = (translation_state.c.status == NOT_NEEDED) & (record.c.language != target)
    query = (
        select(record.c.id)
        .select_from(record.outerjoin(translation_state, state_of))
        .where(record.c.id > after, or_(translation_state.c.status.is_(None), wrong))
    )
    return [UrlKey(key) for key in tx.execute(query.order_by(record.c.id).limit(limit)).scalars()]


def without_state(tx: Connection, ids: Sequence[UrlKey], target: str) -> list[UrlKey]:
    """Those of these records for which this target language was never asked before."""
    found: list[UrlKey] = []
    for chunk in chunks(ids):
        known = select(translation_state.c.record_id).where(translation_state.c.target == target)
        query = select(record.c.id).where(record.c.id.in_(chunk), record.c.id.not_in(known)).order_by(record.c.id)
        found += tx.execute(query).scalars()
    return found


def outdated(
    tx: Connection, target: str, models: Mapping[str, str], *, after: str, since: datetime | None, limit: int
) -> list[UrlKey]:
    """Records with a translation from one of these languages that another package, or version of it, made.

    Args:
        tx: the connection.
        target: the language translated into.
        models: what makes translations now, by the language translated from.
        after: only ids greater than this one ("" for the first page).
        since: only records fetched from then on.
        limit: how many at most.
    """
    made = _made(target)
    old = or_(*((made.c.language == language) & (made.c.model != model) for language, model in sorted(models.items())))
    query = select(made.c.record_id).where(old, made.c.record_id > after, made.c.model != "")
    if since is not None:
        recent = select(record.c.id).where(record.c.fetched_at >= since.astimezone(UTC).isoformat())
        query = query.where(made.c.record_id.in_(recent))
    return [UrlKey(key) for key in tx.execute(query.distinct().order_by(made.c.record_id).limit(limit)).scalars()]


def made_otherwise(tx: Connection, ids: Sequence[UrlKey], target: str, models: Mapping[str, str]) -> list[Untranslated]:
    """What of these records another package, or version of it, translated from these languages."""
    made = _made(target)
    found: list[Untranslated] = []
    for chunk in chunks(ids):
        query = select(made).where(made.c.record_id.in_(chunk), made.c.language.in_(sorted(models)))
        found += [
            _untranslated(row)
            for row in tx.execute(query.order_by(made.c.record_id, made.c.position))
            if row.model not in ("", models[row.language])
        ]
    return found


def side_by_side(tx: Connection, ids: Sequence[UrlKey], target: str) -> dict[UrlKey, tuple[list[str], list[str]]]:
    """The segments of records that have a translation, and the translation of each."""
    found: dict[UrlKey, tuple[list[str], list[str]]] = {}
    for chunk in chunks(ids):
        query = (
            select(segment.c.record_id, segment.c.text, translation.c.text)
            .join(translation, _made_of(segment.c.record_id, segment.c.position, target))
            .where(segment.c.record_id.in_(chunk))
        )
        for key, text, translated in tx.execute(query.order_by(segment.c.record_id, segment.c.position)):
            texts, made = found.setdefault(UrlKey(key), ([], []))
            texts.append(text)
            made.append(translated)
    return found


def with_state(tx: Connection, ids: Sequence[UrlKey], target: str) -> list[UrlKey]:
    """Those of these records for which this target language was asked."""
    unasked = set(without_state(tx, ids, target))
    return [key for key in ids if key not in unasked]


def targets(tx: Connection) -> list[str]:
    """The languages that were ever translated into."""
    return list(
        tx.execute(select(translation_state.c.target).distinct().order_by(translation_state.c.target)).scalars()
    )


def readable(tx: Connection, ids: Sequence[UrlKey], target: str) -> list[UrlKey]:
    """Those of these records in other languages that can at least in part be read in the target language."""
    found: list[UrlKey] = []
    for chunk in chunks(ids):
        quoting = select(segment.c.record_id).where(segment.c.language == target)
        translated = select(translation.c.record_id).where(translation.c.target == target)
        query = select(record.c.id).where(
            record.c.id.in_(chunk),
            record.c.language != target,
            or_(record.c.id.in_(quoting), record.c.id.in_(translated)),
        )
        found += [UrlKey(key) for key in tx.execute(query.order_by(record.c.id)).scalars()]
    return found


def pending_languages(tx: Connection, target: str, runs: Sequence[str] | None = None) -> dict[str, int]:
    """For each language that still waits for a translation: of how many records (of these runs, or of all)."""
    missing = _missing(target)
    query = select(missing.c.language, func.count(missing.c.record_id.distinct())).group_by(missing.c.language)
    if runs is not None:
        query = query.where(missing.c.record_id.in_(_met_by(runs)))
    return by_key(tx.execute(query.order_by(missing.c.language)))


def pending_count(tx: Connection, target: str, run_id: str) -> int:
    """Of how many records that a run met something still waits for a translation."""
    missing = _missing(target)
    query = select(func.count(missing.c.record_id.distinct())).where(
        missing.c.record_id.in_(_met_by((run_id,))), missing.c.language.in_(sorted(TRANSLATABLE))
    )
    return tx.execute(query).scalar_one()


def _missing(target: str) -> Subquery:
    """Segments and titles in another language than `target` that have no translation, of records that wait for one."""
    waiting = select(translation_state.c.record_id).where(
        translation_state.c.target == target, translation_state.c.status.not_in((COMPLETE, NOT_NEEDED))
    )
    foreign = (target, UNDETERMINED)
    parts = (
        select(segment.c.record_id, segment.c.position, segment.c.language, segment.c.text)
        .outerjoin(translation, _made_of(segment.c.record_id, segment.c.position, target))
        .where(segment.c.language.not_in(foreign), translation.c.text.is_(None), segment.c.record_id.in_(waiting))
    )
    titles = (
        select(record.c.id, literal(TITLE), record.c.title_language, record.c.title)
        .outerjoin(translation, _made_of(record.c.id, literal(TITLE), target))
        .where(record.c.title_language.not_in(foreign), translation.c.text.is_(None), record.c.id.in_(waiting))
    )
    return union_all(parts, titles).subquery()


def _made(target: str) -> Subquery:
    """Segments and titles that have a translation, and what made it."""
    parts = select(
        segment.c.record_id, segment.c.position, segment.c.language, segment.c.text, translation.c.model
    ).join(translation, _made_of(segment.c.record_id, segment.c.position, target))
    titles = select(record.c.id, literal(TITLE), record.c.title_language, record.c.title, translation.c.model).join(
        translation, _made_of(record.c.id, literal(TITLE), target)
    )
    return union_all(parts, titles).subquery()


def _untranslated(row: Row[Any]) -> Untranslated:
    return Untranslated(record_id=row.record_id, position=row.position, language=row.language, text=row.text)


def _made_of(record_id: ColumnElement[str], position: ColumnElement[int], target: str) -> ColumnElement[bool]:
    return and_(
        translation.c.record_id == record_id, translation.c.position == position, translation.c.target == target
    )


def _met_by(runs: Sequence[str]) -> Select[Any]:
    return select(outcome.c.record_id).where(outcome.c.run_id.in_(runs), outcome.c.record_id.is_not(None))


def _open_states(tx: Connection, ids: Sequence[UrlKey], target: str) -> None:
    """Mark records as waiting, whatever their state was: what they need is worked out from there."""
    upsert(tx, translation_state, [{"record_id": key, "target": target, "status": PENDING} for key in ids])


def _undetermined(tx: Connection, ids: Sequence[str]) -> Counter[str]:
    """Those of these records whose main language cannot be told, once each; a stray line in no language is no lack."""
    query = select(record.c.id).where(record.c.id.in_(ids), record.c.language == UNDETERMINED)
    return Counter(tx.execute(query).scalars())
