"""Seeds in the state table: how far each URL came, and one outcome for each seed of a run.

A seed that has no outcome yet stands in the queue of its run (`storage.queue`). Where one URL stands in several queues,
it is done once, and each of the runs gets the outcome.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, func, select, update

from ingest.model import ArchivePointer, Page, Seed, Validators, Via
from ingest.outcome import Outcome, Reason, Rejection
from storage.captures import Capture
from storage.readings import Reading
from storage.store import chunks, upsert
from storage.tables import outcome, queue, run, url

# A server that says "not modified" is not believed for longer than this: some say so of everything.
_BELIEVED = timedelta(days=7)
_MOST_FILES = 2_000
_VALIDATORS = ("etag", "last_modified", "body_sha256", "full_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A seed of a run: its key in the state table, and where its response lies if it was fetched before.

    `captured_at` is when what is there was captured, where that is known beforehand. `validators` tell the response
    that was read from a newer one. `site` is whom fetching it means to ask, empty where nobody is asked. `reading` is
    what is read now: what it comes to is not known yet.
    """

    key: str
    seed: Seed
    archive: ArchivePointer | None = None
    captured_at: datetime | None = None
    validators: Validators | None = None
    site: str = ""
    reading: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A seed's outcome.

    `text_sha256` is of the clean text that the URL gave; `validators` tell that response from a newer one. Of a seed
    that was not modified (`unmodified` says how that was told) the state table keeps both as they are.
    """

    key: str
    outcome: Outcome
    record_id: str | None = None
    text_sha256: str | None = None
    validators: Validators | None = None
    rejection: Rejection | None = None
    unmodified: str | None = None


def mark_fetched(tx: Connection, pages: Iterable[tuple[str, Page]]) -> None:
    """The raw responses of these seeds are in the archive."""
    rows = [
        {"seed": key, "file": page.archive.file, "place": page.archive.offset, "at": page.fetched_at.isoformat()}
        for key, page in pages
        if page.archive is not None
    ]
    if rows:
        undone = (url.c.key == bindparam("seed")) & (url.c.state != "done")
        fetched = update(url).where(undone).values(state="fetched")
        place = fetched.values(archive_file=bindparam("file"), archive_offset=bindparam("place"))
        tx.execute(place.values(fetched_at=bindparam("at")), rows)


def settle(tx: Connection, run_id: str, settled: Sequence[Settled]) -> set[str]:
    """Give seeds their outcome in this run, and in all others that wait for it. Idempotent: the last word counts.

    Returns:
        The runs that got an outcome.
    """
    now = datetime.now(UTC).isoformat()
    served: set[str] = set()
    for chunk in chunks(settled):
        waiting = _waiting(tx, [one.key for one in chunk])
        rows = [row for one in chunk for row in _outcomes(one, run_id, waiting[one.key])]
        served |= {str(row["run_id"]) for row in rows}
        upsert(tx, outcome, rows)
        tx.execute(delete(queue).where(queue.c.key.in_([one.key for one in chunk])))
        _close(tx, chunk, now)
    return served


def last_text(tx: Connection, keys: Sequence[str]) -> dict[str, tuple[str, str]]:
    """What each URL gave when it was last stored: {key: (record id, SHA-256 of its clean text)}."""
    found: dict[str, tuple[str, str]] = {}
    for chunk in chunks(keys):
        query = select(url.c.key, url.c.record_id, url.c.text_sha256).where(
            url.c.key.in_(chunk), url.c.record_id.is_not(None)
        )
        found.update((key, (record_id, text or "")) for key, record_id, text in tx.execute(query))
    return found


def validators_of(tx: Connection, keys: Sequence[str]) -> dict[str, Validators]:
    """What tells whether the responses that gave these URLs' records are still the newest.

    Where the last full answer is a week old only the hash of its body, so that the server has to answer in full.
    """
    found: dict[str, Validators] = {}
    for chunk in chunks(keys):
        query = select(url).where(url.c.key.in_(chunk), url.c.record_id.is_not(None), url.c.body_sha256.is_not(None))
        found |= {row.key: validators_in(row) for row in tx.execute(query)}
    return found


def validators_in(row: Row[Any]) -> Validators:
    """The validators in a row of the state table or of `listing`, as far as they are to be believed."""
    believed = row.full_at is not None and datetime.now(UTC) - datetime.fromisoformat(row.full_at) < _BELIEVED
    return Validators(
        etag=row.etag if believed else None,
        last_modified=row.last_modified if believed else None,
        body_sha256=row.body_sha256,
    )


def failed_tasks(
    tx: Connection, *, sources: Sequence[str] | None = None, since: datetime | None = None
) -> tuple[Task, ...]:
    """Seeds whose newest outcome is `failed`: a retry may help.

    Args:
        tx: the connection.
        sources: only seeds of these sources.
        since: only seeds that failed in a run that started later.
    """
    known = select(outcome.c.key, outcome.c.outcome, run.c.started_at)
    tried = known.join(run, run.c.id == outcome.c.run_id).subquery()
    newest = select(tried.c.key, func.max(tried.c.started_at).label("at")).group_by(tried.c.key).subquery()
    query = (
        select(url)
        .join(newest, newest.c.key == url.c.key)
        .join(tried, (tried.c.key == newest.c.key) & (tried.c.started_at == newest.c.at))
        .where(tried.c.outcome == Outcome.FAILED)
        .order_by(url.c.key)
    )
    if sources is not None:
        query = query.where(url.c.source.in_(sources))
    if since is not None:
        query = query.where(tried.c.started_at > since.isoformat())
    return tuple(task_in(row) for row in tx.execute(query))


def poisoned(tx: Connection, *where: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """The newest outcomes of seeds, where these say that they were set aside as poison."""
    query = select(outcome, run.c.started_at).join(run, run.c.id == outcome.c.run_id)
    met = select(outcome.c.key).where(outcome.c.reason == Reason.POISON, *where)
    newest: dict[str, Row[Any]] = {}
    for row in tx.execute(query.where(outcome.c.key.in_(met)).order_by(run.c.started_at)):
        newest[row.key] = row
    return [row for row in newest.values() if row.reason == Reason.POISON]


def poisoned_tasks(tx: Connection) -> tuple[Task, ...]:
    """The seeds that were set aside as poison, by key."""
    keys = sorted(row.key for row in poisoned(tx))
    rows = [row for chunk in chunks(keys) for row in tx.execute(select(url).where(url.c.key.in_(chunk)))]
    return tuple(task_in(row, archived=True) for row in rows)


def archived_tasks(tx: Connection, *, since: datetime | None, sources: Sequence[str] | None = None) -> tuple[Task, ...]:
    """Seeds whose newest response lies in an archive, to be read from there; those fetched since, if wanted."""
    query = select(url).where(url.c.state == "done", url.c.archive_file.is_not(None)).order_by(url.c.key)
    if since is not None:
        query = query.where(url.c.fetched_at >= since.astimezone(UTC).isoformat())
    if sources is not None:
        query = query.where(url.c.source.in_(sources))
    return tuple(task_in(row, archived=True) for row in tx.execute(query))


def local_captures(tx: Connection, addresses: Collection[str]) -> dict[str, list[Capture]]:
    """The pages in WARC files given to runs that these addresses gave, by address."""
    found: dict[str, list[Capture]] = {}
    columns = (url.c.url, url.c.fetched_at, url.c.archive_file, url.c.archive_offset)
    in_files = select(*columns).where(url.c.via == Via.WARC, url.c.archive_file.is_not(None))
    for chunk in chunks(sorted(addresses)):
        for address, at, file, offset in tx.execute(in_files.where(url.c.url.in_(chunk))):
            place = ArchivePointer(file=file, offset=offset)
            found.setdefault(address, []).append(Capture(at=datetime.fromisoformat(at), place=place))
    return found


def files_in(tx: Connection, folder: str) -> tuple[Task, ...]:
    """The local files of a folder (its file: URI, with a slash at its end) that were given to runs."""
    inside = select(url).where(url.c.via == Via.FILE, url.c.url.startswith(folder, autoescape=True)).order_by(url.c.url)
    return tuple(task_in(row, archived=row.archive_file is not None) for row in tx.execute(inside.limit(_MOST_FILES)))


def _close(tx: Connection, settled: Sequence[Settled], now: str) -> None:
    """Note in the state table that seeds are done, what they gave, and what tells their responses from newer ones."""
    done = update(url).where(url.c.key == bindparam("seed")).values(state="done", settled_at=now)
    tx.execute(done, [{"seed": one.key} for one in settled])
    # What was rejected must be asked for in full the next time: the record, if any, is of an older response.
    heard = [_heard(one, now) for one in settled if one.unmodified is None]
    if heard:
        tx.execute(done.values({name: bindparam(f"new_{name}") for name in _VALIDATORS}), heard)
    # A server that sent the same bytes again has answered in full.
    same = [{"seed": one.key} for one in settled if one.unmodified == "same body"]
    if same:
        tx.execute(done.values(full_at=now), same)
    gave = [
        {"seed": one.key, "gave": one.record_id, "sha": one.text_sha256 or ""}
        for one in settled
        if one.record_id is not None and one.unmodified is None
    ]
    if gave:
        tx.execute(done.values(record_id=bindparam("gave"), text_sha256=bindparam("sha")), gave)


def _waiting(tx: Connection, keys: Sequence[str]) -> Mapping[str, list[str]]:
    """The runs that wait for the outcomes of these seeds, by key."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    query = select(queue.c.key, queue.c.run_id).where(queue.c.key.in_(keys)).order_by(queue.c.run_id)
    for key, run_id in tx.execute(query):
        found[key].append(run_id)
    return found


