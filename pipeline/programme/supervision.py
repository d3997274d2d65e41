"""Supervision as the programme says it: samples, what paper archives hold, appraisal, what to look at."""

from __future__ import annotations

from dataclasses import dataclass

# what a unit's work is appraised by; the program knows how each is measured
APPRAISED = ("completion", "timeliness", "first_pass", "rounds", "doubtful", "inspected")
# what is shown as to be looked at; see supervise.clues
CLUES = ("shared_phones", "number_runs", "phone_runs", "equal_amounts", "one_day", "copied_blocks")


@dataclass(frozen=True)
class Inspection:
    """How many persons an inspection (专项检查) looks at; see inspection.sample_size.

    confidence: per cent; margin: percentage points by which the share found may be off; least: persons of
    each unit and indicator at least.
    """

    confidence: int = 95
    margin: int = 5
    least: int = 1


@dataclass(frozen=True)
class Archive:
    """One paper that is looked for on the spot (签到表, 合同 …), of the kinds of roster `on`, all where none."""

    name: str
    label: str
    on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Appraisal:
    """One part of a unit's appraisal (绩效评价).

    name: what is measured (APPRAISED); points: its weight. The value `full` earns them all, `none` and
    beyond earns none, in between in proportion. due_day: timeliness: until which day of the month after
    the period; 0 where none is set.
    """

    name: str
    label: str
    points: int
    full: int
    none: int
    due_day: int = 0

    def earned(self, value: float) -> float:
        """The points that a value earns, to one decimal.

        >>> Appraisal("rounds", "", 15, full=1, none=3).earned(2), Appraisal("x", "", 40, 100, 0).earned(120)
        (7.5, 40.0)
        """
        share = (value - self.none) / (self.full - self.none)
        return round(self.points * min(max(share, 0.0), 1.0), 1)


@dataclass(frozen=True)
class Clue:
    """One pattern that is shown as to be looked at (提请关注), never as an error.

    check: what is sought (CLUES); least: persons from which on it is shown; share: per cent of the unit's
    list, where that matters; field: the amount that is compared.
    """

    check: str
    label: str
    least: int
    share: int = 0
    field: str = ""
