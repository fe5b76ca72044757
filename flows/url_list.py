"""The flow `url-list`: ingest a list of URLs once. Deploy it as `flows.url_list.url_list`."""

from __future__ import annotations

from typing import Annotated

from prefect import flow
from prefect.client.schemas.objects import State
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from flows.knobs import LANGUAGE
from flows.notify import tell, tell_of_shortfall
from flows.orders import url_order
from flows.report.run import run_reported
from flows.serve.ending import ends_when_told
from flows.settings import handed_on, load_settings
from flows.summary import Summary
from flows.tasks import FLOW_NAMES, state_of
from ingest.model import Seed
from ingest.urls import canonicalize

# What the server checks before there is a run: one or more web addresses with white space between them. A refusal shows
# the pattern and nothing else, so it begins with words: as something that must not come first, which it never does.
_LINES = r"^(?!one web address a line, each beginning with http)\s*https?://[^\s/]\S*(\s+https?://[^\s/]\S*)*\s*$"
_LANGUAGE = rf"^({LANGUAGE})?$"


def _lines(given: object) -> object:
    """The addresses in a text with one a line, or in a list whose members may be such texts."""
    texts = given if isinstance(given, list) else [given]
    return [part for text in texts for part in (text.split() if isinstance(text, str) else [text])]


def _addresses(urls: list[str]) -> list[str]:
    for position, url in enumerate(urls, 1):
        try:
            canonicalize(url)
        except ValueError:
            raise ValueError(
                f"address {position} of {len(urls)}, {url[:100]!r}, is no web address: it must begin with http:// or "
                f"https:// and name a host"
            ) from None
    return urls


Urls = Annotated[
    list[str],
    BeforeValidator(_lines),
    Field(min_length=1),
    AfterValidator(_addresses),
    # The form offers a field for many lines beside a list. The constraints stand outside the alternatives, so that a
    # refusal names the address and not the alternatives.
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "title": "one a line"},
                {"type": "array", "title": "list", "items": {"type": "string"}},
            ],
            "pattern": _LINES,
            "items": {"pattern": _LINES},
            "minItems": 1,
        }
    ),
]


@flow(
    name=FLOW_NAMES["urls"],
    persist_result=False,
    on_failure=[tell],
    on_crashed=[tell],
    on_cancellation=[tell],
    on_completion=[tell_of_shortfall],
)
def url_list(
    urls: Urls,
    # Empty rather than None: the form shows a field for a text, and two buttons and no field for None.
    target: Annotated[str, Field(pattern=_LANGUAGE)] = "",
    translate: bool = True,
) -> State[Summary]:
    """Fetch, clean, translate and store the articles at these addresses, and link their copies.

    Args:
        urls: Addresses of articles, one a line.
        target: Language to translate into, for example en. Default: from settings.
        translate: Off leaves translations pending.
    """
    folder = handed_on()
    with ends_when_told():
        settings = load_settings(folder, **({"translate": {"target": target}} if target else {}))
        seeds = [Seed(url=url) for url in urls]
        return state_of(run_reported(url_order(seeds, translate=translate), settings, config=folder))
