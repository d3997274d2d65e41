"""What may be checked of a row: the nouns of a rule, and the closed vocabulary of its checks."""

from pipeline.checks.rule import (
    YEARS_BEFORE,
    YOUNGEST,
    Check,
    Example,
    Holds,
    Rows,
    Rule,
    Texts,
    Word,
)
from pipeline.checks.vocabulary import OVER_RETURNS, VOCABULARY, part_of_each

__all__ = [
    "OVER_RETURNS",
    "VOCABULARY",
    "YEARS_BEFORE",
    "YOUNGEST",
    "Check",
    "Example",
    "Holds",
    "Rows",
    "Rule",
    "Texts",
    "Word",
    "part_of_each",
]
