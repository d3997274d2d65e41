"""Office formats, the only room that knows them: read/ what they hold, fill/ templates, mark/ a county's file."""

from pipeline.office.characters import printable, shown_width
from pipeline.office.zipped import settled

__all__ = ["printable", "settled", "shown_width"]
