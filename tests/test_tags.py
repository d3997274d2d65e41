"""What one look over a worksheet's tags tells, wherever the pieces it is looked at in end."""

import pytest

from pipeline.office.read.tags import Tags, tags_of

_PIECE = 1 << 20
_FILLER = b'<c r="A1"><v>1</v></c>'


def _sheet(cell: bytes, before: int) -> bytes:
    """A worksheet in which a cell begins so many bytes before the end of the first piece."""
    head = b"<worksheet><sheetData><row>"
    wanted = _PIECE - before - len(head)
    filler = _FILLER * (wanted // len(_FILLER)) + b" " * (wanted % len(_FILLER))
    return head + filler + cell + b"</row></sheetData></worksheet>"


@pytest.mark.parametrize("before", range(40))
def test_a_cell_is_seen_where_two_pieces_meet(before: int) -> None:
    far = tags_of(_sheet(b'<c r="AB123456" t="s"><v>1</v></c>', before))
    assert (far.widest, far.far, far.placeless, far.padded) == (28, True, False, False)
    assert tags_of(_sheet(b'<c s="12345"><v>1</v></c>', before)).placeless
    assert tags_of(_sheet(b'<c r="B1"><v> 1</v></c>', before)).padded
    assert tags_of(_sheet(b'<c r="B1"><v>1 </v></c>', before)).padded
    assert ord("f") in tags_of(_sheet(b'<c r="B1"><f>1</f><v>1</v></c>', before)).first
    row = b'</row><row hidden="1">'
    part = _sheet(row, before)
    assert [part[at : at + 5] for at in tags_of(part).rows[:3]] == [b"<row>", b"<row "]


def test_an_ordinary_sheet_raises_no_doubt() -> None:
    tags = tags_of(b'<sheetData><row r="1"><c r="C1" s="3"><v>12</v></c></row></sheetData>')
    assert (tags.widest, tags.far, tags.placeless, tags.padded) == (3, False, False, False)


@pytest.mark.parametrize("part", [b"", b"<", b"<c", b'<c r="', b'<c r="ABCDEFG1"'])
def test_what_is_cut_short_or_too_wide_breaks_nothing(part: bytes) -> None:
    tags = tags_of(part)
    assert isinstance(tags, Tags)
    assert tags.widest == (26**4 if part.endswith(b'1"') else 0)
