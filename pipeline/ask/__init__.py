"""Questions asked of delivered months and of the rules: none of them runs the job again."""

from pipeline.ask.events import event_in_words, place_in_words
from pipeline.ask.fates import Fate, fates
from pipeline.ask.history import History, history
from pipeline.ask.lineage import Lineage, Source, cells_of, lineage
from pipeline.ask.months import Delivered, delivered, newest
from pipeline.ask.restatement import change_in_words, correction_papers, restatement
from pipeline.ask.rulebook import rule_in_words, rulebook
from pipeline.ask.standing import Listed, standing
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
    "newest",
    "place_in_words",
    "restatement",
    "rule_in_words",
    "rulebook",
    "standing",
    "try_rule",
]
