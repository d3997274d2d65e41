"""Whose column is it: words above a column and what it holds, weighed into one decision over the sheet."""

from pipeline.ingest.recognition.contents import READS, Seen
from pipeline.ingest.recognition.decision import Decision, best_kind, decide
from pipeline.ingest.recognition.left_open import is_given
from pipeline.ingest.recognition.relations import Sheet
from pipeline.ingest.recognition.spelling import Spellings
from pipeline.ingest.recognition.weighing import NOT_USED, Weighed

__all__ = [
    "NOT_USED",
    "READS",
    "Decision",
    "Seen",
    "Sheet",
    "Spellings",
    "Weighed",
    "best_kind",
    "decide",
    "is_given",
]
