"""A list of a page as CSV or JSON: the same rows that the page shows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from storage.export.table import cell

KINDS = ("csv", "json")


def download(rows: Sequence[Mapping[str, Any]], kind: str, name: str) -> Response:
    """The answer with a file of these rows; `kind` is one of `KINDS`."""
    headers = {"Content-Disposition": f'attachment; filename="newsmill-{name}.{kind}"'}
    if kind == "json":
        said = json.dumps([dict(one) for one in rows], ensure_ascii=False)
        return Response(said, media_type="application/json", headers=headers)
    file = io.StringIO()
    table = csv.writer(file)
    if rows:
        table.writerow(rows[0])
    for one in rows:
        table.writerow(cell(value) for value in one.values())
    return Response(file.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)
