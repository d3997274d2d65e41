"""Questions asked of delivered months and of the rules: none of them runs the job again."""

from pipeline.ask.events import event_in_words, place_in_words
from pipeline.ask.history import History, history
from pipeline.ask.months import Delivered, delivered, newest
from pipeline.ask.rulebook import rule_in_words, rulebook
from pipeline.ask.standing import Listed, standing
from pipeline.ask.trial import Trial, try_rule

__all__ = [
    "Delivered",
    "History",
    "Listed",
    "Trial",
    "delivered",
    "event_in_words",
    "history",
    "newest",
    "place_in_words",
    "rule_in_words",
    "rulebook",
    "standing",
    "try_rule",
]
