"""Every knob an operator may turn: defaults here, then config/settings.toml, then the environment.

The environment names a setting as `NEWSMILL_<SECTION>__<KEY>`, for example `NEWSMILL_FETCH__DELAY_S=2`. Settings are
read once, by a command or a flow, and passed down as the small policies of the stages.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from ingest.errors import ConfigError
from storage.engine import DEFAULT_URL

DEFAULT_CONFIG = Path("config")
HANDED_ON = "_NEWSMILL_CONFIG"

Positive = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Deadline = Annotated[float, Field(gt=0, allow_inf_nan=False)]


def _listed(value: object) -> object:
    """Lists in the environment are written with commas."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


LANGUAGE = r"[a-z]{2,3}(-[A-Za-z]{2,4})?"
"""The form of a language code: en, zh-Hant."""


def _language_code(code: str) -> str:
    if not re.fullmatch(LANGUAGE, code):
        raise ValueError(f"{code!r} is no language code; write it like en or pt-BR")
    return code


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FetchSettings(_Section):
    """How pages are fetched."""

    user_agent: str = "newsmill/0.1 (+https://github.com/newsmill/newsmill)"
    delay_s: Seconds = 1.0
    concurrency: Positive = 32
    deadline_s: Deadline = 30.0
    max_body_bytes: Positive = 5_000_000
    attempts: Positive = 3
    proxy: SecretStr | None = None
    allow_private: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = ()


class ExtractSettings(_Section):
    """How articles are taken out of pages."""

    processes: Annotated[int, Field(ge=0)] = 0
    deadline_s: Deadline = 10.0
    memory_mb: Annotated[int, Field(ge=200)] = 1500


class TranslateSettings(_Section):
    """What is translated, by what."""

    target: Annotated[str, AfterValidator(_language_code)] = "en"
    packages_dir: Path | None = None
    backend: Literal["argos", "firefox"] = "argos"
    pivot: bool = False
    beam: Positive = 2
    threads: Annotated[int, Field(ge=0)] = 0
    compute_type: str = "auto"


class StorageSettings(_Section):
    """Where things are kept."""

    url: str = DEFAULT_URL
    archive_dir: Path | None = None
    archive_file_mb: Positive = 1000


class RunSettings(_Section):
    """How a run is cut into batches."""

    batch_size: Annotated[int, Field(ge=1, le=1000)] = 100
    task_runner: Literal["thread", "process", "dask"] = "thread"
    dask_address: str | None = None


class ExportSettings(_Section):
    """What is exported after a nightly run."""

    after_nightly: Path | None = None
    format: Literal["jsonl", "csv", "parquet", "jsonld", "atom", "jsonfeed"] = "jsonl"
    canonical_only: bool = False


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name is that of a folder of zones
        raise ValueError(f"no such time zone: {name!r}; write it like Europe/Stockholm") from None
    return name


class ServeSettings(_Section):
    """What `newsmill serve` starts."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65_535)] = 4200
    cron: Annotated[str, Field(pattern=r"^\s*\S+(\s+\S+){4}\s*$")] = "30 2 * * *"
    timezone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    keep_days: Positive = 30


class NotifySettings(_Section):
    """Who is told when a flow run went wrong."""

    url: SecretStr | None = None
    format: Literal["json", "slack", "ntfy"] = "json"
    shortfall: bool = False

    @field_validator("url")
    @classmethod
    def _web_address(cls, url: SecretStr | None) -> SecretStr | None:
        parts = urlsplit(url.get_secret_value()) if url else None
        if parts is not None and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("not an address that begins with http:// or https://")  # the address itself is a secret
        return url


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
    file = (config or DEFAULT_CONFIG) / "settings.toml"
    if unknown := _unknown_variables():
        raise ConfigError(
            f"{unknown[0]} is no setting: the variables are NEWSMILL_SECTION__KEY, with a section of "
            f"{', '.join(Settings.model_fields)}"
        )
    try:
        settings: Settings = _reader(file)(**overrides)
    except ValidationError as error:
        raise ConfigError(f"{_said(error)} (see {file}, NEWSMILL_* variables and options)") from error
    except (ValueError, OSError) as error:  # tomllib's errors are ValueErrors
        raise ConfigError(f"cannot read {file} or a NEWSMILL_* variable: {error}") from error
    return settings


def handed_on() -> Path | None:
    """The folder of settings that `newsmill serve --config` names to the processes it starts; ``None``: the usual one.

    By the environment, as the database is, and not by parameters of the flows: whoever can start a run says what it
    reads, and never where it is written.
    """
    named = os.environ.get(HANDED_ON)
    return Path(named) if named else None


def _unknown_variables() -> list[str]:
    """Variables of the environment that look like a setting, of a section that there is not: pydantic ignores them."""
    sections = tuple(f"NEWSMILL_{section.upper()}__" for section in Settings.model_fields)
    named = (name for name in os.environ if name.upper().startswith("NEWSMILL_") and "__" in name)
    return sorted(name for name in named if not name.upper().startswith(sections))


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
            return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file)

    return FromFile
