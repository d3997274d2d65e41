"""Forms that check themselves: their own verdict, worked out by an office program, is that of `check`."""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import formualizer
import openpyxl
import pytest
from click.testing import CliRunner
from drawing import id_no
from office import all_converted, needs_office
from remembered import Shown, differing, remembered

from pipeline.ask.standing_rosters import Listed
from pipeline.check import check
from pipeline.cli import cli
from pipeline.forms import FORMULAS, forms, units_for
from pipeline.forms.blank import blank_form
from pipeline.forms.placed import FIRST, rosters_of
from pipeline.forms.prefilling import prefilled
from pipeline.home import open_home
from pipeline.ingest import as_filed
from pipeline.model import Figures, Severity, Status, Submission, issues_of
from pipeline.numbers import check_digit, id_fault
from pipeline.programme import Programme
from pipeline.run import run

PERIOD, ROWS = "2018-11", 40
Row = Mapping[str, object]


@pytest.fixture(scope="module")
def blank(programme: Programme) -> bytes:
    return form_of(programme)


def form_of(programme: Programme, unit: str = "220122", rows: int = ROWS) -> bytes:
    """A unit's form as it is given out."""
    (form,) = forms(programme, PERIOD, units_for(programme, PERIOD, [unit]), rows)
    return form.content


def filled(form: bytes, rosters: Mapping[str, Iterable[Row]], programme: Programme) -> bytes:
    """The form with rows typed into its rosters; numbers of identity as text, as its cells ask."""
    book: Any = openpyxl.load_workbook(io.BytesIO(form))
    for roster in rosters_of(programme, ROWS):
        sheet = book[roster.kind.label]
        for n, row in enumerate(rosters.get(roster.kind.name, ()), FIRST):
            for field, value in row.items():
                cell = sheet[f"{roster.letters(field)}{n}"]
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def recalculated(contents: Sequence[bytes], folder: Path, suffix: str = "xlsx") -> list[bytes]:
    """What an office program makes of files when it opens and saves them."""
    files = [folder / f"form{n}.xlsx" for n in range(len(contents))]
    for file, content in zip(files, contents, strict=True):
        file.write_bytes(content)
    return [made.read_bytes() for made in all_converted(files, folder, suffix)]


def verdict(content: bytes) -> tuple[str, Counter[tuple[str, str]]]:
    """The verdict of the 自检 sheet, and what it counts by roster and rule."""
    sheet: Any = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["自检"]
    lines = [
        row for row in sheet.iter_rows(min_row=5, values_only=True) if row[2] in ("退回", "核实")
    ]
    return str(sheet["A2"].value), Counter({(r[0], r[1]): int(r[3]) for r in lines if r[3]})


def person(n: int, **other: object) -> dict[str, object]:
    number = id_no(f"22012219{70 + n % 20}{1 + n % 12:02d}{1 + n % 28:02d}{n % 10}02")
    return {
        "name": "王秀英", "gender": "女", "ethnic": "汉族", "id_no": number, "cert_no": f"{number}43",
        "category": "肢体残疾", "grade": "三级", "poor": "是", "phone": f"138000{n:05d}", **other,
    }  # fmt: skip


def trained(n: int, **other: object) -> dict[str, object]:
    return (
        person(n)
        | {"training_item": "刺绣", "started_on": "2018-09-01", "finished_on": date(2018, 9, 10)}
        | other
    )


def employed(n: int, **other: object) -> dict[str, object]:
    return person(n) | {"employed_on": "2018.10.8"} | other


def wrong(n: int) -> str:
    """A sound number of a woman with its check digit changed."""
    number = str(person(n)["id_no"])
    return number[:17] + ("0" if number[17] != "0" else "1")


