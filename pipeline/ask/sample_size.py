"""How many persons an inspection (专项检查) looks at, and how many of each stratum."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from statistics import NormalDist
from typing import TypeVar

Stratum = TypeVar("Stratum", bound=Hashable)
_UNKNOWN_SHARE = (
    0.5  # nothing is known of the share beforehand: the one that asks for the most persons
)


def sample_size(population: int, confidence: int, margin: int) -> int:
    """How many of `population` persons tell a share within `margin` percentage points, with `confidence` per
    cent: n0 = z² p (1 - p) / e², then the finite population correction n = n0 / (1 + (n0 - 1) / N).

    Source: Cochran, Sampling Techniques, 3rd ed. 1977, 4.4.

    >>> sample_size(454, 95, 5), sample_size(223, 95, 5), sample_size(10**9, 95, 5), sample_size(0, 95, 5)
    (209, 142, 385, 0)
    """
    if not population:
        return 0
    z = NormalDist().inv_cdf(0.5 + confidence / 200)
    first = z**2 * _UNKNOWN_SHARE * (1 - _UNKNOWN_SHARE) / (margin / 100) ** 2
    return min(math.ceil(first / (1 + (first - 1) / population)), population)


def allotted(total: int, counts: Mapping[Stratum, int], least: int = 0) -> dict[Stratum, int]:
    """`total` persons divided among strata in proportion to their counts, by the largest remainder; `least` of
    each first, all where there are fewer. Equal remainders go to the stratum that comes first.

    >>> allotted(10, {"a": 60, "b": 30, "c": 2}, least=1), allotted(99, {"a": 3, "b": 1})
    ({'a': 6, 'b': 3, 'c': 1}, {'a': 3, 'b': 1})
    """
    found = {stratum: min(least, count) for stratum, count in counts.items()}
    rest = {stratum: count - found[stratum] for stratum, count in counts.items()}
    left = min(max(total - sum(found.values()), 0), sum(rest.values()))
    whole = sum(rest.values())
    if not left:
        return found
    remainders = []
    for nth, (stratum, count) in enumerate(rest.items()):
        share, remainder = divmod(left * count, whole)
        found[stratum] += share
        remainders.append((-remainder, nth, stratum))
    missing = left - sum(left * count // whole for count in rest.values())
    for _, _, stratum in sorted(remainders)[:missing]:
        found[stratum] += 1
    return found
