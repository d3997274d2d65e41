"""Numbers that know which figure they say, so that a filled workbook can tell which cell says what."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

Source = tuple[str, ...]
Cite = Callable[[str, str, Any, Source], None]  # sheet, cell, value, source
# the source of what says no figure itself: a number that holds up a picture, a number worked out of figures
# alone
BESIDE: Source = ("",)
WORKED_OUT: Source = ("=",)  # of what a formula of the template comes to
_SCALES = frozenset({10**n for n in range(1, 9)})  # points from rates, 万 from persons


def _reckoned(name: str) -> Callable[[Any, Any], Any]:
    """An operation of plain numbers that remembers whether it had figures alone to work with."""
    plain = getattr(operator, name)
    scales = name in ("mul", "truediv")

    def worked(one: Any, other: Any) -> Any:
        value = plain(_plain(one), _plain(other))
        return cited(value, BESIDE) if _figures_alone(one, other, scales=scales) else value

    return worked


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, CitedCount) else float(value) if isinstance(value, CitedRate) else value  # fmt: skip


def _figures_alone(*values: Any, scales: bool) -> bool:
    return all(
        getattr(v, "source", None) or (v in _SCALES if scales else v == 0) for v in values
    )  # a sum begins with nought


class _Reckoned:
    """A number with its source. What is worked out of such numbers says no figure itself, and a
    number typed into a template makes it a number of no source at all."""

    source: Source = ()
    __add__, __sub__ = _reckoned("add"), _reckoned("sub")
    __mul__, __truediv__ = _reckoned("mul"), _reckoned("truediv")

    def __radd__(self, other: Any) -> Any:
        return _reckoned("add")(other, self)

    def __rsub__(self, other: Any) -> Any:
        return _reckoned("sub")(other, self)

    def __rmul__(self, other: Any) -> Any:
        return _reckoned("mul")(other, self)

    def __rtruediv__(self, other: Any) -> Any:
        return _reckoned("truediv")(other, self)

    def __round__(self, digits: int = 0) -> Any:
        return cited(round(_plain(self), digits), BESIDE)

    def __abs__(self) -> Any:
        return cited(abs(_plain(self)), BESIDE)

    def __neg__(self) -> Any:
        return cited(-_plain(self), BESIDE)


class CitedCount(_Reckoned, int):  # type: ignore[misc]
    """A whole number with its source."""


class CitedRate(_Reckoned, float):  # type: ignore[misc]
    """A number with a fraction, with its source."""


class CitedWord(str):
    """A word that judges a figure (欠进度), with its source."""

    source: Source = ()


def cited(value: Any, source: Source) -> Any:
    """The number or word with its source; —, blanks and what has none as they are.

    >>> cited(3, ("220000", "training")) + 1, cited("—", ("220000",))
    (4, '—')
    """
    if isinstance(value, bool) or not source or value in ("", "—"):
        return value
    kind = {int: CitedCount, float: CitedRate, str: CitedWord}.get(
        next((k for k in (int, float, str) if isinstance(value, k)), type(None))
    )
    if kind is None:
        return value
    found: Any = kind(value)
    found.source = source
    return found
