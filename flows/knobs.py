"""What a setting may hold: types that refuse what cannot be meant, each with an example of what can."""

from __future__ import annotations

import ipaddress
import json
import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, SecretStr

from ingest.errors import ConfigError
from ingest.urls import canonicalize
from storage.objects import Address, as_address

LANGUAGE = r"[a-z]{2,3}(-[A-Za-z]{2,4})?"
"""The form of a language code: en, zh-Hant."""

_LONGEST = 2000
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?")
# What each field of a cron line counts, and its least and greatest number.
_CRON = (("minute", 0, 59), ("hour", 0, 23), ("day of the month", 1, 31), ("month", 1, 12), ("day of the week", 0, 7))
_BACKENDS = ("argos", "firefox")
_NO_LANGUAGES = frozenset({"und", "mul", "zxx", "mis", "art"})


def printable(value: object) -> object:
    """Whatever is written for a setting, if its texts are texts that a person can see.

    Raises:
        ValueError: a text is empty, endless, or has line breaks or other control characters in it.
    """
    for text in value if isinstance(value, list | tuple) else [value]:
        if isinstance(text, str | Path):
            if not str(text).strip():
                raise ValueError("is empty; leave it out for the default")
            if len(str(text)) > _LONGEST:
                raise ValueError(f"has more than {_LONGEST:,} characters")
            if _UNPRINTABLE.search(str(text)):
                raise ValueError("has a line break or another control character in it")
    return value


