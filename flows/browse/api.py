"""`/api`: the same database for programs, as JSON, described by OpenAPI at `/api/openapi.json` (FastAPI only here)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from flows.answers import Asked, NotFoundError
from ingest.errors import InputError, StorageError
from ingest.model import Only
from storage.search import within
from storage.selection import Selection

_DAY = r"^\d{4}-\d{2}-\d{2}$"
_Language = Annotated[str | None, Query(description="Only records in this language; zh is zh-Hans and zh-Hant.")]
_Source = Annotated[str | None, Query(description="Only records of this source.")]
_First = Annotated[str | None, Query(alias="from", pattern=_DAY, description="Only records published then or later.")]
_Last = Annotated[str | None, Query(alias="to", pattern=_DAY, description="Only records published then or earlier.")]
_Originals = Annotated[bool, Query(description="Only records whose original is no other one.")]

_Run = Annotated[str | None, Query(description="Only records that this run stored.")]
_Only = Annotated[Only | None, Query(description="Only duplicates, what awaits translation, or what is not sure.")]
_Author = Annotated[str | None, Query(description="Only records by this author, in any case.")]


def _filters(
    language: _Language = None,
    source: _Source = None,
    first_day: _First = None,
    last_day: _Last = None,
    originals: _Originals = False,
) -> Selection:
    return Selection(
        language=_text(language),
        source=_text(source),
        first_day=first_day,
        last_day=last_day,
        canonical_only=originals,
    )


def _narrowed(
    request: Request,
    filtered: Annotated[Selection, Depends(_filters)],
    run: _Run = None,
    only: _Only = None,
    author: _Author = None,
) -> Selection:
    chosen = replace(filtered, run_id=_text(run), author=_text(author))
    return chosen.only(only, request.app.state.target)


Filters = Annotated[Selection, Depends(_narrowed)]


def make_api(asked: Asked) -> FastAPI:
    """The API over a database. It has no page of its own: those of FastAPI load scripts from elsewhere."""
    api = FastAPI(
        title="newsmill",
        summary="Records, search, duplicates and history of a newsmill database, for reading only.",
        description="A record is described in docs/record.md and docs/record.schema.json (newsmill/record@2).",
        version="2",
        docs_url=None,
        redoc_url=None,
    )
    api.state.target = asked.target
    for error in (InputError, StorageError, HTTPException, RequestValidationError):
        api.add_exception_handler(error, _refused)
    _add_records(api, asked)
    _add_search(api, asked)
    _add_duplicates(api, asked)
    _add_history(api, asked)
    _add_runs(api, asked)
    return api


def _add_records(api: FastAPI, asked: Asked) -> None:
    @api.get("/records", summary="Records that are new or have changed, in the order of their changes.")
    def records(
        chosen: Filters,
        cursor: Annotated[str, Query(description="Of the last answer or of an export; 0 for all.")] = "0",
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> Response:
        """`more` says whether there is a next portion; `cursor` is for it, and later for what is new by then."""
        return _json(asked.records(chosen, cursor, limit))

    @api.get("/records/{key}", summary="One record.", responses={404: {"description": "There is none."}})
    def record(
        key: str, residue: Annotated[bool, Query(description="With what was taken out of its text.")] = False
    ) -> Response:
        """The key is an id, or the first six digits of one or more."""
        return _json(asked.record(key, residue=residue))


def _add_search(api: FastAPI, asked: Asked) -> None:
    @api.get("/search", summary="Records by their words, the best match first.")
    def search(
        chosen: Filters,
        q: Annotated[str, Query(description='Words, "phrases", OR, -without, begin*; see docs/search.md.')],
        limit: Annotated[int, Query(ge=1, le=100)] = 10,
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
        every: Annotated[bool, Query(alias="all", description="With duplicates, each behind its original.")] = False,
    ) -> Response:
        """`stories` and `records` are how many there are, with duplicates folded and without."""
        return _json(asked.search(q, within(chosen), limit=limit, page=page, folded=not every))


def _add_duplicates(api: FastAPI, asked: Asked) -> None:
    @api.get("/clusters", summary="Clusters of duplicates, by name.")
    def clusters(
        after: Annotated[str, Query(description="Of the last answer.", max_length=200)] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> Response:
        """`after` is for the next portion, null behind the last; `total` is how many clusters there are."""
        return _json(asked.clusters(_text(after) or "", limit))

    @api.get(
        "/records/{key}/duplicates",
        summary="The cluster of a record, and its links to others.",
        responses={404: {"description": "There is no such record."}},
    )
    def duplicates(key: str) -> Response:
        """`cluster` is null where a record has no duplicates."""
        return _json(asked.duplicates(key))


def _add_history(api: FastAPI, asked: Asked) -> None:
    @api.get(
        "/history/{key}",
        summary="The versions of a record.",
        responses={404: {"description": "There is no such record."}},
    )
    def history(
        key: str,
        diff: Annotated[bool, Query(description="With the sentences that differ from the version before.")] = False,
    ) -> Response:
        """What an article said when, and what kind of change each version is; the text is null while it was gone."""
        return _json(asked.history(key, diff=diff))


def _add_runs(api: FastAPI, asked: Asked) -> None:
    @api.get("/runs/{run}", summary="How far a run is.", responses={404: {"description": "There is none."}})
    def run(run: str) -> Response:
        """`status` is running, finished or interrupted; `left` is how many URLs have no outcome yet."""
        return _json(asked.run(run.replace("\0", "")))


def _json(answer: dict[str, Any]) -> Response:
    return Response(json.dumps(answer, ensure_ascii=False), media_type="application/json")


def _text(given: str | None) -> str | None:
    """No database takes a NUL, and PostgreSQL says so by an error."""
    return given.replace("\0", "") if given else None


def _refused(_request: Request, error: Exception) -> Response:
    """Every error in one shape: `{"detail": "one line"}`."""
    if isinstance(error, HTTPException):
        return JSONResponse({"detail": error.detail}, error.status_code, error.headers)
    if isinstance(error, RequestValidationError):
        said = "; ".join(f"{one['loc'][-1]}: {one['msg']}" for one in error.errors())
        return JSONResponse({"detail": said}, 400)
    status = 404 if isinstance(error, NotFoundError) else 503 if isinstance(error, StorageError) else 400
    return JSONResponse({"detail": str(error)}, status)
