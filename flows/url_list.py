"""The flow `url-list`: ingest a list of URLs once. Deploy it as `flows.url_list.url_list`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from prefect import flow
from prefect.client.schemas.objects import State
from pydantic import Field

from flows.orders import url_order
from flows.settings import load_settings
from flows.summary import Summary
from flows.tasks import FLOW_NAMES, run_in_flow, state_of
from ingest.model import Seed


@flow(name=FLOW_NAMES["urls"], persist_result=False)
def url_list(
    urls: Annotated[list[str], Field(min_length=1, description="Addresses of articles")],
    target: Annotated[str | None, Field(description="Language to translate into; empty: as set")] = None,
    translate: Annotated[bool, Field(description="Off leaves translations pending")] = True,
    config: Annotated[str | None, Field(description="Folder of settings.toml; empty: config")] = None,
    db: Annotated[str | None, Field(description="Database URL; empty: as set")] = None,
) -> State[Summary]:
    """Fetch, clean, translate and store the articles at these addresses, and link their copies."""
    overrides: dict[str, dict[str, Any]] = {}
    if db:
        overrides["storage"] = {"url": db}
    if target:
        overrides["translate"] = {"target": target}
    settings = load_settings(Path(config) if config else None, **overrides)
    seeds = [Seed(url=url) for url in urls]
    return state_of(run_in_flow(url_order(seeds, translate=translate), settings))
