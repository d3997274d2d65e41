"""Questions asked of delivered months and of the rules: none of them runs the job again."""

from pipeline.ask.events import event_in_words, place_in_words
from pipeline.ask.person_history import History, history
from pipeline.ask.receipts import Delivered, delivered, newest
from pipeline.ask.restated_figures import change_in_words, correction_papers, restatement
from pipeline.ask.row_fates import Fate, fates
from pipeline.ask.rules_in_words import rule_in_words, rulebook
from pipeline.ask.standing_rosters import Listed, standing
from pipeline.ask.traced import Lineage, Source, cells_of, lineage, made_of_rows
from pipeline.ask.trial import Trial, try_rule

__all__ = [
    "Delivered",
    "Fate",
    "History",
    "Lineage",
    "Listed",
    "Source",
    "Trial",
    "cells_of",
    "change_in_words",
    "correction_papers",
    "delivered",
    "event_in_words",
    "fates",
    "history",
    "lineage",
    "made_of_rows",
    "newest",
    "place_in_words",
    "restatement",
    "rule_in_words",
    "rulebook",
    "standing",
    "try_rule",
]
