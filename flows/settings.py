"""Every knob an operator may turn: defaults here, then config/settings.toml, then the environment.

The environment names a setting as `NEWSMILL_<SECTION>__<KEY>`, for example `NEWSMILL_FETCH__DELAY_S=2`. Settings are
read once, by a command or a flow, and passed down as the small policies of the stages.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from flows import knobs
from ingest.errors import ConfigError
from ingest.model import Use
from storage.engine import DEFAULT_URL
from storage.formats import ExportFormat

HANDED_ON = "_NEWSMILL_CONFIG"
HOME = "NEWSMILL_HOME"
# Variables of the tests and benchmarks in the source folder.
_OF_TOOLS = ("NEWSMILL_TEST_", "NEWSMILL_BENCH_", "NEWSMILL_CHAOS_")

_HOUR = 3600
_DAY = 24 * _HOUR
_MOST_BYTES = 2_000_000_000
_MOST_MB = 1_000_000
_MOST_PROCESSES = 1024


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _printable(cls, value: object) -> object:
        return knobs.printable(value)


class FetchSettings(_Section):
    """How pages are fetched."""

    user_agent: knobs.UserAgent = "newsmill/0.2 (+https://github.com/newsmill/newsmill)"
    delay_s: Annotated[knobs.Seconds, Field(ge=0, le=_DAY)] = 1.0
    concurrency: Annotated[knobs.Whole, Field(ge=1, le=1000)] = 32
    deadline_s: Annotated[knobs.Seconds, Field(gt=0, le=_HOUR)] = 30.0
    max_body_bytes: Annotated[knobs.Whole, Field(ge=1, le=_MOST_BYTES)] = 5_000_000
    attempts: Annotated[knobs.Whole, Field(ge=1, le=100)] = 3
    max_pages: Annotated[knobs.Whole, Field(ge=1, le=99)] = 20
    proxy: knobs.Proxy | None = None
    allow_private: Annotated[knobs.Pairs, NoDecode] = ()
    tdmrep: bool = False


class ExtractSettings(_Section):
    """How articles are taken out of pages."""

    processes: Annotated[knobs.Whole, Field(ge=0, le=_MOST_PROCESSES)] = 0
    deadline_s: Annotated[knobs.Seconds, Field(gt=0, le=_HOUR)] = 10.0
    memory_mb: Annotated[knobs.Whole, Field(ge=200, le=_MOST_MB)] = 1500
    sites_dir: knobs.Folder | None = None


class TranslateSettings(_Section):
    """What is translated, by what."""

    target: knobs.Language = "en"
    packages_dir: knobs.Folder | None = None
    backend: knobs.Backend = "argos"
    pivot: bool = False
    beam: Annotated[knobs.Whole, Field(ge=1, le=32)] = 2
    threads: Annotated[knobs.Whole, Field(ge=0, le=_MOST_PROCESSES)] = 0
    compute_type: Literal[
        "auto", "default", "int8", "int8_float32", "int8_float16", "int8_bfloat16", "int16", "float16", "bfloat16",
        "float32",
    ] = "auto"  # fmt: skip


class StorageSettings(_Section):
    """Where things are kept."""

    url: knobs.Database = DEFAULT_URL
    archive_dir: knobs.Place | None = None
    archive_file_mb: Annotated[knobs.Whole, Field(ge=1, le=_MOST_MB)] = 1000
    permitted_for: Use | None = None


class RunSettings(_Section):
    """How a run is cut into batches."""

    batch_size: Annotated[knobs.Whole, Field(ge=1, le=1000)] = 100
    task_runner: Literal["thread", "process", "dask"] = "thread"
    dask_address: knobs.DaskAddress | None = None
    recheck_hours: Annotated[knobs.Hours, NoDecode] = (1.0, 6.0, 24.0, 72.0, 168.0)
    recheck_most: Annotated[knobs.Whole, Field(ge=0, le=10_000)] = 50


class ExportSettings(_Section):
    """What is exported after a nightly run."""

    after_nightly: knobs.Place | None = None
    format: ExportFormat = ExportFormat.JSONL
    canonical_only: bool = False
    permitted_for: Use | None = None


class ServeSettings(_Section):
    """What `newsmill serve` starts."""

    host: knobs.ListeningHost = "127.0.0.1"
    port: Annotated[knobs.Whole, Field(ge=1, le=65_535)] = 4200
    cron: knobs.Schedule = "30 2 * * *"
    timezone: knobs.Zone = "UTC"
    keep_days: Annotated[knobs.Whole, Field(ge=1, le=36_500)] = 30


class NotifySettings(_Section):
    """Who is told when a flow run went wrong."""

    url: knobs.WebAddress | None = None
    format: Literal["json", "slack", "ntfy"] = "json"
    shortfall: bool = False


class Settings(BaseSettings):
    """All settings, by section."""

    model_config = SettingsConfigDict(
        env_prefix="NEWSMILL_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,  # some are secrets
    )

    fetch: FetchSettings = FetchSettings()
    extract: ExtractSettings = ExtractSettings()
    translate: TranslateSettings = TranslateSettings()
    storage: StorageSettings = StorageSettings()
    run: RunSettings = RunSettings()
    export: ExportSettings = ExportSettings()
    serve: ServeSettings = ServeSettings()
    notify: NotifySettings = NotifySettings()

    _folder: Path | None = PrivateAttr(None)

    @property
    def sites(self) -> Path:
        """The folder of rules for one site: as set, or beside settings.toml."""
        return self.extract.sites_dir or (self._folder or usual_config()) / "sites"

    @property
    def processes(self) -> int:
        """Worker processes: as set, or one a core."""
        return self.extract.processes or os.cpu_count() or 1


def load_settings(config: Path | None = None, **overrides: dict[str, Any]) -> Settings:
    """Read the settings.

    Args:
        config: the folder of settings.toml; by default `config/`, whose absence means that defaults hold.
        overrides: sections with keys that a command's options set, for example ``storage={"url": ...}``.

    Raises:
        ConfigError: the folder is missing, or a setting is unknown or wrong; the message names it.
    """
    if config is not None and not config.is_dir():
        raise ConfigError(f"no such folder: {config}; --config names the folder that holds settings.toml")
    file = (config or usual_config()) / "settings.toml"
    if unknown := next(_unknown_variables(), None):
        raise ConfigError(unknown)
    try:
        settings: Settings = _reader(file)(**overrides)
    except ValidationError as error:
        raise ConfigError(f"{_said(error)} (see {file}, NEWSMILL_* variables and options)") from error
    except (ValueError, OSError) as error:  # tomllib's errors are ValueErrors
        raise ConfigError(f"cannot read {file} or a NEWSMILL_* variable: {error}") from error
    settings._folder = file.parent
    return settings


def home() -> Path:
    """The folder that holds `config/` and `data/`: what NEWSMILL_HOME names, or the one we are in.

    Raises:
        ConfigError: there is no such folder.
    """
    named = os.environ.get(HOME)
    if not named:
        return Path()
    if not Path(named).is_dir():
        raise ConfigError(f"{HOME} names no folder: {named!r}; it must be the one that holds config/ and data/")
    return Path(named)


def usual_config() -> Path:
    """The folder of settings.toml and sources.toml where none is named."""
    return home() / "config"


def handed_on() -> Path | None:
    """The folder of settings that `newsmill serve --config` names to the processes it starts; ``None``: the usual one.

    By the environment, as the database is, and not by parameters of the flows: whoever can start a run says what it
    reads, and never where it is written.
    """
    named = os.environ.get(HANDED_ON)
    return Path(named) if named else None


def _unknown_variables() -> Iterator[str]:
    """What is wrong with variables of the environment that are meant for us and are no settings.

    Pydantic ignores them, and the run would write somewhere else than whoever misspelt one means.
    """
    known = [
        f"NEWSMILL_{section}__{key}".upper()
        for section, field in Settings.model_fields.items()
        for key in type(field.default).model_fields
    ]
    for name in sorted(os.environ):
        spelt = name.upper()
        if not spelt.startswith("NEWSMILL") or spelt in known or spelt == HOME or spelt.startswith(_OF_TOOLS):
            continue
        section, parted, key = spelt.removeprefix("NEWSMILL_").partition("__")
        if parted and key and section.lower() in Settings.model_fields:
            continue  # it is read, and refused by the name of the setting
        near = difflib.get_close_matches(spelt, known, 1, 0.85)
        guess = f"; is it {near[0]}?" if near else ":"
        sections = ", ".join(Settings.model_fields)
        yield f"{name} is no setting{guess} the variables are NEWSMILL_SECTION__KEY, with a section of {sections}"


def _said(error: ValidationError) -> str:
    """The first thing that is wrong, as a person would say it."""
    problem = error.errors()[0]
    names = [str(part) for part in problem["loc"]]
    said = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        within = Settings.model_fields[names[0]].annotation if len(names) > 1 else Settings
        known = within.model_fields if isinstance(within, type) and issubclass(within, BaseModel) else {}
        said = f"no such setting; there are {', '.join(known)}"
    return f"setting {'.'.join(names)}: {said}"


def _reader(file: Path) -> Callable[..., Settings]:
    class FromFile(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            toml = TomlConfigSettingsSource(settings_cls, toml_file=file)
            at_home = {"storage": {"url": f"sqlite:///{home() / 'data' / 'newsmill.db'}"}}
            return init_settings, env_settings, toml, InitSettingsSource(settings_cls, init_kwargs=at_home)

    return FromFile
