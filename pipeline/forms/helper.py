"""The hidden sheet beside a roster: what each row says, worked out once, and which rules it breaks.

A formula names other columns of its row in brackets, `[id_ok]`, and their first row as `[id_ok:]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.checks import YEARS_BEFORE, YOUNGEST, Rule
from pipeline.forms.formulas import (
    FORMULAS,
    Ask,
    checksum_of,
    compacted,
    digits17,
    is_blank,
    narrowed,
)
from pipeline.forms.placed import FIRST, Roster
from pipeline.model import Severity
from pipeline.programme import Field
from pipeline.values import column_letters

_DAYS = ("day", "birth")
_NAME = re.compile(r"\[([\w.]+)(:?)\]")


@dataclass(frozen=True)
class Column:
    """One column of the helper: the formula of its first row, and what it shows for an empty row."""

    name: str
    formula: str
    empty: object


@dataclass(frozen=True)
class Helper:
    """A roster's helper: its columns, and the rules whose rows they mark with 1."""

    roster: Roster
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]

    def area(self, name: str) -> str:
        """All rows of a column, as a formula on another sheet names them."""
        letters = self._letters(name)
        return f"'{self.roster.helper}'!${letters}${FIRST}:${letters}${self.roster.last}"

    def cell(self, name: str) -> str:
        """The first row of a column, from another sheet; the row moves."""
        return f"'{self.roster.helper}'!${self._letters(name)}{FIRST}"

    def formula(self, column: Column) -> str:
        """The formula of a column's first row with the cells it names."""

        def place(match: re.Match[str]) -> str:
            return f"${self._letters(match[1])}{'$' if match[2] else ''}{FIRST}"

        return _NAME.sub(place, column.formula)

    def _letters(self, name: str) -> str:
        return column_letters(1 + [c.name for c in self.columns].index(name))


def helper_of(roster: Roster, ask: Ask, period: str) -> tuple[Helper, tuple[Rule, ...]]:
    """The helper, and the rules of the roster that no formula can say."""
    columns = [_person(roster, ask), *_number(roster), *_certificate(roster), *_counted(roster)]
    for field in roster.fields:
        if field.kind in _DAYS:
            columns += _days(roster.cell(field.name), field.name, _no_date(field, roster, ask))
    names = {c.name: f"[{c.name}]" for c in columns}
    rules, left = [], []
    for rule in _in_force(roster, ask, period):
        if rule.check in FORMULAS and _can_say(rule, roster, ask):
            fails = FORMULAS[rule.check](rule, roster, names, ask)
            columns.append(Column(rule.code, f"=IF(IFERROR({fails},FALSE),1,0)", 0))
            rules.append(rule)
        else:
            left.append(rule)
    return Helper(roster, tuple(columns), tuple(rules)), tuple(left)


def _in_force(roster: Roster, ask: Ask, period: str) -> Iterator[Rule]:
    for tier in ("cell", "row", "return"):
        for rule in ask.programme.rules_of(tier, roster.kind.name):
            if rule.in_force(period) and rule.severity != Severity.INFO:
                yield rule


def _can_say(rule: Rule, roster: Roster, ask: Ask) -> bool:
    """Whether the form has what the rule looks at; of numbers it works out only a person's own."""
    worked_out = {"id": roster.number, "certificate": roster.certificate}
    for name in filter(None, (rule.field, str(rule.options.get("other", "")))):
        kind = ask.programme.field[name].kind
        if not roster.has(name) or worked_out.get(kind, name) != name:
            return False
    if rule.check == "agrees_with_certificate":
        derive = ask.programme.field[rule.field].derive
        return derive is not None and derive.source == roster.certificate
    if rule.check == "readable":
        return ask.programme.field[rule.field].kind in ("certificate", "number", *_DAYS)
    return rule.check != "age_between" or bool(roster.playing("start"))


def _person(roster: Roster, ask: Ask) -> Column:
    """Whether somebody stands in the row: a name, an ID number or a certificate number."""
    first, *others = (roster.cell(field) for field in roster.telling)
    negations = "".join(f"NOT({is_blank(cell)})," for cell in others)
    nil = ",".join(f'TRIM({first})="{word}"' for word in sorted(ask.programme.words["nil"]))
    return Column("person", f"=OR({negations}AND(NOT({is_blank(first)}),NOT(OR({nil}))))", False)


def _number(roster: Roster) -> list[Column]:
    """The number by which a person is counted, compacted; of an ID number, its faults in the order
    reading finds them."""
    person = roster.playing("person")
    if not person:
        return []
    number = roster.cell(person)
    compact = Column("id", f"={compacted(number)}", "")
    if not roster.number:
        return [compact]
    year, month, day = (f"VALUE(MID([id],{at},{size}))" for at, size in ((7, 4), (11, 2), (13, 2)))
    born = f"DATE({year},{month},{day})"
    real = _is_day(year, month, day)
    last = 'ISNUMBER(FIND(MID([id],18,1),"0123456789X"))'
    fault = (
        f'=IF(OR({is_blank(number)},AND(ISNUMBER({number}),N({number})>=10^15)),"",'
        f'IF(LEN([id])<>18,"length",IF(NOT(AND({digits17("[id]")},{last})),"characters",'
        f'IF(NOT(IFERROR({real},FALSE)),"date",'
        f'IF({checksum_of("[id]")}<>MID([id],18,1),"checksum","ok")))))'
    )
    return [
        compact,
        Column("id_fault", fault, ""),
        Column("id_ok", '=IF([id_fault]="ok",1,0)', 0),
        Column("id_birth", f'=IF([id_ok]=1,{born},"")', ""),
    ]


