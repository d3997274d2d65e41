"""The nouns: what the stages hand to each other. Issues travel one way: each stage's result carries
all that were found up to it."""

from pipeline.model.cell_names import cell_at, place_at
from pipeline.model.filed import (
    Judgement,
    Submission,
    Unit,
)
from pipeline.model.findings import Change, Changes, Issue, Priority, Severity, Status
from pipeline.model.grid import Cell, Columns, Grid
from pipeline.model.results import (
    Claims,
    Compared,
    Document,
    Figures,
    Input,
    Month,
    Receipt,
    Register,
    Stored,
    issue_lines,
    issues_of,
)

__all__ = [
    "Cell",
    "Change",
    "Changes",
    "Claims",
    "Columns",
    "Compared",
    "Document",
    "Figures",
    "Grid",
    "Input",
    "Issue",
    "Judgement",
    "Month",
    "Priority",
    "Receipt",
    "Register",
    "Severity",
    "Status",
    "Stored",
    "Submission",
    "Unit",
    "cell_at",
    "issue_lines",
    "issues_of",
    "place_at",
]
