"""The pages of `newsmill browse`, asked without a network."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import httpx
from lxml import html

from flows.browse.app import make_app
from flows.browse.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The pages over a database, asked without a network."""

    site: Site

    def ask(
        self, path: str, method: str = "GET", host: str = "127.0.0.1", hosts: frozenset[str] | None = None
    ) -> httpx.Response:
        """The answer to one request."""
        app = make_app(self.site, hosts)

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
                return await client.request(method, path)

        return asyncio.run(asked())

    def show(self, path: str) -> html.HtmlElement:
        """A page, parsed."""
        answer = self.ask(path)
        assert answer.status_code == 200, answer.text
        return html.fromstring(answer.text)
