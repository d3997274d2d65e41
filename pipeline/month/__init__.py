"""The month's tables: all parts side by side, and what depends on more than one file settled."""

from pipeline.month.joined import StoredPart, tables
from pipeline.month.newest import newest_period, roster_periods
from pipeline.month.rows_and_fates import IN_FILE, by_file, side_by_side
from pipeline.month.waiving import tell_idle, waive, waivers_table

__all__ = [
    "IN_FILE",
    "StoredPart",
    "by_file",
    "newest_period",
    "roster_periods",
    "side_by_side",
    "tables",
    "tell_idle",
    "waive",
    "waivers_table",
]
