"""Which records: what exports and lists choose by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, Select, exists, func, literal, or_, select

from ingest.model import LOW, Only, Use
from storage.authors import has_author
from storage.runs import stored_ids
from storage.tables import change, duplicate, record, translation_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Those records that meet all that is given.

    `first_day` and `last_day` are of the publication as the page dates it, YYYY-MM-DD, both included. `licence` is part
    of what the page says, in any case. `min_confidence` is of the text; a record whose confidence nobody could tell is
    not below it. `permitted_for` is a use for which nothing is reserved. `since` is the cursor of an earlier export:
    what is new or has changed after it. With `versions` come also the earlier versions of each. `run_id` is of the run
    that stored them, `duplicates_only` leaves out what is the original of its cluster or alone, `unsure_only` all but
    those of whose text little is sure, and `pending` is a language into which they wait to be translated. `author` is a
    name among the authors, in any case.
    """

    canonical_only: bool = False
    language: str | None = None
    source: str | None = None
    first_day: str | None = None
    last_day: str | None = None
    licence: str | None = None
    since: int | None = None
    min_confidence: float | None = None
    run_id: str | None = None
    duplicates_only: bool = False
    unsure_only: bool = False
    pending: str | None = None
    author: str | None = None
    permitted_for: Use | None = None
    versions: bool = False

    def only(self, which: Only | None, target: str) -> Selection:
        """These narrowed to duplicates, to what awaits translation into `target`, or to what is not sure."""
        return replace(
            self,
            duplicates_only=which is Only.DUPLICATES,
            pending=target if which is Only.PENDING else None,
            unsure_only=which is Only.UNSURE,
        )


EVERYTHING = Selection()


def selected_ids(selection: Selection) -> Select[tuple[str]]:
    """The ids of the selected records, in no order.

    The index `record_newest` alone answers for language, source, days and unsure texts: records are long.
    """
    return select(record.c.id).where(*_conditions(selection))


def shown_source() -> ColumnElement[str]:
    """What people see as the source of a record: its publisher where it has none."""
    return func.coalesce(record.c.source, record.c.publisher, literal("files"))


def filter_values(tx: Connection) -> dict[str, list[str]]:
    """What there is to filter by: the sources as they are shown, and the languages, the commonest first."""
    columns = {"source": shown_source(), "language": record.c.language}
    return {
        name: list(tx.execute(select(column).group_by(column).order_by(func.count().desc(), column)).scalars())
        for name, column in columns.items()
    }


def _related(selection: Selection) -> Iterator[ColumnElement[bool]]:
    """What other tables say of a record."""
    known, state = record.c, translation_state.c
    copy = exists().where(duplicate.c.record_id == known.id, duplicate.c.is_canonical.is_(False))
    if selection.canonical_only:
        yield ~copy
    if selection.duplicates_only:
        yield copy
    if selection.run_id is not None:
        yield known.id.in_(stored_ids(selection.run_id))
    if selection.pending is not None:
        waits = state.status == "pending"
        yield exists().where(state.record_id == known.id, state.target == selection.pending, waits)


def _conditions(selection: Selection) -> Iterator[ColumnElement[bool]]:
    known = record.c
    if selection.since is not None:
        yield known.id.in_(select(change.c.record_id).where(change.c.number > selection.since))
    yield from _related(selection)
    if selection.language is not None:
        # "zh" is zh-Hans and zh-Hant, "pt" also pt-BR (RFC 4647).
        yield or_(known.language == selection.language, known.language.like(f"{selection.language}-%"))
    if selection.source is not None:
        yield or_(known.source == selection.source, known.source.is_(None) & (shown_source() == selection.source))
    if selection.author is not None:
        yield has_author(selection.author)
    yield from _published(selection)
    if selection.min_confidence is not None:
        yield func.coalesce(known.text_confidence, 1.0) >= selection.min_confidence
    if selection.unsure_only:
        yield known.text_confidence < LOW
    for subject in selection.permitted_for.subjects if selection.permitted_for else ():
        yield ~known.reserved.contains(subject)
    if selection.licence is not None:
        yield func.lower(known.licence).contains(selection.licence.lower(), autoescape=True)


def _published(selection: Selection) -> Iterator[ColumnElement[bool]]:
    known = record.c
    if selection.first_day is not None or selection.last_day is not None:
        yield known.published_at.is_not(None)  # then it is what `dated` says
    if selection.first_day is not None:
        yield known.dated >= selection.first_day
    if selection.last_day is not None:
        yield known.dated < f"{selection.last_day}U"  # an instant goes on with T behind its day
