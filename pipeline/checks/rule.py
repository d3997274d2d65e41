"""A rule of a programme, what a check sees of a roster, and a word of the vocabulary."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from pipeline.model import Severity

# what is no date though it can be read: an activity begun before she was so old, or so many years
# before its programme
YOUNGEST, YEARS_BEFORE = 10, 10

Texts = npt.NDArray[Any]  # a text a row: fixed-width or objects
Holds = npt.NDArray[np.bool_]

# a row, or the rows of a small roster, as they would be typed: field -> text, number or date
Example = tuple[Mapping[str, object], ...]


@dataclasses.dataclass(frozen=True)
class Rule:
    """One rule of a programme: what is checked, where it is reported, and in which words."""

    code: str
    severity: Severity
    message: str
    source: str
    check: str = ""
    tier: str = ""
    field: str = ""
    at: tuple[str, ...] = ()
    on: tuple[str, ...] = ()  # kinds of roster; empty: every kind that has the field
    title: str = ""
    since: str = ""  # first and last period in which the rule holds, as 2019 or 2019-03
    until: str = ""
    audience: str = ""  # "clerk": told to whoever adds up, never to the unit that filed
    eligibility: bool = False  # who belongs: to be verified against documents, never typed anew
    options: Mapping[str, object] = dataclasses.field(default_factory=dict)
    ok: tuple[Example, ...] = ()
    bad: tuple[Example, ...] = ()

    def number(self, option: str) -> int:
        """A whole-number parameter of the rule."""
        return int(str(self.options[option]))

    def text(self, option: str) -> str:
        """A parameter of the rule in words: the name of the other field, the ending of a number."""
        return str(self.options[option])

    def worded(self, quoted: str = "{value}") -> str:
        """The message with what the cell says and the rule's own numbers in it."""
        message = self.message.replace("{value}", quoted)
        for name, value in self.options.items():
            message = message.replace(f"{{{name}}}", str(value))
        return message

    def in_force(self, period: str) -> bool:
        """Whether the rule holds for returns of a period.

        >>> rule = Rule("R99", Severity.ERROR, "", "", since="2019", until="2019-06")
        >>> [rule.in_force(p) for p in ("2018-12", "2019-01", "2019-06", "2019-07")]
        [False, True, True, False]
        """
        late_enough = period[: len(self.since)] >= self.since
        return late_enough and (not self.until or period[: len(self.until)] <= self.until)


class Rows(Protocol):
    """The rows of a roster as typed, a column at a time; a text is '' where there is none."""

    def values(self, field: str) -> Texts:
        """What the cells say: text, a code of a list, a day in ISO."""

    def lasts(self, field: str) -> Texts:
        """The last day meant, for days."""

    def faults(self, field: str) -> Texts:
        """What reading found wrong: blank, rounded, length, unreadable …"""

    def texts(self, field: str) -> Texts:
        """The cells as filed."""

    def held(self, field: str) -> Holds:
        """Whether the row's sheet has such a column."""

    def filled_down(self, field: str) -> Holds:
        """Whether the number is one of three or more that rise by 1 from row to row."""

    def births(self, field: str) -> Texts:
        """The birth date in a sound ID number."""

    def ages(self, field: str) -> npt.NDArray[np.float64]:
        """Years completed when the activity began, by an ID number; NaN where either is not known."""

    def derived(self, field: str, other: str) -> Texts:
        """What another field's value tells of this one."""

    def years(self) -> Texts:
        """The year of the return."""

    def period_ends(self) -> Texts:
        """The last day of the return's period."""

    def sharing(self, field: str) -> npt.NDArray[np.int64]:
        """How many persons of the same return (unit, kind, year) say the same here."""


Check = Callable[[Rows, Rule], Holds]


@dataclasses.dataclass(frozen=True)
class Word:
    """One word of the vocabulary, and which options a rule that uses it must give."""

    check: Check
    numbers: frozenset[str]  # options that are whole numbers
    texts: frozenset[str]  # options in words; `other` names a field

    @property
    def meaning(self) -> str:
        """What the check demands, in Chinese, for the rulebook."""
        return (self.check.__doc__ or "").strip()
