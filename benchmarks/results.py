"""What benchmarks find out, as values: kept as JSON, and compared with what was found before."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
COMMITTED = ROOT / "benchmarks" / "results.json"

# Of whom the version can matter to a figure.
_PACKAGES = (
    "newsmill", "trafilatura", "newspaper4k", "news-please", "langdetect", "py3langid", "lingua-language-detector",
    "argos-translate-lt", "ctranslate2", "datasketch", "rensa", "syntok", "httpx", "scrapy", "warcio", "sqlalchemy",
    "prefect", "pyarrow",
)  # fmt: skip


class Kind(StrEnum):
    """What sort of figure it is, and so what of it can be compared with an earlier run."""

    QUALITY = "quality"  # the same at every run of the same programs: the value
    SPEED = "speed"  # how much in what time: only its ratio to the first peer's
    TIMES = "times"  # one time divided by another: the value
    SIZE = "size"  # memory, or bytes on disk: the value


# A figure that got worse by more than this share is a regression. On two cores that other programs shared, ratios of
# two times differed by up to a quarter between runs; memory differs by what the allocator happens to hold.
BANDS = {Kind.QUALITY: 0.002, Kind.SPEED: 0.30, Kind.TIMES: 0.30, Kind.SIZE: 0.15}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """How much to measure: everything or what takes minutes, and on which sets that are not in this repository.

    `data` is a folder of labelled sets, `packages` one of translation packages (.argosmodel); docs/benchmarks.md says
    what is in them. Both may be missing. With `judge` only the sets of `data` are measured, nothing that is made here.
    """

    full: bool = False
    data: Path | None = None
    packages: Path | None = None
    judge: bool = False

    def labelled(self, name: str) -> Path | None:
        """A file of the folder of labelled sets, where it is there."""
        path = self.data / name if self.data else None
        return path if path and path.exists() else None

    @property
    def records(self) -> tuple[int, ...]:
        """Of how many records the databases are that grow."""
        return (10_000, 100_000) if self.full else (10_000,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure: what it is, its value here and those of others in the same run, and what it was measured on.

    `goal` is the least that `counted` should be, or the most where lower is better. `between` are the bounds of a 95 %
    interval of the value. A row without a value says in `note` why there is none.
    """

    name: str
    value: float | None
    unit: str = ""
    kind: Kind = Kind.QUALITY
    on: str = ""
    higher: bool = True
    peers: Mapping[str, float] = field(default_factory=dict)
    goal: float | None = None
    between: tuple[float, float] | None = None
    note: str = ""
    subject: str = ""

    @property
    def ratios(self) -> dict[str, float]:
        """How many times as good as each peer."""
        own = self.value
        if not own:
            return {}
        return {name: own / other if self.higher else other / own for name, other in self.peers.items() if other}

    @property
    def relative(self) -> bool:
        """Whether its ratio to the first peer counts, of which more is always better, and not its value."""
        return self.kind is Kind.SPEED and bool(self.peers)

    @property
    def counted(self) -> float | None:
        """What the goal is held against: the value, or its ratio to the first peer."""
        return next(iter(self.ratios.values()), None) if self.relative else self.value

    @property
    def compared(self) -> float | None:
        """What an earlier run is held against: the same, but nothing of a speed that stands alone."""
        return None if self.kind is Kind.SPEED and not self.peers else self.counted

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        own = self.counted
        if self.goal is None or own is None:
            return None
        return own >= self.goal if self.better_high else own <= self.goal

    @property
    def better_high(self) -> bool:
        """Whether more is better of what counts."""
        return self.higher or self.relative

    def worse_than(self, earlier: Row) -> bool:
        """Whether it got worse by more than noise."""
        new, old = self.compared, earlier.compared
        if old is not None and self.value is None:
            return True
        if new is None or old is None:
            return False
        band = BANDS[self.kind] * abs(old)
        return new < old - band if self.better_high else new > old + band


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The rows of a run, and where and with what it was made."""

    about: Mapping[str, str]
    versions: Mapping[str, str]
    rows: Sequence[Row]

    def earlier(self, row: Row) -> Row | None:
        """The row of the same figure on the same material."""
        same = (one for one in self.rows if (one.subject, one.name, one.on) == (row.subject, row.name, row.on))
        return next(same, None)


def as_row(told: Mapping[str, Any]) -> Row:
    """A row that was written as JSON."""
    between = told.get("between")
    return Row(**{**told, "kind": Kind(told["kind"]), "between": tuple(between) if between else None})


def read(path: Path) -> Results | None:
    """The results of a file, where there is one."""
    if not path.exists():
        return None
    told = json.loads(path.read_text("utf-8"))
    return Results(about=told["about"], versions=told["versions"], rows=tuple(map(as_row, told["rows"])))


def write(path: Path, results: Results) -> None:
    """Write them, a row a line, so that a difference between two runs can be read."""
    rows = ",\n".join("  " + json.dumps(plain(row), ensure_ascii=False) for row in results.rows)
    head = json.dumps({"about": results.about, "versions": results.versions}, indent=1, ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{head.removesuffix("}").rstrip()},\n "rows": [\n{rows}\n ]\n}}\n', encoding="utf-8")


def plain(row: Row) -> dict[str, Any]:
    """A row as JSON holds it, figures rounded to what means something."""
    told = asdict(row) | {"peers": {name: _rounded(value) for name, value in row.peers.items()}}
    if row.between is None:
        told.pop("between")
    else:
        told["between"] = [*map(_rounded, row.between)]
    return told | {"value": None if row.value is None else _rounded(row.value)}


def _rounded(value: float) -> float:
    return float(f"{value:.5g}")


def machine() -> dict[str, str]:
    """Where and when a run was made."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": _told("/proc/cpuinfo", "model name") or platform.machine(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB",
        "load at the start": f"{os.getloadavg()[0]:.1f}",
        "system": f"{platform.system()} {platform.release()}",
    }


def versions() -> dict[str, str]:
    """The versions of what was measured."""
    found = {"Python": platform.python_version(), "SQLite": sqlite3.sqlite_version}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _told(path: str, key: str) -> str | None:
    lines = Path(path).read_text("utf-8").splitlines() if Path(path).exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), None)
