"""Questions asked of delivered months and of the rules: none of them runs the job again."""

from pipeline.ask.drawn_sample import Sample, draw
from pipeline.ask.events import event_in_words, place_in_words
from pipeline.ask.person_history import History, history
from pipeline.ask.receipts import Delivered, delivered, newest
from pipeline.ask.restated_figures import (
    change_in_words,
    correction_papers,
    delivered_before,
    restatement,
)
from pipeline.ask.row_fates import Fate, fates, fates_in
from pipeline.ask.rules_in_words import rule_in_words, rulebook
from pipeline.ask.sample_papers import FOLDER as INSPECTIONS
from pipeline.ask.sample_papers import drawn_in_words, inspection_papers
from pipeline.ask.split_tasks import Basis, Proposal, bases_of, completed_in, propose
from pipeline.ask.standing_rosters import Listed, standing
from pipeline.ask.traced import Lineage, Source, Tracer, lineage, made_of_rows
from pipeline.ask.trial import Trial, try_rule

__all__ = [
    "INSPECTIONS",
    "Basis",
    "Delivered",
    "Fate",
    "History",
    "Lineage",
    "Listed",
    "Proposal",
    "Sample",
    "Source",
    "Tracer",
    "Trial",
    "bases_of",
    "change_in_words",
    "completed_in",
    "correction_papers",
    "delivered",
    "delivered_before",
    "draw",
    "drawn_in_words",
    "event_in_words",
    "fates",
    "fates_in",
    "history",
    "inspection_papers",
    "lineage",
    "made_of_rows",
    "newest",
    "place_in_words",
    "propose",
    "restatement",
    "rule_in_words",
    "rulebook",
    "standing",
    "try_rule",
]