def _number(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("should be a number, not true or false")  # noqa: TRY004 - pydantic wants it so
    return value


def _user_agent(text: str) -> str:
    if not re.fullmatch(r"[!-.0-~][ -~]*", text):
        raise ValueError("is no user agent: ASCII, its first word a name, like mill/1.0 (+https://mill.example)")
    return text


def _pairs(value: object) -> object:
    """A list as the environment writes it: with commas, or as JSON."""
    if not isinstance(value, str):
        return value
    try:
        listed = json.loads(value)
    except ValueError:
        listed = None
    return listed if isinstance(listed, list) else [part.strip() for part in value.split(",") if part.strip()]


def _pair(text: str) -> str:
    """A pair of host and port as `ingest.fetch.backend.spelt` has it."""
    wrong = f"{text!r} is no host:port; write it like 127.0.0.1:8000 or [::1]:8080"
    host, _, port = text.rpartition(":")
    if not re.fullmatch(r"[^/?#@\\]+", host) or not re.fullmatch("[0-9]{1,5}", port) or not 1 <= int(port) <= 65_535:
        raise ValueError(wrong)
    try:
        name = urlsplit(canonicalize(f"http://{host}/")).hostname or ""
        named = f"[{ipaddress.IPv6Address(name)}]" if ":" in name else name
        if re.fullmatch(r"[0-9.-]+", name):  # no range of addresses
            ipaddress.IPv4Address(name)
    except ValueError:
        raise ValueError(wrong) from None
    if ":" not in name and not _HOST.fullmatch(name):
        raise ValueError(wrong)
    return f"{named}:{int(port)}"


def _proxy(secret: SecretStr) -> SecretStr:
    from ingest.fetch.proxy import read_proxy

    try:
        read_proxy(secret.get_secret_value())
    except ConfigError as error:
        raise ValueError(str(error)) from None  # the error holds the address, and that a password
    return secret


def _web_address(secret: SecretStr) -> SecretStr:
    try:
        parts = urlsplit(secret.get_secret_value())
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or not re.fullmatch("[!-~]+", secret.get_secret_value()):
        # The address itself is a secret.
        raise ValueError("not an address in ASCII that begins with http:// or https://")
    return secret


def _language(code: str) -> str:
    from ingest.translate.codes import bcp47, is_language

    if not re.fullmatch(LANGUAGE, code):
        raise ValueError(f"{code!r} is no language code; write it like en or pt-BR")
    if code in _NO_LANGUAGES or not is_language(code):
        raise ValueError(f"there is no language {code!r}; write it like en or pt-BR")
    return bcp47(code)


def _backend(value: object) -> str | dict[str, str]:
    if isinstance(value, str) and value in _BACKENDS:
        return value
    if not isinstance(value, dict) or not value:
        raise ValueError(f"must be one of {', '.join(_BACKENDS)}, or one of them by language")
    for language, name in value.items():
        if name not in _BACKENDS:
            raise ValueError(f"must be one of {', '.join(_BACKENDS)} for {language!r}")
    return {_language(str(language)): name for language, name in value.items()}


def _folder(path: Path) -> Path:
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:(/|$)", str(path)):
        raise ValueError("is an address; it must be a path on this machine")
    return path


def _place(value: object) -> Path | Address:
    printable(value)
    if not isinstance(value, str | Path):
        raise ValueError("must be a path, or an address like s3://bucket/folder")  # noqa: TRY004 - pydantic wants it so
    if address := as_address(value):
        return address
    try:
        return _folder(Path(value))
    except ValueError:
        raise ValueError("is no path on this machine, and no address like s3://bucket/folder") from None


def _database(url: str) -> str:
    from storage.engine import check_url

    try:
        check_url(url)
    except ConfigError as error:
        raise ValueError(str(error)) from None  # what cannot be read may hold a password
    return url


def _dask(address: str) -> str:
    try:
        good = re.fullmatch(r"(tcp|tls|ucx|ws|wss)://\S+:\d+/?", address) and (urlsplit(address).port or 0) > 0
    except ValueError:
        good = False
    if not good:
        raise ValueError("is no address of a scheduler; write it like tcp://scheduler.example:8786")
    return address


def _listening(host: str) -> str:
    if ":" in host:
        ipaddress.IPv6Address(host)  # raises a ValueError that says so
    elif not _HOST.fullmatch(host.lower()):
        raise ValueError("is no name or address of this machine; write it like 127.0.0.1")
    return host


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name is that of a folder of zones
        raise ValueError(f"no such time zone: {name!r}; write it like Europe/Stockholm") from None
    return name


def _cron(line: str) -> str:
    """A line of cron, if its numbers can be; what else it may hold Prefect knows, when it is served."""
    fields = line.split()
    if len(fields) != len(_CRON) or not re.fullmatch(r"[0-9A-Za-z*/,#?\s-]+", line):
        raise ValueError('is no schedule; write minute, hour, day, month and day of the week, like "30 2 * * *"')
    for field, (name, least, most) in zip(fields, _CRON, strict=True):
        for part in field.split(","):
            span, _, step = part.partition("/")
            numbers = [int(number) for number in span.split("-") if number.isdigit()]
            if not span or numbers != sorted(numbers) or any(not least <= number <= most for number in numbers):
                raise ValueError(f"{part!r} is no {name}; write {least} to {most}, * or a list of these")
            if "/" in part and not (step.isdigit() and 0 < int(step) <= most):
                raise ValueError(f"{part!r} is no {name}: after the slash stands a number above 0")
    return " ".join(fields)


Hour = Annotated[float, BeforeValidator(_number), Field(gt=0, le=24 * 365, allow_inf_nan=False)]
Whole = Annotated[int, BeforeValidator(_number)]
Hours = Annotated[tuple[Hour, ...], Field(max_length=20), BeforeValidator(_pairs)]
Seconds = Annotated[float, BeforeValidator(_number), Field(allow_inf_nan=False)]
UserAgent = Annotated[str, AfterValidator(_user_agent)]
Pairs = Annotated[tuple[Annotated[str, AfterValidator(_pair)], ...], BeforeValidator(_pairs)]
Proxy = Annotated[SecretStr, AfterValidator(_proxy)]
WebAddress = Annotated[SecretStr, AfterValidator(_web_address)]
Language = Annotated[str, AfterValidator(_language)]

Backend = Annotated[str | dict[str, str], PlainValidator(_backend)]
Folder = Annotated[Path, AfterValidator(_folder)]
Place = Annotated[Path | Address, PlainValidator(_place)]
Database = Annotated[str, AfterValidator(_database)]
DaskAddress = Annotated[str, AfterValidator(_dask)]
ListeningHost = Annotated[str, AfterValidator(_listening)]
Zone = Annotated[str, AfterValidator(_zone)]
Schedule = Annotated[str, AfterValidator(_cron)]
