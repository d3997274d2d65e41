"""The nouns: what the stages hand to each other. Issues travel one way: each stage's result carries
all that were found up to it."""

from pipeline.model.filed import (
    Judgement,
    Narrative,
    Reading,
    ReferenceList,
    Sheet,
    StatedTotal,
    Submission,
    Target,
    TaskTable,
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
    Receipt,
    Records,
    Register,
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
    "Narrative",
    "Priority",
    "Reading",
    "Receipt",
    "Records",
    "ReferenceList",
    "Register",
    "Severity",
    "Sheet",
    "StatedTotal",
    "Status",
    "Submission",
    "Target",
    "TaskTable",
    "Unit",
]
