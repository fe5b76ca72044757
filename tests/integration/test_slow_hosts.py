"""A host that does not answer keeps nobody waiting but its own seeds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from support.here import Here
from support.sites import Sites

from flows import acquire, loop, stages
from flows.loop import plainly
from flows.orders import url_order
from flows.run import run
from flows.settings import load_settings
from ingest.model import Seed


@pytest.mark.parametrize(("batch", "waiting"), [(2, 1), (4, 5)])
def test_others_are_stored_while_one_host_is_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int, waiting: int
) -> None:
    """The articles of a quick host are stored before a silent one, whose seeds are in every batch, answers at all."""
    for module in (loop, acquire):
        monkeypatch.setattr(module, "PATIENCE_S", 0.05)
    before_it_answered: list[int] = []
    stored: list[str] = []
    with Sites(count=2, articles=12) as sites:
        silent, quick = sites.rooms
        quick_urls = sites.urls[1::2]
        urls = [*sites.urls[0 : 2 * waiting : 2], *quick_urls]
        silent.door.clear()

        def call(name: str, stage: Callable[..., Any], /, *args: Any) -> Any:
            made = plainly(name, stage, *args)
            if stage is stages.keep:
                stored.extend(one.task.seed.url for one in args[1])
                if not before_it_answered and sum(url.startswith(quick.base) for url in stored) == len(quick_urls):
                    before_it_answered.append(len(stored))
                    silent.door.set()
            return made

        for name, value in sites.settings.items():
            monkeypatch.setenv(name, value)
        settings = load_settings(
            storage={"url": f"sqlite:///{tmp_path / 'n.db'}", "archive_dir": tmp_path / "archive"},
            run={"batch_size": batch},
            fetch={"deadline_s": 600.0},
        )
        rescue = Timer(120, silent.door.set)  # for the test to fail, and not to hang
        rescue.start()
        try:
            summary = run(
                url_order([Seed(url=url) for url in urls], translate=False), settings, call, open_engines=Here().open
            )
        finally:
            rescue.cancel()
    assert summary.stored == len(urls)
    assert before_it_answered == [len(quick_urls)]
