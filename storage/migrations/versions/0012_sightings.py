"""The captures of a record are told apart, and their times put them in order; earlier versions are kept whole.

Revision ID: 0012
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_NEW = ("captured_at", "body_sha256")
_RECORD = sa.table(
    "record",
    *(sa.column(name, sa.Text) for name in ("id", "fetched_at", "text_sha256", "run_id", *_NEW)),
    sa.column("revision", sa.Integer),
    sa.column("provenance", sa.JSON),
)
_OLD = sa.table(
    "revision",
    *(sa.column(name, sa.Text) for name in ("record_id", "title", "text", "modified_at", "fetched_at")),
    sa.column("revision", sa.Integer),
    sa.column("provenance", sa.JSON),
)
_URL = sa.table("url", *(sa.column(name, sa.Text) for name in ("key", "record_id", "text_sha256")))


def upgrade() -> None:
    """Make a capture of every record and of every revision, and drop the revisions."""
    texts = ("record_id", "captured_at", "body_sha256", "address", "state", "wording", "as_read", "run_id")
    made = op.create_table(
        "sighting",
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        *(sa.Column(name, sa.Text()) for name in ("repeats", "change")),
        *(sa.Column(name, sa.JSON(none_as_null=True)) for name in ("provenance", "content")),
        sa.Column("number", sa.Integer()),
        sa.PrimaryKeyConstraint("record_id", "captured_at", "body_sha256"),
    )
    op.create_index("sighting_address", "sighting", ["address", "captured_at"])
    for name in _NEW:
        op.add_column("record", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    place: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in (*_NEW, "revision")}
    placed = sa.update(_RECORD).where(_RECORD.c.id == sa.bindparam("key")).values(**place)
    for portion in _portions(connection):
        op.bulk_insert(made, portion)
        shown = [row for row in portion if row["content"] is None]
        names = {"key": "record_id", "new_captured_at": "captured_at", "new_body_sha256": "body_sha256"}
        names |= {"new_revision": "number"}
        connection.execute(placed, [{name: row[column] for name, column in names.items()} for row in shown])
    op.drop_table("revision")
    for statement in _marks(connection.dialect.name):
        op.execute(statement)


def _portions(connection: sa.Connection) -> Iterator[list[dict[str, Any]]]:
    """The captures of some hundred records at a time."""
    after = ""
    while True:
        query = sa.select(_RECORD).where(_RECORD.c.id > after).order_by(_RECORD.c.id).limit(_AT_ONCE)
        records = connection.execute(query).all()
        if not records:
            return
        ids = [row.id for row in records]
        read: dict[str, tuple[str, str]] = {}
        for key, record_id, sha in connection.execute(sa.select(_URL).where(_URL.c.record_id.in_(ids))):
            if record_id not in read or key == record_id:
                read[record_id] = (key, sha or "")
        before: dict[str, list[Any]] = {}
        for row in connection.execute(sa.select(_OLD).where(_OLD.c.record_id.in_(ids)).order_by(_OLD.c.revision)):
            before.setdefault(row.record_id, []).append(row)
        yield [
            one for row in records for one in _captures(row, before.get(row.id, []), *read.get(row.id, (row.id, "")))
        ]
        after = ids[-1]


def _captures(record: Any, revisions: list[Any], address: str, as_read: str) -> list[dict[str, Any]]:  # noqa: ANN401
    """The captures of a record by their times. A revision that was another reading of one capture is no version."""
    found = {}
    for row in revisions:
        values = {name: getattr(row, name) for name in ("title", "text", "modified_at", "fetched_at", "provenance")}
        wording = hashlib.sha256(f"{row.title or ''}\n\n{row.text}".encode()).hexdigest()
        run_id = row.provenance.get("run_id", record.run_id)
        one = _capture(record.id, row, address, wording, wording, run_id)
        found[one["captured_at"], one["body_sha256"]] = one | {"content": values}
    one = _capture(record.id, record, address, record.text_sha256, as_read or record.text_sha256, record.run_id)
    found[one["captured_at"], one["body_sha256"]] = one
    return [found[key] | {"number": number} for number, key in enumerate(sorted(found), 1)]


def _capture(key: str, row: Any, address: str, wording: str, as_read: str, run_id: str) -> dict[str, Any]:  # noqa: ANN401
    at = datetime.fromisoformat(row.fetched_at)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return {
        "record_id": key,
        "captured_at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "body_sha256": row.provenance.get("body_sha256") or wording,
        "address": address,
        "state": "text",
        "wording": wording,
        "as_read": as_read,
        "repeats": None,
        "provenance": row.provenance,
        "run_id": run_id,
        "change": None,
        "content": None,
    }


def _marks(dialect: str) -> list[str]:
    """Triggers that note in `mark` of which records the versions have changed (see storage/changes.py)."""
    if dialect == "postgresql":
        function = """
            CREATE FUNCTION mark_sighting() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO mark (id, record_id)
                SELECT gen_random_uuid()::text, key
                FROM (SELECT DISTINCT record_id AS key FROM touched WHERE number IS NOT NULL) AS one
                WHERE NOT EXISTS (
                    SELECT 1 FROM mark WHERE record_id = one.key AND xmin = pg_current_xact_id()::xid
                );
                RETURN NULL;
            END $$
            """
        return [
            function,
            *(
                f"CREATE TRIGGER sighting_{event.lower()}_mark AFTER {event} ON sighting "
                f"REFERENCING {rows} TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION mark_sighting()"
                for event, rows in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
            ),
        ]
    return [
        f"CREATE TRIGGER sighting_{event.lower()}_mark AFTER {event} ON sighting "  # noqa: S608
        f"WHEN {row}.number IS NOT NULL AND NOT EXISTS (SELECT 1 FROM mark WHERE record_id = {row}.record_id) "
        f"BEGIN INSERT INTO mark (id, record_id) VALUES (hex(randomblob(16)), {row}.record_id); END"
        for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
    ]
