"""督导: what is to be looked at, how each county's work is appraised, what inspections found."""

from __future__ import annotations

from pipeline.engine import Engine
from pipeline.model import Claims, Figures, Month
from pipeline.model.supervised import Supervision
from pipeline.programme import Programme
from pipeline.supervise.appraised import performance
from pipeline.supervise.clues import to_look_at
from pipeline.supervise.inspection_verdicts import inspected, inspections
from pipeline.supervise.measured import completion, doubtful, first_pass, rounds, timeliness

__all__ = ["supervise"]


def supervise(
    month: Month, claims: Claims, figures: Figures, programme: Programme, engine: Engine
) -> Supervision:
    """Nothing of this moves a figure, and none of it is a finding: it says where an office should look."""
    found = inspections(month, claims, programme, engine)
    measures = {
        "completion": lambda part: completion(figures, programme),
        "timeliness": lambda part: timeliness(part, month, programme),
        "first_pass": lambda part: first_pass(month, figures, programme),
        "rounds": lambda part: rounds(figures),
        "doubtful": lambda part: doubtful(claims, figures, programme, engine),
        "inspected": lambda part: inspected(found, programme),
    }
    measured = {part.name: measures[part.name](part) for part in programme.appraisals}
    return Supervision(
        to_look_at=to_look_at(month, claims, programme, engine),
        performance=performance(measured, figures, programme),
        inspections=found,
    )