def _certificate(roster: Roster) -> list[Column]:
    """The certificate number compacted, and whether it is one."""
    if not roster.certificate:
        return []
    certificate = roster.cell(roster.certificate)
    tail = (
        'OR(LEN([cert])=20,AND(LEN([cert])=21,ISNUMBER(FIND(MID([cert],21,1),"0123456789"))),'
        'AND(MID([cert],21,1)="B",LEN([cert])>=22,LEN([cert])<=23,ISNUMBER(VALUE(MID([cert],22,2)))))'
    )
    good = (
        f'AND(LEN([cert])>=20,{digits17("[cert]")},ISNUMBER(FIND(MID([cert],18,1),"0123456789X")),'
        f'ISNUMBER(FIND(MID([cert],19,1),"1234567")),ISNUMBER(FIND(MID([cert],20,1),"1234")),{tail})'
    )
    none = f"OR({is_blank(certificate)},AND(ISNUMBER({certificate}),N({certificate})>=10^15))"
    return [
        Column("cert", f"={compacted(certificate)}", ""),
        Column("cert_fault", f"=IF({none},0,IF(IFERROR({good},FALSE),0,1))", 0),
        Column("cert_ok", f"=IF({none},0,1-[cert_fault])", 0),
    ]


def _counted(roster: Roster) -> list[Column]:
    """Who stands in the roster already, and who is new in it; every row is, where nobody is a person."""
    # Excel compares numbers in texts by 15 digits unless a wildcard stands behind them
    again = 'COUNTIF([id:]:[id],[id]&"*")>1'
    formula = f'=IF(AND([person],[id]<>""),IF({again},1,0),0)' if roster.playing("person") else "=0"
    return [Column("again", formula, 0), Column("new", "=IF([person],1-[again],0)", 0)]


def _is_day(year: str, month: str, day: str) -> str:
    """Whether there is such a day; not by DATE, which has its own idea of years before 1900."""
    leap = f"OR(MOD({year},400)=0,AND(MOD({year},4)=0,MOD({year},100)<>0))"
    longest = f"CHOOSE({month},31,IF({leap},29,28),31,30,31,30,31,31,30,31,30,31)"
    return f"AND({year}>0,{month}>=1,{month}<=12,{day}>=1,{day}<=IFERROR({longest},0))"


def _no_date(field: Field, roster: Roster, ask: Ask) -> str:
    """When a day that can be read is none all the same: an activity long before its programme, or
    begun before she was ten (validate.typed)."""
    kind, read = roster.kind, f"[{field.name}.read]"
    if field.name not in (kind.start, kind.finish):
        return ""
    early = f"{read}<DATE({ask.programme.years[0] - YEARS_BEFORE},1,1)"
    if field.name == kind.start and roster.number:
        ten = f"DATE(YEAR(N([id_birth]))+{YOUNGEST},MONTH(N([id_birth])),DAY(N([id_birth])))"
        early = f"OR({early},AND([id_ok]=1,{read}<{ten}))"
    return early


def _days(cell: str, field: str, none: str) -> list[Column]:
    """First and last day that a date cell can mean; "?" where it says no date. `none`: when a day
    that can be read is no date."""
    plain = narrowed(f'TRIM(SUBSTITUTE({cell},"　",""))')
    for mark in ("年", "月", ".", "/", "．", "／", "－", "—", "–"):
        plain = f'SUBSTITUTE({plain},"{mark}","-")'
    text, dashes = f"[{field}.text]", f"[{field}.dashes]"
    year, month, day = (f"[{field}.{part}]" for part in ("year", "month", "day"))
    made = f"DATE({year},{month},{day})"

    def part(n: int) -> str:
        spread = f'SUBSTITUTE({text}&"-1","-",REPT(" ",20))'
        return f"VALUE(TRIM(MID({spread},{1 + 20 * (n - 1)},20)))"

    eight = (f"INT({cell}/10000)", f"MOD(INT({cell}/100),100)", f"MOD({cell},100)")  # 20180901
    number = (
        f"IF(AND({cell}>=20000,{cell}<60000),INT({cell}),"
        f'IF(AND({cell}>=19000101,{_is_day(*eight)}),DATE({",".join(eight)}),"?"))'
    )
    sound = f"AND(OR({dashes}=1,{dashes}=2),{_is_day(year, month, day)},{year}<2100)"
    first = f"[{field}.first]"
    century = f"IF({part(1)}<100,IF({part(1)}<30,2000,1900),0)"
    return [
        Column(f"{field}.plain", f'=SUBSTITUTE(SUBSTITUTE({plain},"日",""),"号","")', ""),
        Column(
            f"{field}.text",
            f'=IF(RIGHT([{field}.plain])="-",LEFT([{field}.plain],LEN([{field}.plain])-1),[{field}.plain])',
            "",
        ),
        Column(f"{field}.dashes", f'=LEN({text})-LEN(SUBSTITUTE({text},"-",""))', 0),
        Column(f"{field}.year", f"=IFERROR({part(1)}+{century},0)", 0),
        Column(f"{field}.month", f"=IFERROR({part(2)},0)", 1),
        Column(f"{field}.day", f"=IFERROR({part(3)},0)", 0),
        Column(
            f"{field}.read",
            f'=IF({is_blank(cell)},"",IF(ISNUMBER({cell}),IFERROR({number},"?"),'
            f'IF(IFERROR({sound},FALSE),{made},"?")))',
            "",
        ),
        Column(
            f"{field}.first",
            f'=IF(ISNUMBER([{field}.read]),IF(IFERROR({none or "FALSE"},FALSE),"?",[{field}.read]),[{field}.read])',
            "",
        ),
        Column(
            f"{field}.last",
            f"=IF(AND(ISTEXT({cell}),{dashes}=1,ISNUMBER({first})),EOMONTH({first},0),{first})",
            "",
        ),
    ]
