"""The month's tables: all parts side by side, and what depends on more than one file settled."""

from pipeline.month.joined import StoredPart, tables
from pipeline.month.newest import newest_period, roster_periods
from pipeline.month.waiving import tell_idle, waive, waivers_table

__all__ = [
    "StoredPart",
    "newest_period",
    "roster_periods",
    "tables",
    "tell_idle",
    "waive",
    "waivers_table",
]
