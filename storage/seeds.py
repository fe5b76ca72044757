"""Seeds in the state table: how far each URL came, and one outcome for each seed of a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from ingest.model import ArchivePointer, Page, Seed, Validators, Via
from ingest.outcome import Outcome, Rejection
from storage.store import chunks, insert
from storage.tables import outcome, run, url

# What an interrupted run did is not done again within this time; later, pages may have changed.
_FRESH = timedelta(hours=24)
# A server that says "not modified" is not believed for longer than this: some say so of everything.
_BELIEVED = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A seed of a run: its key in the state table, and where its response lies if it was fetched before.

    `validators` tell the response that was read from a newer one.
    """

    key: str
    seed: Seed
    archive: ArchivePointer | None = None
    validators: Validators | None = None


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


def inherit(tx: Connection, run_id: str, dead: Sequence[str]) -> tuple[Task, ...]:
    """Give this run the seeds of dead runs that have no outcome yet."""
    if not dead:
        return ()
    open_seeds = (url.c.run_id.in_(dead)) & (url.c.state != "done")
    tasks = tuple(_task(row) for row in tx.execute(select(url).where(open_seeds).order_by(url.c.key)))
    tx.execute(update(url).where(open_seeds).values(run_id=run_id))
    return tasks


def queued_keys(tx: Connection, dead: Sequence[str]) -> set[str]:
    """The seeds of dead runs of which no response is known."""
    query = select(url.c.key).where(url.c.run_id.in_(dead), url.c.state == "queued")
    return set(tx.execute(query).scalars())


def accept(tx: Connection, run_id: str, tasks: Sequence[Task], after: Sequence[str] = ()) -> tuple[Task, ...]:
    """Enter seeds into the state table as seeds of this run.

    Args:
        tx: the transaction.
        run_id: the run.
        tasks: the seeds, each key once.
        after: interrupted runs that this one goes on with: what they settled lately is not done again.

    Returns:
        The seeds that are to be done, in the order given; the others have their outcome already.
    """
    tx.execute(update(run).where(run.c.id == run_id).values(seeds=run.c.seeds + len(tasks)))
    settled = _settled_before(tx, after)
    for chunk in chunks(tasks):
        rows = [_row(run_id, task, "fetched" if task.archive else "queued") for task in chunk]
        statement = insert(tx, url)
        changed: dict[str, Any] = {name: statement.excluded[name] for name in rows[0] if name not in ("key", *_PLACE)}
        # Where an earlier response lies stays known until there is a newer one.
        changed |= {name: func.coalesce(statement.excluded[name], url.c[name]) for name in _PLACE}
        tx.execute(statement.on_conflict_do_update(index_elements=[url.c.key], set_=changed), rows)
    done = [(task.key, *settled[task.key]) for task in tasks if task.key in settled]
    for key, kind, stage, reason, detail, record_id in done:
        tx.execute(
            outcome.insert().values(
                run_id=run_id, key=key, outcome=kind, stage=stage, reason=reason, detail=detail, record_id=record_id
            )
        )
        tx.execute(update(url).where(url.c.key == key).values(state="done", record_id=record_id))
    return tuple(task for task in tasks if task.key not in settled)


def mark_fetched(tx: Connection, pages: Iterable[tuple[str, Page]]) -> None:
    """The raw responses of these seeds are in the archive."""
    rows = [
        {"seed": key, "file": page.archive.file, "place": page.archive.offset, "at": page.fetched_at.isoformat()}
        for key, page in pages
        if page.archive is not None
    ]
    if rows:
        fetched = update(url).where(url.c.key == bindparam("seed")).values(state="fetched")
        place = fetched.values(archive_file=bindparam("file"), archive_offset=bindparam("place"))
        tx.execute(place.values(fetched_at=bindparam("at")), rows)


def settle(tx: Connection, run_id: str, settled: Sequence[Settled]) -> None:
    """Give seeds their outcome in this run. Idempotent: the last word counts."""
    now = datetime.now(UTC).isoformat()
    for chunk in chunks(settled):
        rows = [{"run_id": run_id, "key": one.key, **_outcome(one)} for one in chunk]
        statement = insert(tx, outcome)
        changed = {name: statement.excluded[name] for name in rows[0] if name not in ("run_id", "key")}
        tx.execute(statement.on_conflict_do_update(index_elements=["run_id", "key"], set_=changed), rows)
        done = update(url).where(url.c.key == bindparam("seed")).values(state="done")
        tx.execute(done, [{"seed": one.key} for one in chunk])
        # What was rejected must be asked for in full the next time: the record, if any, is of an older response.
        heard = [_heard(one, now) for one in chunk if one.unmodified is None]
        if heard:
            tx.execute(done.values({name: bindparam(f"new_{name}") for name in _VALIDATORS}), heard)
        # A server that sent the same bytes again has answered in full.
        same = [{"seed": one.key} for one in chunk if one.unmodified == "same body"]
        if same:
            tx.execute(done.values(full_at=now), same)
        gave = [
            {"seed": one.key, "gave": one.record_id, "sha": one.text_sha256 or ""}
            for one in chunk
            if one.record_id is not None and one.unmodified is None
        ]
        if gave:
            tx.execute(done.values(record_id=bindparam("gave"), text_sha256=bindparam("sha")), gave)


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
    return tuple(_task(row) for row in tx.execute(query))


def archived_tasks(tx: Connection, *, since: datetime | None, sources: Sequence[str] | None = None) -> tuple[Task, ...]:
    """Seeds whose newest response lies in an archive, to be read from there; those fetched since, if wanted."""
    query = select(url).where(url.c.state == "done", url.c.archive_file.is_not(None)).order_by(url.c.key)
    if since is not None:
        query = query.where(url.c.fetched_at >= since.astimezone(UTC).isoformat())
    if sources is not None:
        query = query.where(url.c.source.in_(sources))
    return tuple(_task(row, archived=True) for row in tx.execute(query))


def _settled_before(tx: Connection, runs: Sequence[str]) -> dict[str, tuple[str | None, ...]]:
    fresh = (datetime.now(UTC) - _FRESH).isoformat()
    query = (
        select(outcome)
        .join(run, run.c.id == outcome.c.run_id)
        .where(run.c.id.in_(runs), run.c.started_at > fresh, outcome.c.outcome != Outcome.FAILED)
        .order_by(run.c.started_at)
    )
    return {
        row.key: (
            Outcome.UNCHANGED if row.outcome == Outcome.STORED else row.outcome,
            row.stage,
            row.reason,
            row.detail,
            row.record_id,
        )
        for row in tx.execute(query)
    }


_PLACE = ("archive_file", "archive_offset")
_VALIDATORS = ("etag", "last_modified", "body_sha256", "full_at")


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


def _row(run_id: str, task: Task, state: str) -> dict[str, object]:
    seed = task.seed
    return {
        "key": task.key,
        "url": seed.url,
        "source": seed.source,
        "language": seed.language,
        "via": seed.via,
        "feed_title": seed.title,
        "feed_published_at": seed.published_at.isoformat() if seed.published_at else None,
        "state": state,
        "run_id": run_id,
        "archive_file": task.archive.file if task.archive else None,
        "archive_offset": task.archive.offset if task.archive else None,
    }


def _task(row: Row[Any], *, archived: bool | None = None) -> Task:
    """The seed in a row; with its place in the archive if its newest response is known to be there."""
    fields = row._mapping
    published = fields["feed_published_at"]
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
    )
