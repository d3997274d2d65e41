"""The leak gate: the exact bytes of a file searched for personal data it may not hold; fails closed."""

from pipeline.gate.known import Known, known_of
from pipeline.gate.searching import Leak, in_words, search
from pipeline.gate.withheld import LEAKS, withhold

__all__ = ["LEAKS", "Known", "Leak", "in_words", "known_of", "search", "withhold"]
