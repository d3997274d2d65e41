"""Sheets whose persons are no rows (forms of one each, lists on their side, lines in pairs) -> lists of one row each."""

from pipeline.ingest.rosters.unfolding.cards import no_row_each, one_row_each
from pipeline.ingest.rosters.unfolding.unfolded import Unfolded

__all__ = ["Unfolded", "no_row_each", "one_row_each"]
