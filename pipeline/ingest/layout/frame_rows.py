"""Lines below a header that are no persons by their very form: totals, footers, column numbers, the header again."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

from pipeline.ingest.layout.headers import Header
from pipeline.ingest.layout.no_persons import FILING, FOOTER, TOTAL, signs
from pipeline.ingest.layout.plain_words import plain
from pipeline.model import Cell
from pipeline.values import compact, read_count

_COLUMN_NUMBERS = frozenset("甲乙丙丁戊己庚辛壬癸")
_COLUMN_LETTERS = (*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", *"abcdefghijklmnopqrstuvwxyz", *_COLUMN_NUMBERS)
_FEW_MARKS = 3  # cells
_FEWEST_AGAIN = 3  # cells of a header's row
_MOSTLY_NUMBERED = 0.75  # of the steps from cell to cell
_MOSTLY_HINTS = 0.6  # of the cells
_HINT = re.compile(
    r"[(（]?(?:\d{1,2}(?:[-—~至或]\d{1,2})?位(?:数字?|号码|文本|数)?|男[/或、]女|是[/或、]否|有[/或、]无"
    r"|年[-/.、]?月[-/.、]?日|yyyy[-/.年]?mm.{0,6}|与.{2,8}(?:一致|相同)|(?:必|选|不)填项?|文本格式|数字格式"
    r"|.{0,6}(?:下拉|点击)?选择(?:填写)?|(?:格式|例如?|如)[::].{1,20}|按.{2,12}填写?|填写?.{2,12}|精确到.{1,4}|单位[::].{1,4})[)）]?",
    re.ASCII | re.IGNORECASE,
)
_OTHER_SCRIPT = re.compile(r"[A-Za-z\u1100-\u11ff\u3130-\u318f\uac00-\ud7af.()/'&_:-]+")
LONG = 15  # characters of what can only be a number that tells a person

Line = Mapping[int, Cell]


def is_frame_row(line: Line, header: Header, *, strong: bool) -> bool:
    """Totals, footers, notes, column numbers and repeated headers are no persons.

    `strong`: a number that tells a person stands in the row; then only its first words can say that
    it is none.
    """
    texts = [compact(cell.text) for cell in line.values()]
    if texts and (FOOTER.fullmatch(texts[0]) or FILING.fullmatch(texts[0])):
        return True
    if strong:
        return _says_who_signs(line, header)
    if signs(texts):
        return True
    if any(TOTAL.fullmatch(t) for t in texts[:3]) and not any(len(t) >= LONG for t in texts):
        return True
    return (
        _numbers_columns(texts)
        or _repeats_header(line, header)
        or _in_another_language(texts)
        or _says_how_to_fill(texts)
    )


def _says_who_signs(line: Line, header: Header) -> bool:
    """负责人 | 王某 | 身份证号 | 2201…: who signs, and a name of one of the columns in another, its number
    behind it."""
    cells = sorted(line.items())
    if not any(signs([compact(cell.text)]) for _, cell in cells[:2]):
        return False
    named = {plain(leaf) for leaf in header.leaves.values()}
    return any(
        plain(name.text) in named and len(value.text) >= LONG and value.text[:1].isdigit()
        for (_, name), (_, value) in itertools.pairwise(cells)
    )


def _says_how_to_fill(texts: list[str]) -> bool:
    """The form's own hints below its header: 18位, 男/女, 年-月-日."""
    hints = sum(map(bool, map(_HINT.fullmatch, texts)))
    return hints >= _FEW_MARKS and hints >= _MOSTLY_HINTS * len(texts)


def _in_another_language(texts: list[str]) -> bool:
    """The header once more in English or Korean: no digit and no Chinese character in any of its cells."""
    return len(texts) > _FEW_MARKS and all(map(_OTHER_SCRIPT.fullmatch, texts))


def _numbers_columns(texts: list[str]) -> bool:
    """`甲 1 2 3 …`, `（1） （2）`, `A B C` or `列号 1 2 3 …` under the header; a word in a column of their own is
    allowed."""
    marks = [t for t in texts if t not in ("列号", "栏次", "栏号")]
    if len(marks) > _FEW_MARKS and not set(marks) - set(_COLUMN_LETTERS):
        return True
    numbers = [read_count(t.strip("()")) for t in marks if t not in _COLUMN_NUMBERS]
    steps = sum(
        left is not None and right == left + 1 for left, right in itertools.pairwise(numbers)
    )
    if steps >= 2 and steps >= _MOSTLY_NUMBERED * (len(numbers) - 1):
        return True
    known = {number for number in numbers if number is not None}  # columns moved with their numbers
    return len(numbers) > _FEW_MARKS and len(known) == len(numbers) and max(known) <= 2 * len(known)


def _repeats_header(line: Line, header: Header) -> bool:
    """The header once more, or one row of it, be it half of its words."""
    same = [
        plain(cell.text) in _heads(header, column)
        for column, cell in line.items()
        if column in header.fields or column in header.groups
    ]
    return len(same) >= _FEWEST_AGAIN and all(same)


def _heads(header: Header, column: int) -> str:
    """All that stands over a column, from top to bottom."""
    above = header.groups.get(column) or (header.leaves.get(column, ""),)
    return "".join(map(plain, above))
