"""What a database holds, without what differs between two runs that did the same: ids of runs, times, places."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

_QUERIES = {
    "records": "SELECT id, url, title, title_language, language, languages, text, text_sha256, attribution, citations,"
    " residue, flags, revision, published_at FROM record",
    "segments": "SELECT record_id, position, text, language, confidence, role FROM segment",
    "translations": "SELECT record_id, target, position, text, model FROM translation",
    "states": "SELECT record_id, target, status FROM translation_state",
    "fingerprints": "SELECT record_id, side, language, exact, tokens, version FROM fingerprint",
    "anchors": "SELECT key, record_id, side FROM anchor JOIN fingerprint ON id = text_id",
    "lines": "SELECT key, record_id, side FROM line JOIN fingerprint ON id = text_id",
    "links": "SELECT a, b, relation, round(score, 6), side_a, side_b, spans FROM link",
    "duplicates": "SELECT record_id, cluster, canonical_id, is_canonical, relation, round(score, 4) FROM duplicate",
    "revisions": "SELECT record_id, revision, title, text FROM revision",
    "memory": "SELECT key, text FROM memory",
    "urls": "SELECT key, url, state, record_id, text_sha256 FROM url",
}


def snapshot(database: Path) -> dict[str, list[Any]]:
    """Every table that a run fills, as sorted rows."""
    connection = sqlite3.connect(database)
    try:
        found = {name: sorted(map(json.dumps, connection.execute(query))) for name, query in _QUERIES.items()}
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        connection.close()
    return found


def progress(database: Path) -> tuple[int, int]:
    """How many addresses a run has accepted, and how many of them are done."""
    if not database.exists():
        return 0, 0
    connection = sqlite3.connect(database)
    try:
        row = connection.execute("SELECT count(*), coalesce(sum(state = 'done'), 0) FROM url").fetchone()
    except sqlite3.OperationalError:  # killed before the tables were there
        return 0, 0
    finally:
        connection.close()
    return int(row[0]), int(row[1])