def _outcomes(one: Settled, run_id: str, waiting: Sequence[str]) -> list[dict[str, object]]:
    """The rows of a seed's outcome: one run has stored what for the others is unchanged."""
    first = run_id if run_id in waiting or not waiting else waiting[0]
    values = {"key": one.key, **_outcome(one)}
    others = {**values, "outcome": seen_again(one.outcome)}
    return [{"run_id": first, **values}, *({"run_id": other, **others} for other in waiting if other != first)]


def seen_again(kind: str) -> str:
    """The outcome for another run that wanted the same: what one has stored is unchanged for the next."""
    return Outcome.UNCHANGED if kind == Outcome.STORED else kind


def _outcome(one: Settled) -> dict[str, object]:
    why = one.rejection
    return {
        "outcome": one.outcome,
        "record_id": one.record_id,
        "stage": why.stage if why else None,
        "reason": why.reason if why else ("not_modified" if one.unmodified else None),
        "detail": why.detail if why else one.unmodified,
    }


def _heard(one: Settled, now: str) -> dict[str, str | None]:
    known = one.validators or Validators()
    values = (known.etag, known.last_modified, known.body_sha256, now if one.validators else None)
    return {"seed": one.key, **dict(zip((f"new_{name}" for name in _VALIDATORS), values, strict=True))}


def task_in(row: Row[Any], *, archived: bool | None = None) -> Task:
    """The seed in a row; with its place in the archive if its newest response is known to be there."""
    fields = row._mapping
    published = fields["feed_published_at"]
    captured = fields["fetched_at"] if fields["via"] == Via.WARC else None
    there = (fields["state"] == "fetched" if archived is None else archived) and fields["archive_file"] is not None
    return Task(
        key=fields["key"],
        seed=Seed(
            url=fields["url"],
            source=fields["source"],
            language=fields["language"],
            via=Via(fields["via"]),
            title=fields["feed_title"],
            published_at=datetime.fromisoformat(published) if published else None,
        ),
        archive=ArchivePointer(file=fields["archive_file"], offset=fields["archive_offset"]) if there else None,
        captured_at=datetime.fromisoformat(captured) if captured and there else None,
    )