WIDE = "22062119651012228X"  # as typed with full-width digits, and with a Cyrillic Х
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
UNSOUND: dict[str, list[Row]] = {
    "training": [
        trained(1, name=""),
        trained(2, id_no=""),
        trained(3, cert_no="无"),
        trained(4, started_on=""),
        trained(5, finished_on=""),
        trained(6, id_no=220122197803050244),
        trained(7, id_no="22012219780305024"),
        trained(8, id_no="22012219780305O244"),
        trained(9, id_no="222401199002290040"),
        trained(10, id_no=wrong(10)),
        trained(11, cert_no=220122197803050244),
        trained(12, cert_no="22012219780305024483"),
        trained(13, started_on="待定"),
        trained(14, finished_on="2018.2.30"),
        trained(15, started_on="2018年9月"),
        trained(16, ethnic="汗族", education="私塾"),
        trained(17, gender="男"),
        trained(18, poor="否"),
        trained(19, cert_no=f"{person(20)['id_no']}43"),
        trained(21, finished_on="2018-08-31"),
        trained(22, finished_on=date(2018, 12, 1)),
        trained(23, poor=""),
        trained(24, category="视力残疾", grade="一级"),
        trained(25, birth="1950年1月"),
        trained(26, started_on="2017-12-30"),
        trained(27, id_no=id_no("22012220100101004"), cert_no=id_no("22012220100101004") + "43"),
        trained(28, name="王"),
        trained(29, started_on=20180901),
        trained(30, started_on=43344),
    ],
    "employment": [
        employed(1, employed_on=""),
        employed(2, employed_on="已上岗"),
        employed(3, employed_on="2018-12-05"),
        employed(4, job_form="打工", craft="养殖"),
        employed(5),
    ],
}


# by name: the rows filled in, what the form says of itself, and what the check says of it
FILLED: dict[str, tuple[Mapping[str, list[Row]], str, Status]] = {
    "sound": (
        {"training": [trained(1), trained(2)], "employment": [employed(1)]},
        "可以上报",
        Status.ACCEPTED,
    ),
    "decorated": ({"training": [
        trained(1, id_no=f"{str(person(1)['id_no'])[:6]}-{str(person(1)['id_no'])[6:14]} {str(person(1)['id_no'])[14:]}"),
        trained(2, id_no=f"'{person(2)['id_no']}", cert_no=f"{person(2)['cert_no']}\u00a0"),
        trained(3, id_no=WIDE.translate(FULL_WIDTH), cert_no=f"{WIDE[:17]}Х43", started_on="２０１８-０９-０１"),
    ]}, "可以上报", Status.ACCEPTED),
    "to be verified": (
        {"training": [trained(1, phone="13800138000"), trained(2, ethnic="汗族")]},
        "可以上报，另有 1 处请核实",
        Status.ACCEPTED_WITH_NOTES,
    ),
    "unsound": (UNSOUND, "处错误，不能上报", Status.RETURNED),
    "nil": ({"training": [{"name": "零报告"}]}, "零报告，可以上报", Status.ACCEPTED),
}  # fmt: skip


@pytest.fixture(scope="module")
def saved(
    blank: bytes, programme: Programme, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[bytes, bytes]]:
    """Each of them as typed, and as an office program saves it, which works its formulas out."""
    forms_filled = [filled(blank, rosters, programme) for rosters, *_ in FILLED.values()]
    folder = tmp_path_factory.mktemp("forms")
    worked_out = recalculated(forms_filled, folder)
    return dict(zip(FILLED, zip(forms_filled, worked_out, strict=True), strict=True))


@needs_office
@pytest.mark.filterwarnings("ignore:Cell V32 is marked as a date")  # 20180901 in a date's cell
@pytest.mark.parametrize("name", FILLED)
def test_the_form_says_of_itself_what_check_says(
    name: str, saved: Mapping[str, tuple[bytes, bytes]], programme: Programme, tmp_path: Path
) -> None:
    (typed, content), (_, expected, status) = saved[name], FILLED[name]
    # by the library that works filled forms out for who only looks at them
    unlike = differing(formualizer.recalculate_xlsx_bytes(typed)["bytes"], content)
    # a number of 18 digits becomes words in each program's way; filled forms hold such numbers as text
    assert [cells for cells in unlike if cells[2] is None or "E+" not in cells[2].value] == []
    file = tmp_path / "随便起的名字.xlsx"
    file.write_bytes(content)
    (result,) = check({file: ""}, programme)
    own, counts = verdict(content)
    assert expected in own
    assert (result.verdict, result.unit) == (status, "220122")
    labels = {k.name: k.label for k in programme.kinds}
    of_kind = {t.sheet: t.kind for t in as_filed(_submission(content), programme).tables}
    checked = Counter(
        (labels[of_kind[i.sheet]], programme.rule[i.rule].title)
        for i in result.issues
        if i.row and i.severity != Severity.INFO and _in_form(i.rule, programme)
    )
    assert counts == checked
    if status == Status.RETURNED:
        errors = sum(i.severity == Severity.ERROR for i in result.issues)
        assert own.startswith(f"还有 {errors} 处错误")


