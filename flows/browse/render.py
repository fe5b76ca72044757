"""Templates to answers. Everything that stands in a page is escaped, whatever it is (jinja2 only here)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from flows.browse import copying, texts, words

_TEMPLATES = Path(__file__).parent / "templates"


def _moment(value: str, zone: ZoneInfo) -> str:
    """An instant of ours in the operator's time zone."""
    return f"{datetime.fromisoformat(value).astimezone(zone):%Y-%m-%d %H:%M}"


def _dated(value: str, precision: str | None = None) -> str:
    """An instant as the page gave it: in its own zone, and without a time where it gave none."""
    return value[:10] if precision == "day" else value[:16].replace("T", " ")


def _number(value: int) -> str:
    return f"{value:,}"


def _delay(hours: float | None) -> str:
    """A delay in the unit that people would use; a minus where the duplicate is dated before its original."""
    if hours is None:
        return ""
    size = abs(hours)
    said = f"{size * 60:.0f} min" if size < 1 else f"{size:.0f} h" if size < 48 else f"{size / 24:.0f} days"
    return f"{'−' if hours < 0 else ''}{said}"


def _percent(value: float) -> str:
    return f"{value:.0%}"


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {
    "moment": _moment,
    "dated": _dated,
    "number": _number,
    "percent": _percent,
    "delay": _delay,
    "hours_after": copying.hours,
    "lang": texts.tag,
    "dir": texts.direction,
    "by_link": texts.by_link,
    "reason": words.reason,
    "relation": words.relation,
    "state": words.state,
    "run_status": words.run_status,
    "flag": words.flag,
    "rule": words.rule,
    "evidence": words.evidence,
    "noted": words.noted,
    "language": words.language,
}
_ENVIRONMENT.tests["web_address"] = texts.is_web_address


def page(template: str, values: dict[str, Any], status: int = 200) -> HTMLResponse:
    """The answer that a template makes of values."""
    return HTMLResponse(_ENVIRONMENT.get_template(template).render(values), status_code=status)
