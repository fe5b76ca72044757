"""Tell a webhook that a flow run went wrong: Slack, ntfy, or a program of the operator's own.

`tell` and `tell_of_shortfall` are hooks of the flows. The address is a secret, since whoever knows it can write there:
it is read from the settings when it is needed, and no message of ours holds it. Whatever befalls the notification, the
run stays what it is.
"""

from __future__ import annotations

import http.client
import json
import logging
import time
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from flows.settings import NotifySettings, handed_on, load_settings
from flows.summary import Summary
from ingest.errors import ConfigError

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.client.schemas.objects import FlowRun, State

logger = logging.getLogger(__name__)

_TIMEOUT_S = 10.0
_PAUSE_S = 1.0
# A state's message may hold a whole traceback; chat services cut or refuse what is longer.
_LONGEST = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What is told: the run, the state it ended in, why, and where to look (nothing where no UI is known)."""

    flow: str
    run: str
    state: str
    message: str
    url: str | None
    at: str


def tell(flow: Flow[Any, Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Tell of a run that failed, crashed or was cancelled: a hook, whose arguments Prefect gives by these names."""
    settings = _settings()
    if settings is not None:
        notify(settings, notice_of(flow_run, state, flow.name))


def tell_of_shortfall(flow: Flow[Any, Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Tell of a run that completed but fell short, if the setting wants it: a hook."""
    settings = _settings()
    if settings is None or not settings.shortfall:
        return
    summary: Any = state.result(raise_on_failure=False)
    if isinstance(summary, Summary) and summary.fell_short:
        notify(settings, notice_of(flow_run, state, flow.name))


def notify(settings: NotifySettings, notice: Notice, *, pause_s: float = _PAUSE_S) -> bool:
    """Send a notice, twice if the first attempt fails; whether it arrived.

    Args:
        settings: where to and how; without an address nothing is sent.
        notice: what to tell.
        pause_s: seconds between the two attempts.
    """
    if settings.url is None:
        return False
    address, body = body_for(settings, notice)
    for pause in (pause_s, None):
        try:
            _post(address, body)
        except (OSError, ValueError, http.client.HTTPException) as error:
            # Not the error's own words: some hold the address.
            logger.warning("the notification was not delivered: %s", _kind(error))
            if pause is not None:
                time.sleep(pause)
        else:
            return True
    return False


def notice_of(flow_run: FlowRun, state: State[Any], flow: str) -> Notice:
    """What to tell of a run of this flow that is in this state."""
    from prefect.utilities.urls import url_for

    # The hook of a cancelled run is called while its last state is still on the way.
    name = "Cancelled" if state.is_cancelling() else state.name or state.type.value.capitalize()
    return Notice(
        flow=flow,
        run=_name(flow_run),
        state=name,
        message=(state.message or "")[:_LONGEST],
        url=url_for("flow-run", obj_id=flow_run.id),
        at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def body_for(settings: NotifySettings, notice: Notice) -> tuple[str, dict[str, Any]]:
    """The address to post to, and the JSON object to post.

    Slack takes `text` in its own markup (https://api.slack.com/messaging/webhooks); ntfy takes JSON at its root, with
    the topic in it (https://docs.ntfy.sh/publish/#publish-as-json).
    """
    address = settings.url.get_secret_value() if settings.url else ""
    title = f"{notice.run}: {notice.state}"
    if settings.format == "slack":
        link = f"\n<{notice.url}|Look at the run>" if notice.url else ""
        return address, {"text": f"*{_slack(title)}*\n{_slack(notice.message)}{link}"}
    if settings.format == "ntfy":
        parts = urlsplit(address)
        root, _, topic = parts.path.rstrip("/").rpartition("/")
        body: dict[str, Any] = {"topic": topic, "title": title, "message": notice.message or notice.state}
        body |= {"priority": 4} if notice.state != "Completed" else {}
        body |= {"click": notice.url} if notice.url else {}
        return urlunsplit(parts._replace(path=f"{root}/")), body
    return address, asdict(notice)


def _settings() -> NotifySettings | None:
    """Whom to tell, and how. A broken configuration may be what the run failed of."""
    try:
        return load_settings(handed_on()).notify
    except ConfigError as error:
        logger.warning("nobody is notified: %s", error)
        return None


def _name(flow_run: FlowRun) -> str:
    """The name of the run: it got its own after the object that a hook is given was made."""
    from prefect.client.orchestration import get_client

    try:
        with get_client(sync_client=True) as client:
            return client.read_flow_run(flow_run.id).name
    except Exception as error:  # noqa: BLE001 - a server that is gone may be the very thing to tell of
        logger.warning("the run's own name is not known: %s", type(error).__name__)
        return flow_run.name


def _post(address: str, body: dict[str, Any]) -> None:
    data = json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "User-Agent": "newsmill"}
    request = urllib.request.Request(address, data=data, headers=headers, method="POST")  # noqa: S310 - http(s) only
    with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310 - checked with the settings
        answer.read(1000)


def _kind(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP {error.code}"
    reason = getattr(error, "reason", error)
    return type(reason if isinstance(reason, Exception) else error).__name__


def _slack(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