def _submission(content: bytes, name: str = "新建工作表.xlsx", period: str = "") -> Submission:
    return Submission(f"{period}/{name}" if period else name, "0", period, content)


def _in_form(code: str, programme: Programme) -> bool:
    rule = programme.rule[code]
    return rule.check in FORMULAS and any(r.has(rule.field) for r in rosters_of(programme, ROWS))


def test_every_error_rule_is_in_the_form_or_named_as_beyond_it(
    blank: bytes, programme: Programme
) -> None:
    sheet: Any = openpyxl.load_workbook(io.BytesIO(blank))["自检"]
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    checked = {(r[0], r[1]) for r in rows if r[2] in ("退回", "核实")}
    beyond = {r[0] for r in rows if r[2] and str(r[2]).startswith("表内查不了")}
    for roster in rosters_of(programme, ROWS):
        for tier in ("cell", "row", "return"):
            for rule in programme.rules_of(tier, roster.kind.name):
                if rule.severity != Severity.INFO:
                    assert ((roster.kind.label, rule.title) in checked) != (rule.title in beyond), (
                        rule.code
                    )
    assert {r.title for r in programme.rules if r.check == "not_filled_down"} <= beyond


@needs_office
@pytest.mark.parametrize("count", [40, pytest.param(500, marks=pytest.mark.thorough)])
def test_the_check_digit_in_the_cell_is_that_of_the_standard(
    count: int, programme: Programme, tmp_path: Path
) -> None:
    """Drawn numbers, sound and unsound, through the form's formula and through ours."""
    rng = random.Random(20181201)
    numbers = []
    for _ in range(count):
        born = date.fromordinal(
            rng.randrange(date(1930, 1, 1).toordinal(), date(2010, 1, 1).toordinal())
        )
        first17 = f"22{rng.randrange(10_000):04d}{born:%Y%m%d}{rng.randrange(1000):03d}"
        number = first17 + check_digit(first17)
        slip = rng.randrange(18)
        numbers.append(
            rng.choice((
                number, number, number[:slip] + rng.choice("0123456789X") + number[slip + 1 :],
                number[:slip], f"{number[:10]}13{number[12:]}", number.lower(), f"{number[:6]} {number[6:]}",
            ))
        )  # fmt: skip
    numbers.append(f"X{number[1:]}")
    (form,) = forms(programme, PERIOD, units_for(programme, PERIOD, ["220122"]), len(numbers))
    book: Any = openpyxl.load_workbook(io.BytesIO(form.content))
    roster = rosters_of(programme, len(numbers))[0]
    sheet = book[roster.kind.label]
    for n, number in enumerate(numbers, FIRST):
        sheet[f"{roster.letters('id_no')}{n}"] = number
    out = io.BytesIO()
    book.save(out)
    (worked_out,) = recalculated([out.getvalue()], tmp_path)
    helper: Any = openpyxl.load_workbook(io.BytesIO(worked_out), data_only=True)[roster.helper]
    found = [helper.cell(n, 3).value or "" for n in range(FIRST, FIRST + len(numbers))]
    wanted = ["" if not n else id_fault(n.upper().replace(" ", "")) or "ok" for n in numbers]
    assert found == wanted
    assert set(wanted) >= {"ok", "length", "characters", "date", "checksum"}


