"""Templates filled: workbooks and letters, spliced into their own packages."""

from pipeline.office.fill.citing import BESIDE, WORKED_OUT, Cite, Source, cited
from pipeline.office.fill.content import Pieces
from pipeline.office.fill.letters import fill_letter
from pipeline.office.fill.lines import Lines
from pipeline.office.fill.patterns import DrawnRow
from pipeline.office.fill.template import lists_in, opened, taken_apart
from pipeline.office.fill.workbook import fill_drawn, fill_workbook, filled

__all__ = [
    "BESIDE",
    "WORKED_OUT",
    "Cite",
    "DrawnRow",
    "Lines",
    "Pieces",
    "Source",
    "cited",
    "fill_drawn",
    "fill_letter",
    "fill_workbook",
    "filled",
    "lists_in",
    "opened",
    "taken_apart",
]
