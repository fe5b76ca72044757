"""A stacked bar chart as an SVG: a bar a night, a colour a language. Pure text, no drawing library."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

# Okabe and Ito's palette, which people who see colours differently can tell apart, less its black and its pale yellow.
_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7b5ea7")
_OTHER = "#999999"
_OTHER_NAME = "other"

_WIDTH, _HEIGHT = 720, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 110, 34, 34
_WIDEST_BAR = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar: what stands below it, and its parts with their sizes."""

    label: str
    parts: Mapping[str, int]

    @property
    def total(self) -> int:
        """Its whole size."""
        return sum(self.parts.values())


def stacked_bars(title: str, bars: Sequence[Bar]) -> str:
    """Draw bars, oldest to the left.

    Args:
        title: what stands above them.
        bars: any number of them; the seven largest kinds of parts get a colour each, the others one in common.

    Returns:
        An SVG document of 720 by 260, readable on light and dark pages.
    """
    colours = _colours(bars)
    top = _round_up(max((bar.total for bar in bars), default=0))
    shapes = [*_axis(top)]
    step = (_WIDTH - _LEFT - _RIGHT) / max(1, len(bars))
    for position, bar in enumerate(bars):
        shapes += _bar(bar, colours, _LEFT + step * position, step, top)
    shapes += _legend(colours)
    font = "font-family:system-ui,sans-serif;font-size:12px"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" style="{font}">'
        f"<title>{escape(title)}</title>"
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" rx="6" fill="#ffffff"/>'
        f'<text x="{_LEFT}" y="21" fill="#222222" font-weight="600">{escape(title)}</text>{"".join(shapes)}</svg>'
    )


def data_uri(svg: str) -> str:
    """An SVG as an address that holds the picture itself, so that nothing has to be fetched."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _colours(bars: Sequence[Bar]) -> dict[str, str]:
    """A colour for each kind of part, the largest first."""
    sizes: Counter[str] = Counter()
    for bar in bars:
        sizes.update({kind: size for kind, size in bar.parts.items() if size > 0})
    ranked = sorted(sizes, key=lambda kind: (-sizes[kind], kind))
    colours = dict(zip(ranked, _COLOURS, strict=False))
    if len(ranked) > len(_COLOURS):
        colours[_OTHER_NAME] = _OTHER
    return colours


def _bar(bar: Bar, colours: Mapping[str, str], left: float, step: float, top: int) -> list[str]:
    width = min(_WIDEST_BAR, step * 0.7)
    middle = left + step / 2
    sizes = dict.fromkeys(colours, 0)
    for kind, size in bar.parts.items():
        if size > 0:
            sizes[kind if kind in colours else _OTHER_NAME] += size
    shapes = []
    below = 0
    for kind, size in sizes.items():
        if size:
            upper, lower = _y(below + size, top), _y(below, top)
            tip = escape(f"{bar.label}: {size} {kind}")
            shapes.append(
                f'<rect x="{middle - width / 2:.1f}" y="{upper:.1f}" width="{width:.1f}" height="{lower - upper:.1f}" '
                f'fill="{colours[kind]}"><title>{tip}</title></rect>'
            )
            below += size
    shapes.append(_text(middle, _y(below, top) - 5, str(bar.total), "middle", "#222222"))
    shapes.append(_text(middle, _HEIGHT - _BOTTOM + 18, bar.label, "middle"))
    return shapes


def _axis(top: int) -> list[str]:
    shapes = []
    for part in range(3):
        value = top * part // 2
        height = _y(value, top)
        shapes.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{height:.1f}" y2="{height:.1f}" stroke="#dddddd"/>'
        )
        shapes.append(_text(_LEFT - 8, height + 4, str(value), "end"))
    return shapes


def _legend(colours: Mapping[str, str]) -> list[str]:
    left = _WIDTH - _RIGHT + 16
    shapes = []
    for position, (kind, colour) in enumerate(colours.items()):
        height = _TOP + 20 * position
        shapes.append(f'<rect x="{left}" y="{height}" width="12" height="12" fill="{colour}"/>')
        shapes.append(_text(left + 18, height + 11, kind, "start"))
    return shapes


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#555555") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def _y(value: int, top: int) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / top


def _round_up(value: int) -> int:
    """The next number that an axis may end at: an even one, of one or two digits and noughts."""
    step: int = 2 * 10 ** max(0, len(str(value)) - 2)
    return max(2, -(-value // step) * step)
