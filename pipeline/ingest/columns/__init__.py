"""What each column of a header is taken for, what is asked about it, and what the county keeps for itself."""

from pipeline.ingest.columns.matched_columns import missing, settle_columns, unread
from pipeline.ingest.columns.recognised import (
    NO_ANSWERS,
    Answers,
    Recognised,
    answers_for,
    as_headed,
    recognise,
)

__all__ = [
    "NO_ANSWERS",
    "Answers",
    "Recognised",
    "answers_for",
    "as_headed",
    "missing",
    "recognise",
    "settle_columns",
    "unread",
]
