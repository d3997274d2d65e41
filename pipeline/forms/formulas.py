"""The programme's rules as formulas, so that form and check cannot say different things.

Each word of the vocabulary that a formula can say has one here; the others are named on the form as
checked by the office. Only functions that Excel 2010, WPS and LibreOffice share are used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from pipeline.checks import Rule
from pipeline.forms.placed import Roster
from pipeline.programme import Programme

Names = Mapping[str, str]  # what the helper sheet has worked out: name -> cell of the first row
Formula = Callable[[Rule, Roster, Names, "Ask"], str]

# what reading passes over in a number: spaces of all kinds, quotes, dashes, dots
_IN_NUMBERS = (
    " ", "　", "\u00a0", "\u200b", "\ufeff", "'", "＇", "`", "‘", "’", "“", "”", "′", "-", "－", "‐",
    "‑", "‒", "–", "—", "_", "＿", ".", "．", ",", "，", "。", "、", "·",
)  # fmt: skip
_WIDE_DIGITS = dict(zip("０１２３４５６７８９", "0123456789", strict=True))
# what is taken for X: Latin, Cyrillic and Greek letters, the sign of multiplication
_LIKE_X = dict.fromkeys("ＸｘХх×Χχ", "X")
NOTHING, NOTHING_WORDS = "_nothing", (  # a name of the workbook, and what it holds
    "　", "无", "/", "／", "\\", "＼", "-", "－", "--", "—", "——", "空", "暂无", "未填", "NULL",
)  # fmt: skip
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Ask:
    """What a formula needs to know of the programme and of the month."""

    def __init__(
        self, programme: Programme, end: date, codes: Mapping[str, tuple[str, str]]
    ) -> None:
        self.programme, self.end, self.codes = programme, end, codes

    @property
    def last_day(self) -> str:
        """The period's end as a formula."""
        return f"DATE({self.end.year},{self.end.month},{self.end.day})"

    def code(self, field: str, cell: str) -> str:
        """The code of a code word, or nothing."""
        words, codes = self.codes[self.programme.field[field].codes]
        return f'IFERROR(INDEX({codes},MATCH(TRIM({cell})&"",{words},0)),"")'

    def known(self, field: str, cell: str) -> str:
        """Whether a word stands in the field's code list."""
        words, _ = self.codes[self.programme.field[field].codes]
        return f'SUMPRODUCT(--({words}=TRIM({cell})&""))>0'


def is_blank(cell: str) -> str:
    """What reading takes for nothing: an empty cell, 无, a slash, a dash (values.words)."""
    return f'OR(TRIM({cell})="",SUMPRODUCT(--({NOTHING}=TRIM({cell})))>0)'


def compacted(cell: str) -> str:
    """A number as typed, in capitals, as reading compacts it (numbers.digits): without spaces, quotes
    and dashes, full-width digits as digits, what looks like X as X."""
    plain = f"CLEAN({cell})"
    for mark in _IN_NUMBERS:
        plain = f'SUBSTITUTE({plain},"{mark}","")'
    for typed, meant in (_WIDE_DIGITS | _LIKE_X).items():
        plain = f'SUBSTITUTE({plain},"{typed}","{meant}")'
    return f"UPPER({plain})"


def narrowed(text: str) -> str:
    """A text with full-width digits as digits."""
    for typed, meant in _WIDE_DIGITS.items():
        text = f'SUBSTITUTE({text},"{typed}","{meant}")'
    return text


def digits17(number: str) -> str:
    """Whether the first 17 characters are digits."""
    rest = f"LEFT({number},17)"
    for digit in "0123456789":
        rest = f'SUBSTITUTE({rest},"{digit}","")'
    return f'{rest}=""'


def checksum_of(number: str) -> str:
    """The eighteenth character that belongs to the first 17 (GB 11643)."""
    # digit by digit: an array of places is more than programs that only look a formula up can follow
    summed = "+".join(f"MID({number},{at},1)*{weight}" for at, weight in enumerate(_WEIGHTS, 1))
    return f'MID("10X98765432",MOD({summed},11)+1,1)'


def _rounded(cell: str) -> str:
    return f"AND(ISNUMBER({cell}),N({cell})>=10^15)"


def _present(rule: Rule, at: Roster, names: Names, ask: Ask) -> str:
    return f"AND({names['person']},{is_blank(at.cell(rule.field))})"


def _not_rounded(rule: Rule, at: Roster, names: Names, ask: Ask) -> str:
    return _rounded(at.cell(rule.field))


def _id_fault(fault: str) -> Formula:
    def formula(rule: Rule, at: Roster, names: Names, ask: Ask) -> str:
        return f'{names["id_fault"]}="{fault}"'

    return formula


def _readable(rule: Rule, at: Roster, names: Names, ask: Ask) -> str:
    kind, cell = ask.programme.field[rule.field].kind, at.cell(rule.field)
    if kind == "certificate":
        return f"{names['cert_fault']}=1"
    if kind == "number":
        return f'AND(NOT({is_blank(cell)}),ISERROR(VALUE(SUBSTITUTE({cell},",",""))))'
    return f'{names[f"{rule.field}.first"]}="?"'


