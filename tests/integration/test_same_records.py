"""The same records come out however a page is read: here or in a worker, from a file or an archive, batch by batch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from support.here import Here

from flows.orders import file_order
from flows.run import run
from flows.settings import Settings, load_settings
from storage.export import export_records
from storage.store import Store

PAGES = Path(__file__).parents[1] / "fixtures" / "pages"
# What two runs that did the same do not share.
OF_THE_RUN = frozenset({"run_id", "fetched_at", "first_seen_at", "archive", "captured_at"})


def settings_for(folder: Path, batch: int) -> Settings:
    """Settings of a run in a folder."""
    (folder / "models").mkdir(parents=True)
    return load_settings(
        None,
        storage={"url": f"sqlite:///{folder / 'n.db'}", "archive_dir": folder / "archive"},
        translate={"packages_dir": folder / "models"},
        run={"batch_size": batch},
        extract={"processes": 1},
    )


def lasting(value: Any) -> Any:
    """A value of a record without what is of its run."""
    if isinstance(value, dict):
        return {key: lasting(one) for key, one in value.items() if key not in OF_THE_RUN}
    return [lasting(one) for one in value] if isinstance(value, list) else value


def exported(settings: Settings) -> list[str]:
    """The lines of an export, sorted."""
    path = Path(settings.storage.url.removeprefix("sqlite:///")).with_name("records.jsonl")
    with Store(settings.storage.url) as store:
        export_records(store, "en", path, "jsonl")
    return sorted(
        json.dumps(lasting(json.loads(line)), sort_keys=True) for line in path.read_text("utf-8").splitlines()
    )


def test_records_do_not_hang_on_how_they_were_made(tmp_path: Path) -> None:
    """Read in one batch in this process, or four at a time by a worker out of the archive, each is the same."""
    here, elsewhere = settings_for(tmp_path / "here", 1000), settings_for(tmp_path / "elsewhere", 4)
    pages = sorted(PAGES.glob("*.html"))
    first = run(file_order(pages), here, open_engines=Here().open)
    assert first.stored > 0
    second = run(file_order(sorted((tmp_path / "here" / "archive").glob("*.warc.gz"))), elsewhere)
    assert (second.stored, second.rejected) == (first.stored, first.rejected)
    assert exported(elsewhere) == exported(here)
