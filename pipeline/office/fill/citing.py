"""Numbers that know which figure they say, so that a filled workbook can tell which cell says what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Source = tuple[str, ...]
DRAWN: Source = ("",)  # the source of a number that only holds up a picture and says no figure
Cite = Callable[[str, str, Any, Source], None]  # sheet, cell, value, source


class CitedCount(int):
    """A whole number with its source."""

    source: Source = ()


class CitedRate(float):
    """A number with a fraction, with its source."""

    source: Source = ()


def cited(value: Any, source: Source) -> Any:
    """The number with its source; what is no number (—, none) as it is.

    >>> cited(3, ("220000", "training")) + 1, cited("—", ("220000",))
    (4, '—')
    """
    if isinstance(value, bool) or not source or not isinstance(value, int | float):
        return value
    found = CitedCount(value) if isinstance(value, int) else CitedRate(value)
    found.source = source
    return found