@pytest.mark.parametrize("nth", [7, pytest.param(1, marks=pytest.mark.thorough)])
def test_every_unit_gets_a_form_that_names_itself(nth: int, programme: Programme) -> None:
    """Every nth as it is given out and filled in."""
    units = units_for(programme, PERIOD)
    made = {form.path: form.content for form in forms(programme, PERIOD, units, 3)}
    assert len(made) == len(units) == 61
    for n, (unit, (path, content)) in enumerate(zip(units, made.items(), strict=True)):
        assert path == f"{unit.code}_{unit.name}_2018-11_报表.xlsx"
        if n % nth == 0:
            blank = as_filed(_submission(content), programme)
            assert (blank.units, blank.period) == ((unit.code,), PERIOD)
            one = filled(content, {"training": [trained(1)]}, programme)
            reading = as_filed(_submission(one), programme)
            assert (reading.status, reading.units, reading.period) == (
                Status.ACCEPTED,
                (unit.code,),
                PERIOD,
            )
            assert [i.rule for i in reading.issues] == []


@needs_office
@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_a_form_saved_in_another_format_still_names_itself(
    suffix: str, programme: Programme, tmp_path: Path
) -> None:
    one = filled(form_of(programme, rows=5), {"training": [trained(1)]}, programme)
    (content,) = recalculated([one], tmp_path, suffix)
    reading = as_filed(_submission(content, f"副本.{suffix}"), programme)
    assert (reading.status, reading.units, reading.period) == (Status.ACCEPTED, ("220122",), PERIOD)
    assert [len(t.rows) for t in reading.tables] == [1]


class Month(NamedTuple):
    """A month in which one unit filed a form and another dropped hers unfilled."""

    home: Path
    rows: list[dict[str, object]]
    figures: Figures


@pytest.fixture(scope="module")
def month(blank: bytes, programme: Programme, tmp_path_factory: pytest.TempPathFactory) -> Month:
    home = tmp_path_factory.mktemp("home")
    (home / "inbox" / PERIOD).mkdir(parents=True)
    (home / "inbox" / PERIOD / "德惠市.xlsx").write_bytes(form_of(programme, "220183", 5))
    rows = [
        trained(1),
        trained(2, id_no=wrong(2), finished_on="2018年9月"),
        trained(3, gender="男"),
    ]
    (home / "inbox" / PERIOD / "农安县.xlsx").write_bytes(
        filled(blank, {"training": rows, "employment": [employed(4)]}, programme)
    )
    return Month(home, rows, run(open_home(home), PERIOD, programme)[0])


def test_a_form_dropped_unfilled_is_no_return_and_its_unit_is_asked(month: Month) -> None:
    (entry,) = [i for i in month.figures.inputs if i.path.endswith("德惠市.xlsx")]
    assert (entry.status, entry.reason) == (Status.NOT_A_RETURN, "表中没有人员")
    assert "220183" in month.figures.not_filed
    assert [i.rule for i in issues_of(month.figures.issues) if i.file == entry.path] == ["F13"]


def test_a_form_of_one_unit_filled_in_by_another_is_said(
    blank: bytes, programme: Programme
) -> None:
    book: Any = openpyxl.load_workbook(
        io.BytesIO(filled(blank, {"training": [trained(1)]}, programme))
    )
    for sheet in book.worksheets:
        if str(sheet["A2"].value).startswith("填报单位"):
            sheet["A2"] = "填报单位：德惠市残联"
            sheet["A1"] = "花名册"
    out = io.BytesIO()
    book.save(out)
    reading = as_filed(_submission(out.getvalue()), programme)
    assert reading.units == ("220183",)
    assert [(i.rule, i.severity) for i in reading.issues] == [("S21", "warning")]


def test_drop_downs_hold_the_code_lists_and_numbers_are_text(
    blank: bytes, programme: Programme
) -> None:
    book: Any = openpyxl.load_workbook(io.BytesIO(blank))
    for roster in rosters_of(programme, ROWS):
        sheet = book[roster.kind.label]
        lists = {
            str(v.sqref).split(":")[0]: v.formula1
            for v in sheet.data_validations.dataValidation
            if v.type == "list"
        }
        for field in roster.fields:
            letters = roster.letters(field.name)
            if field.codes:
                area = lists[f"{letters}{FIRST}"].split("!")[1].replace("$", "")
                shown = [row[0].value for row in book["_codes"][area]]
                assert shown == list(programme.code_labels[field.codes].values())
            if field.kind in ("id", "certificate"):
                assert sheet[f"{letters}{FIRST}"].number_format == "@"
            assert not sheet[f"{letters}{FIRST}"].protection.locked
        assert sheet.protection.sheet
    assert {
        s.title: s.sheet_state for s in book.worksheets if s.title.startswith("_")
    } == dict.fromkeys(("_codes", "_1", "_2", "_pipeline"), "veryHidden")


