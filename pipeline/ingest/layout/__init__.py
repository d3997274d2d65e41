"""How a sheet is laid out: its blocks, headers and frames, and the lines in which no person stands."""

from pipeline.ingest.layout.blocks import tables_of
from pipeline.ingest.layout.frame_rows import LONG, Line, is_frame_row
from pipeline.ingest.layout.headers import (
    WIDEST,
    Header,
    find_header,
    headless,
    known_headers,
    spread,
)
from pipeline.ingest.layout.lexicon import Lexicon, OfProgramme
from pipeline.ingest.layout.no_persons import (
    SAMPLE,
    TOTAL,
    TOTAL_IN_NOTE,
    heads_a_part,
    is_bare_day,
    is_footer,
    is_note,
    is_office,
    is_padding,
    is_serial,
    signs,
)
from pipeline.ingest.layout.plain_words import plain, without_hint
from pipeline.ingest.layout.roster_headers import fields_in_roles, looks_like_roster
from pipeline.ingest.layout.stacked import beginnings
from pipeline.ingest.layout.surveyed import Survey, survey, topics_of

__all__ = [
    "LONG",
    "SAMPLE",
    "TOTAL",
    "TOTAL_IN_NOTE",
    "WIDEST",
    "Header",
    "Lexicon",
    "Line",
    "OfProgramme",
    "Survey",
    "beginnings",
    "fields_in_roles",
    "find_header",
    "headless",
    "heads_a_part",
    "is_bare_day",
    "is_footer",
    "is_frame_row",
    "is_note",
    "is_office",
    "is_padding",
    "is_serial",
    "known_headers",
    "looks_like_roster",
    "plain",
    "signs",
    "spread",
    "survey",
    "tables_of",
    "topics_of",
    "without_hint",
]