def _without_doubt(rule: Rule, at: Roster, names: Names, ask: Ask) -> str:
    return f"{names[f'{rule.field}.first']}<>{names[f'{rule.field}.last']}"


def _known_word(rule: Rule, at: Roster, names: Names, ask: Ask) -> str:
    cell = at.cell(rule.field)
    return f"AND(NOT({is_blank(cell)}),NOT({ask.known(rule.field, cell)}))"


def _length_between(rule: Rule, at: Roster, names: Names, ask: Ask) -> str:
    name = f'SUBSTITUTE(SUBSTITUTE({at.cell(rule.field)}," ",""),"　","")'
    least, most = rule.number("least"), rule.number("most")
    return f"AND(NOT({is_blank(at.cell(rule.field))}),OR(LEN({name})<{least},LEN({name})>{most}))"


def _not_ending_with(rule: Rule, at: Roster, names: Names, ask: Ask) -> str:
    ending = rule.text("ending")
    return f'AND({names["id_ok"]}=1,RIGHT({names["id"]},{len(ending)})="{ending}")'


def _woman(rule: Rule, at: Roster, names: Names, ask: Ask) -> str:
    male = f'{ask.code(rule.field, at.cell(rule.field))}="1"'
    digit = f'AND({names["id_ok"]}=1,ISODD(VALUE(MID({names["id"]}&"000000000000000000",17,1))))'
    return f"OR({male},{digit})"


def _not_answered_no(rule: Rule, at: Roster, names: Names, ask: Ask) -> str:
    return f'{ask.code(rule.field, at.cell(rule.field))}="no"'


def _same_person(rule: Rule, at: Roster, names: Names, ask: Ask) -> str:
    return f"AND({names['id_ok']}=1,{names['cert_ok']}=1,LEFT({names['cert']},18)<>{names['id']})"


def _not_before(rule: Rule, at: Roster, names: Names, ask: Ask) -> str:
    last, start = names[f"{rule.field}.last"], names[f"{rule.text('other')}.first"]
    return f"AND(ISNUMBER({last}),ISNUMBER({start}),N({last})<N({start}))"


def _within_period(rule: Rule, at: Roster, names: Names, ask: Ask) -> str:
    days = (names[f"{rule.field}.first"], names[f"{rule.text('other')}.first"])
    late = ",".join(f"AND(ISNUMBER({day}),N({day})>{ask.last_day})" for day in days)
    return f"OR({late})"


def _agrees_with_certificate(rule: Rule, at: Roster, names: Names, ask: Ask) -> str:
    derive = ask.programme.field[rule.field].derive
    if derive is None:
        raise AssertionError("a field that is held against a number is derived from it")
    size = (derive.stop or 18) - derive.start
    code = ask.code(rule.field, at.cell(rule.field))
    return f'AND({names["cert_ok"]}=1,{code}<>"",{code}&""<>MID({names["cert"]},{derive.start + 1},{size}))'


def _same_birth(rule: Rule, at: Roster, names: Names, ask: Ask) -> str:
    first, last = names[f"{rule.field}.first"], names[f"{rule.field}.last"]
    of_id = names["id_birth"]
    return (
        f"AND(ISNUMBER({first}),ISNUMBER({of_id}),OR(N({of_id})<N({first}),N({of_id})>N({last})))"
    )


def _age_between(rule: Rule, at: Roster, names: Names, ask: Ask) -> str:
    start, birth = names[f"{at.kind.start}.first"], names["id_birth"]
    months = f"(MONTH(N({start}))*100+DAY(N({start}))<MONTH(N({birth}))*100+DAY(N({birth})))"
    age = f"(YEAR(N({start}))-YEAR(N({birth}))-{months})"
    outside = f"OR({age}<{rule.number('least')},{age}>{rule.number('most')})"
    return f"AND(ISNUMBER({start}),ISNUMBER({birth}),{outside})"


def _begun_in_return_year(rule: Rule, at: Roster, names: Names, ask: Ask) -> str:
    first = names[f"{rule.field}.first"]
    return f"AND(ISNUMBER({first}),YEAR(N({first}))<>{ask.end.year})"


FORMULAS: Mapping[str, Formula] = {
    "present": _present,
    "answered": _present,
    "not_rounded": _not_rounded,
    "sound_length": _id_fault("length"),
    "sound_characters": _id_fault("characters"),
    "sound_date": _id_fault("date"),
    "sound_checksum": _id_fault("checksum"),
    "readable": _readable,
    "without_doubt": _without_doubt,
    "known_word": _known_word,
    "length_between": _length_between,
    "not_ending_with": _not_ending_with,
    "woman": _woman,
    "not_answered_no": _not_answered_no,
    "same_person": _same_person,
    "not_before": _not_before,
    "within_period": _within_period,
    "agrees_with_certificate": _agrees_with_certificate,
    "same_birth": _same_birth,
    "age_between": _age_between,
    "begun_in_return_year": _begun_in_return_year,
}
