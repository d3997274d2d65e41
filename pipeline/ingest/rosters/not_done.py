"""Lists of those who did not take part (未参加培训人员名单, 拟培训): set aside, and said."""

from __future__ import annotations

from pipeline.ingest.layout import Header
from pipeline.ingest.rosters.one_roster import Roster
from pipeline.ingest.whose import frame_lines
from pipeline.model import Grid
from pipeline.programme import Programme
from pipeline.values import compact, fold

_LONGEST_TITLE = 40  # characters


def set_aside(roster: Roster, grid: Grid, header: Header, programme: Programme) -> Roster:
    """The roster, or what is said in its place where its title or its sheet's name says that it is one of
    those who did not take part."""
    if roster.table is None or not roster.table.rows:
        return roster
    heads = [grid.name, *(t for _, _, t in frame_lines(grid, header.top))]
    text = next((t for t in heads if _says_not_done(t, programme)), "")
    if not text:
        return roster
    table = roster.table
    issue = programme.issue("S39", text=compact(text), count=len(table.rows))
    issue = issue.at(sheet=table.sheet, row=header.top)
    return Roster(None, (issue,), units=roster.units, nobodys=True)


def _says_not_done(text: str, programme: Programme) -> bool:
    """Whether a title says so and of no kind of roster besides: 未就业妇女培训名单 is one of training."""
    words = fold(text)
    if len(words) > _LONGEST_TITLE:
        return False
    found = [w for w in programme.words.get("not_done", ()) if w in words]
    if not found:
        return False
    rest = words.replace(max(found, key=lambda w: (len(w), w)), "")
    return not any(w in rest for kind in programme.kinds for w in kind.title_words)
