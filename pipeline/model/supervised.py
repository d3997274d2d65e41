"""What supervision comes to: what is to be looked at, how each unit stands, what inspections found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Supervision:
    """The tables of supervision (督导), as data/*.csv has them.

    to_look_at: a line a row of what is to be looked at, ranked: rank, clue, label, evidence, persons,
        unit, indicator, file, sheet, row, cell
    performance: a line a unit and part of its appraisal, and one for the whole (part ''): unit, part, label,
        value, points, of, why; value, points and of blank (null) where there is no evidence
    inspections: a line a person and way of inspection, as reported back; see supervise.inspection_verdicts
    """

    to_look_at: pa.Table
    performance: pa.Table
    inspections: pa.Table
