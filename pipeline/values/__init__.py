"""Reads what people type: dates, numbers, names; and masks what must not be seen."""

from pipeline.values.answers import NO, yes_or_no
from pipeline.values.around import without_end
from pipeline.values.dates import (
    Day,
    Span,
    month_end,
    possible_days,
    read_day,
    read_span,
    read_start,
)
from pipeline.values.days_in_text import days_in
from pipeline.values.folding import compact, fold, is_nothing, one_dot, read_count
from pipeline.values.lettered import column_letters, letters_beside
from pipeline.values.masking import mask_digits, mask_id, mask_name, masked_column, masks
from pipeline.values.names import TITLES, read_name
from pipeline.values.numerals import in_digits, read_numeral
from pipeline.values.phones import is_phone, read_phones
from pipeline.values.radicals import unified
from pipeline.values.ticks import symbol, ticked
from pipeline.values.traditional import simplified, traditional_letters

__all__ = [
    "NO",
    "TITLES",
    "Day",
    "Span",
    "column_letters",
    "compact",
    "days_in",
    "fold",
    "in_digits",
    "is_nothing",
    "is_phone",
    "letters_beside",
    "mask_digits",
    "mask_id",
    "mask_name",
    "masked_column",
    "masks",
    "month_end",
    "one_dot",
    "possible_days",
    "read_count",
    "read_day",
    "read_name",
    "read_numeral",
    "read_phones",
    "read_span",
    "read_start",
    "simplified",
    "symbol",
    "ticked",
    "traditional_letters",
    "unified",
    "without_end",
    "yes_or_no",
]
