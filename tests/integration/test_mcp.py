"""`newsmill mcp`, asked by the SDK's own client over standard input and output."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from support.command import NEWSMILL, environment
from support.making import key_of, make_stored
from support.texts import MARKET_NEWS, RADIO_NEWS

from flows.link import link_texts
from storage import links, records, runs
from storage.store import Store

mcp = pytest.importorskip("mcp")

ORIGINAL, COPY, OTHER = (f"https://{name}.example/story" for name in ("gazette", "mirror", "radio"))


def test_an_assistant_searches_reads_and_compares(tmp_path: Path) -> None:
    """The tools say what they are for, answer in JSON, and a wrong question is an error in words, not the end."""
    url = f"sqlite:///{tmp_path / 'n.db'}"
    with Store(url) as store, store.writing() as tx:
        by = {"authors": ("Ada Quill",)}
        made = [
            make_stored(MARKET_NEWS, ORIGINAL, **by),
            make_stored(MARKET_NEWS, COPY),
            make_stored(RADIO_NEWS, OTHER),
        ]
        run = runs.start_run(tx, "urls", "en")
        records.add_records(tx, made, run)
        link_texts(tx, {(one.article.key, links.ORIGINAL_SIDE): one.fingerprint for one in made})
    asyncio.run(asyncio.wait_for(_ask(url, tmp_path), 120))


async def _ask(url: str, home: Path) -> None:
    command = mcp.StdioServerParameters(command=str(NEWSMILL), args=["mcp", "--db", url], env=environment(home))
    async with mcp.stdio_client(command) as streams, mcp.ClientSession(*streams) as session:
        await session.initialize()
        tools = {one.name: one for one in (await session.list_tools()).tools}
        assert set(tools) == {"search", "read", "duplicates", "history"}
        assert all(one.description and one.annotations.read_only_hint for one in tools.values())
        found = await _call(session, "search", query="markets")
        assert [one["url"] for one in found["hits"]] == [ORIGINAL]
        assert (found["stories"], found["records"]) == (1, 2)
        for narrowed, urls in (
            ({"author": "ada quill"}, [ORIGINAL]),
            ({"author": "Ben Quill"}, []),
            ({"only": "duplicates"}, [COPY]),
            ({"only": "unsure"}, []),
            ({"run": "no such"}, []),
        ):
            found = await _call(session, "search", query="markets", **narrowed)
            assert [one["url"] for one in found["hits"]] == urls, narrowed
        read = await _call(session, "read", record=key_of(OTHER)[:8])
        assert read["text"] == RADIO_NEWS
        assert "segments" not in read
        assert "segments" in await _call(session, "read", record=OTHER, whole=True)
        told = await _call(session, "duplicates", record=COPY)
        assert told["cluster"]["canonical_id"] == key_of(ORIGINAL)
        (version,) = (await _call(session, "history", record=COPY, diff=True))["versions"]
        assert (version["number"], version["text"]) == (1, MARKET_NEWS)
        for tool, given in (
            ("history", {"record": "no such"}),
            ("read", {"record": "no such"}),
            ("search", {"query": "OR"}),
            ("search", {"query": "markets", "only": "everything"}),
        ):
            refused = await session.call_tool(tool, given)
            assert refused.is_error
            assert refused.content[0].text


async def _call(session: Any, tool: str, **given: Any) -> dict[str, Any]:
    answer = await session.call_tool(tool, given)
    assert not answer.is_error, answer.content
    found: dict[str, Any] = json.loads(answer.content[0].text)
    assert answer.structured_content in (None, found)
    return found