def test_the_command_writes_forms_and_refuses_what_it_does_not_know(home: Path) -> None:
    made = CliRunner().invoke(
        cli, ["forms", "2018-12", "--unit", "220122", "--rows", "5", "--home", str(home)]
    )
    assert made.exit_code == 0, made.output
    assert [p.name for p in (home / "outbox/表样/2018-12").iterdir()] == [
        "220122_农安县_2018-12_报表.xlsx"
    ]
    for words in (["2018-12", "--unit", "999999"], ["2018-12", "--rows", "0"], ["2018-13"]):
        assert CliRunner().invoke(cli, ["forms", *words, "--home", str(home)]).exit_code == 2


def test_a_filled_form_holds_what_stands_and_marks_what_is_open(
    month: Month, programme: Programme
) -> None:
    home, rows, _ = month
    result = CliRunner().invoke(
        cli, ["forms", "201812", "--filled", "--unit", "220122", "--rows", "5", "--home", str(home)]
    )
    assert result.exit_code == 0, result.output
    (file,) = (home / "outbox/表样/2018-12").glob("*.xlsx")
    assert file.stat().st_mode & 0o077 == 0
    book: Any = openpyxl.load_workbook(file)
    roster = rosters_of(programme, 5)[0]
    sheet = book[roster.kind.label]
    names = [sheet[f"{roster.letters('id_no')}{n}"].value for n in range(FIRST, FIRST + 4)]
    assert names == [rows[0]["id_no"], rows[1]["id_no"], rows[2]["id_no"], None]
    assert sheet[f"{roster.letters('finished_on')}{FIRST + 1}"].value == "2018年9月"
    marked = [c.coordinate for row in sheet.iter_rows() for c in row if c.comment]
    assert f"{roster.letters('id_no')}{FIRST + 1}" in marked
    assert f"{roster.letters('gender')}{FIRST + 2}" in marked
    shown = remembered(file.read_bytes())
    assert None not in shown.values()
    assert shown["自检", "A2"] == Shown("str", "还有 2 处错误，不能上报")
    assert shown["任务完成情况汇总表", "B4"] == Shown("n", "3")
    (verdict_of_it,) = check({file: ""}, programme)
    assert (verdict_of_it.rows, verdict_of_it.errors, verdict_of_it.unit) == (4, 2, "220122")


def test_an_empty_form_remembers_what_its_formulas_come_to(blank: bytes) -> None:
    again = formualizer.recalculate_xlsx_bytes(blank)
    assert again["formula_cells"] == len(remembered(blank)) > 1000
    assert again["cache_cells_changed"] == again["summary"]["total_errors"] == 0


def test_a_form_with_blanks_that_programs_take_differently_is_left_to_them(
    programme: Programme,
) -> None:
    form = blank_form(programme, PERIOD, 3)
    rosters = rosters_of(programme, 3)
    listed = [
        Listed("training", {"name": "王秀英\u2003", "id_no": wrong(1)}),
        Listed("training", {}),
    ]
    content = prefilled(form, rosters, listed, "2018年10月", programme)
    assert set(remembered(content).values()) == {None}


def test_a_form_is_signed_prints_on_a3_and_says_no_word_twice(blank: bytes) -> None:
    sheet: Any = openpyxl.load_workbook(io.BytesIO(blank)).worksheets[0]
    assert sheet["A1"].value == "农安县2018年11月贫困残疾妇女手工制作培训人员花名册"
    signed = [c.value for c in sheet[3] if c.value]
    assert [text.split("：")[0] for text in signed] == [
        "单位负责人", "审核人", "填表人", "填表日期", "（盖章处）",
    ]  # fmt: skip
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) in (
        (8, "landscape"),
        ("8", "landscape"),
    )
    assert sheet.page_setup.fitToHeight in (0, "0")
