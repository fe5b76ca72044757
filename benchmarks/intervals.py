"""How sure a figure is that was measured on some pages or texts: an interval by resampling them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_TIMES = 2000
_SEED = 20260314  # the same cases give the same interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A figure that is a sum over cases divided by another: a mean, a share, a precision, an F1.

    Args:
        over: what each case adds above the line.
        under: what each adds below it; as long as `over`.
    """

    over: Sequence[float]
    under: Sequence[float]

    @property
    def value(self) -> float | None:
        """The figure; None where nothing stands below the line."""
        below = sum(self.under)
        return sum(self.over) / below if below else None

    @property
    def between(self) -> tuple[float, float] | None:
        """The bounds of its 95 % interval by the bootstrap over cases; None of fewer than two cases.

        Source: Efron & Tibshirani 1993, the percentile interval.
        """
        count = len(self.over)
        if count < 2 or self.value is None:
            return None
        drawn = np.random.default_rng(_SEED).multinomial(count, np.full(count, 1 / count), size=_TIMES)
        above, below = drawn @ np.asarray(self.over, float), drawn @ np.asarray(self.under, float)
        found = above[below > 0] / below[below > 0]
        low, high = np.percentile(found, [2.5, 97.5])
        return float(low), float(high)


def mean(values: Sequence[float]) -> Ratio:
    """The mean of values, or the share of those that are true."""
    return Ratio(over=values, under=[1.0] * len(values))
