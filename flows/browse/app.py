"""The pages and their addresses; who may ask for them, and what a browser may do with them (Starlette only here).

The pages show what strangers wrote. Four things keep that harmless: templates escape everything, the content security
policy lets nothing run or load that is not ours, nothing can be asked but GET, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from flows.answers import Asked
from flows.asgi import HEADERS, hostname, with_headers
from flows.browse import article, beside, copying, history, lists, night, outlets, overview, render
from flows.browse.api import make_api
from flows.browse.downloads import KINDS, download
from flows.browse.metrics import metrics
from flows.browse.site import Site
from ingest.errors import StorageError
from storage.browse import listing
from storage.browse.health import read_health
from storage.store import Transaction
from storage.views import find_by_id

_STATIC = Path(__file__).parent / "static"
_METHODS = ("GET", "HEAD")
_HEADERS = HEADERS | {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    # Another record may stand at an address tomorrow, and what was read is nobody's business on a shared machine.
    "Cache-Control": "no-store",
}


def make_app(site: Site, hosts: frozenset[str] | None) -> ASGIApp:
    """The pages over a database.

    Args:
        site: the database, and how it is shown.
        hosts: the names by which the pages may be asked for, ``None`` for any. Bound to loopback they must be checked:
            else a page of another site, whose name leads here, could read ours (DNS rebinding).
    """
    pages = Starlette(
        routes=[
            Route("/", _night),
            Route("/runs", _run),
            Route("/runs/{run}", _run),
            Route("/runs/{run}/urls", _misfits),
            Route("/records", _records),
            Route("/records/{key}", _article),
            Route("/records/{key}/beside/{other}", _beside),
            Route("/records/{key}/history", _history),
            Route("/copying", _copying),
            Route("/copying/pairs", _pairs),
            Route("/sources", _sources),
            Route("/source", _source),
            Route("/author", _author),
            Route("/help", lambda request: _page(request, "help.html", {})),
            Route("/metrics", _metrics),
            Mount("/api", make_api(Asked(store=site.store, target=site.target))),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        exception_handlers={HTTPException: _failed, StorageError: _failed, Exception: _failed},
    )
    pages.state.site = site
    return _Guard(pages, hosts)


# The pages. None is a coroutine, so each request has a thread of its own to wait for the database in.


def _night(request: Request) -> Response:
    filters = night.read_filters(request.query_params)
    with _reading(request) as (tx, site):
        found = night.night(tx, site, filters)
        if found is None:
            raise HTTPException(404)
        kind = _file(request)
        if kind and found["run"]:
            stories = night.read_stories(tx, site, found["run"].id, filters, whole=True)
            return download(night.rows(stories), kind, "stories")
        return _page(request, "night.html", found)


def _misfits(request: Request) -> Response:
    with _reading(request) as (tx, _):
        asked = {name: _parameter(request.query_params, name) for name in ("outcome", "reason", "source", "page")}
        kind = _file(request)
        found = overview.misfits(tx, request.path_params["run"].replace("\0", ""), **asked, whole=kind is not None)
        if found is None:
            raise HTTPException(404)
        if kind:
            return download([asdict(one) for one in found["misfits"]], kind, "urls")
        return _page(request, "misfits.html", found)


def _run(request: Request) -> Response:
    with _reading(request) as (tx, site):
        found = overview.run(tx, site, _parameter(request.path_params, "run"))
        if found is None:
            raise HTTPException(404)
        return _page(request, "run.html", found)


def _sources(request: Request) -> Response:
    with _reading(request) as (tx, site):
        found = overview.sources(tx, site)
        kind = _file(request)
        if kind:
            return download(overview.source_rows(found), kind, "sources")
        return _page(request, "sources.html", found)


def _source(request: Request) -> Response:
    with _reading(request) as (tx, _):
        found = outlets.source(tx, _parameter(request.query_params, "name") or "")
        if found is None:
            raise HTTPException(404)
        kind = _file(request)
        if kind:
            return download(outlets.night_rows(found), kind, "source")
        return _page(request, "source.html", found)


def _author(request: Request) -> Response:
    name = _parameter(request.query_params, "name") or ""
    with _reading(request) as (tx, site):
        found = outlets.author(tx, site, name)
        if found is None:
            raise HTTPException(404)
        kind = _file(request)
        if kind:
            return download(lists.all_rows(tx, site, lists.Form(author=name), None), kind, "author")
        return _page(request, "author.html", found)


def _records(request: Request) -> Response:
    form = lists.read_form(request.query_params)
    if kind := _file(request):
        ids = lists.found_by(request.app.state.site, form)
        with _reading(request) as (tx, site):
            return download(lists.all_rows(tx, site, form, ids), kind, "records")
    # Before this page takes a connection: many requests that hold one and wait for a second would wait for each other.
    answer = lists.search(request.app.state.site, form, _parameter(request.query_params, "page"))
    edges = {name: _parameter(request.query_params, name) for name in ("after", "before")}
    with _reading(request) as (tx, site):
        found = lists.records(tx, site, form, answer, **edges)
        return _page(request, "records.html", found)


def _article(request: Request) -> Response:
    with _reading(request) as (tx, site):
        key = _record(tx, request, "key")
        if key != request.path_params["key"]:
            return RedirectResponse(f"/records/{key}")
        return _page(request, "article.html", article.article(tx, site, key))


def _beside(request: Request) -> Response:
    with _reading(request) as (tx, site):
        key, other = _record(tx, request, "key"), _record(tx, request, "other")
        if key == other:
            return RedirectResponse(f"/records/{key}")
        return _page(request, "beside.html", beside.beside(tx, site, key, other))


def _history(request: Request) -> Response:
    with _reading(request) as (tx, _):
        key = _record(tx, request, "key")
        versions = (_parameter(request.query_params, "from"), _parameter(request.query_params, "to"))
        return _page(request, "history.html", history.history(tx, key, *versions))


def _copying(request: Request) -> Response:
    with _reading(request) as (tx, _):
        kind = _file(request)
        if kind:
            return download(copying.rows(copying.pairs(tx, None, None)["rows"]), kind, "copying")
        return _page(request, "copying.html", copying.matrix(tx))


def _pairs(request: Request) -> Response:
    with _reading(request) as (tx, _):
        giver, taker = (_parameter(request.query_params, name) for name in ("original", "outlet"))
        found = copying.pairs(tx, giver, taker)
        kind = _file(request)
        if kind:
            return download(copying.rows(found["rows"]), kind, "pairs")
        return _page(request, "pairs.html", found)


def _metrics(request: Request) -> Response:
    with _reading(request) as (tx, _):
        return metrics(read_health(tx))


def _failed(request: Request, error: Exception) -> Response:
    """A page that says what went wrong and where to go on; nothing of the inside but in the log."""
    status, said = 500, "This is a defect of newsmill: the terminal that it runs in shows more."
    if isinstance(error, HTTPException):
        status, said = error.status_code, "There is no such page. A record may have another id than you think."
    elif isinstance(error, StorageError):
        status, said = 503, str(error)
    name = HTTPStatus(status).phrase
    return _page(request, "error.html", {"status": status, "name": name, "said": said}, status)


@contextmanager
def _reading(request: Request) -> Iterator[tuple[Transaction, Site]]:
    site: Site = request.app.state.site
    with listing.snapshot(site.store) as tx:
        yield tx, site


def _page(request: Request, template: str, values: Mapping[str, Any], status: int = 200) -> Response:
    site: Site = request.app.state.site
    files = {kind: str(request.url.include_query_params(format=kind).replace(scheme="", netloc="")) for kind in KINDS}
    known = {
        "path": request.url.path,
        "files": files,
        "zone": site.zone,
        "zone_name": str(site.zone),
        "notice": site.notice,
    }
    return render.page(template, known | dict(values), status)


def _file(request: Request) -> str | None:
    """As which file a list is wanted, if it is."""
    kind = request.query_params.get("format")
    return kind if kind in KINDS else None


def _parameter(given: Mapping[str, str], name: str) -> str | None:
    """A part of the address; no database takes a NUL in it."""
    return given.get(name, "").replace("\0", "") or None


def _record(tx: Transaction, request: Request, name: str) -> str:
    """The id of the record that the address names by its beginning."""
    given: str = request.path_params[name]
    digits = 6 <= len(given) <= 64 and all(character in "0123456789abcdef" for character in given)
    found = find_by_id(tx, given) if digits else None
    if found is None:
        raise HTTPException(404)
    return found


class _Guard:
    """Lets only readings through, only under our names, and puts the headers on whatever is answered."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str] | None) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        app: ASGIApp = self._app
        if scope["method"] not in _METHODS:
            app = PlainTextResponse("These pages can only be read.\n", 405, {"Allow": ", ".join(_METHODS)})
        elif self._hosts is not None and hostname(Headers(scope=scope).get("host", "")) not in self._hosts:
            app = PlainTextResponse("These pages go by another name: use the address that newsmill printed.\n", 421)
        elif scope["method"] == "HEAD" and scope["path"].startswith("/api/"):
            scope = {**scope, "method": "GET"}  # FastAPI knows no HEAD; the server sends no body in answer to one
        await app(scope, receive, with_headers(send, _HEADERS))
