"""The flow `nightly`: ingest what the configured sources announce. Deploy it as `flows.nightly.nightly`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from prefect import flow
from prefect.client.schemas.objects import State
from pydantic import Field

from flows.orders import choose_sources, nightly_order
from flows.settings import load_settings
from flows.summary import Summary
from flows.tasks import FLOW_NAMES, run_in_flow, state_of


@flow(name=FLOW_NAMES["nightly"], persist_result=False)
def nightly(
    sources: Annotated[list[str] | None, Field(description="Names of sources; empty: all of sources.toml")] = None,
    translate: Annotated[bool, Field(description="Off leaves translations pending")] = True,
    config: Annotated[str | None, Field(description="Folder of settings.toml and sources.toml; empty: config")] = None,
    db: Annotated[str | None, Field(description="Database URL; empty: as set")] = None,
) -> State[Summary]:
    """Discover and ingest every configured source once, and translate what waited for a model."""
    folder = Path(config) if config else None
    settings = load_settings(folder, **({"storage": {"url": db}} if db else {}))
    order = nightly_order(choose_sources(folder, sources or ()), translate=translate)
    return state_of(run_in_flow(order, settings))
