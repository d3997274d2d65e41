"""The rosters of a sheet, however they are written: each row a person, or said to be none."""

from pipeline.ingest.rosters.names_alone import names_passed_over
from pipeline.ingest.rosters.one_roster import Around, Roster, recognised_table, recognised_under
from pipeline.ingest.rosters.sheet_rosters import read_rosters
from pipeline.ingest.rosters.sheet_versions import without_drafts
from pipeline.ingest.rosters.unfolding import Unfolded, no_row_each, one_row_each
from pipeline.ingest.rosters.wording import numbers_in

__all__ = [
    "Around",
    "Roster",
    "Unfolded",
    "names_passed_over",
    "no_row_each",
    "numbers_in",
    "one_row_each",
    "read_rosters",
    "recognised_table",
    "recognised_under",
    "without_drafts",
]
