"""What each agency may have, when it is there, and what is not kept for ever."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
import shutil
import stat
import zipfile
from datetime import date
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from drawing import drop
from test_cli import SOUND

from pipeline.ask import newest
from pipeline.cli import cli
from pipeline.gate import known_of, search
from pipeline.gate.unpacked import pieces
from pipeline.home import Home, built_in
from pipeline.mail import write_draft
from pipeline.office.fill import Lines
from pipeline.programme import Agency, Package, Programme, ProgrammeFault, load_programme
from pipeline.render.agency_packages import packages_of
from pipeline.render.narrowed import kept_fields, lists_for, narrowed, seen_in_full
from pipeline.send import for_counties, read_ledger

PERSON = {
    "seq": [1], "unit_name": ["农安县"], "prefecture_name": ["长春市"], "name": ["王某凤"],
    "id_no": ["220122197803050244"], "cert_no": ["22012219780305024443B1"], "birth": ["1978-03-05"],
    "phone": ["13844445555"], "training_item": ["满族刺绣"], "number": ["220122197803050244"],
}  # fmt: skip


def given(package: Package, programme: Programme) -> dict[str, object]:
    lists = lists_for(package, {"training": Lines(pa.table(PERSON))}, programme)
    (line,) = lists["training"]
    return line


def test_partly_masked_numbers_names_and_phones(programme: Programme) -> None:
    line = given(Package("省妇联", "完成名单.xlsx", "a.xlsx", "partial"), programme)
    assert (line["id_no"], line["cert_no"]) == ("220***********0244", "220***********0244")
    assert (line["name"], line["phone"]) == ("王*", "138****5555")
    assert line["birth"] is None  # her day of birth is what the mask of her number hides
    assert (line["unit_name"], line["training_item"], line["seq"]) == ("农安县", "满族刺绣", 1)


def test_fully_masked_tells_of_no_person(programme: Programme) -> None:
    package = Package("省妇联", "完成名单.xlsx", "a.xlsx", "full")
    line = given(package, programme)
    masked = {name: line[name] for name in ("name", "id_no", "cert_no", "phone", "birth", "number")}
    assert set(masked.values()) == {None}
    assert line["training_item"] == "满族刺绣"
    assert seen_in_full(package, programme) == []


def test_only_the_columns_named_are_given(programme: Programme) -> None:
    package = Package("省扶贫办", "完成名单.xlsx", "a.xlsx", "none", ("name", "id_no"))
    line = given(package, programme)
    assert (line["name"], line["id_no"]) == ("王某凤", "220122197803050244")
    assert (line["phone"], line["cert_no"], line["training_item"]) == (None, None, None)
    assert seen_in_full(package, programme) == ["id", "name"]


def test_a_column_not_given_is_no_column(programme: Programme, templates: Path) -> None:
    package = Package(
        "省扶贫办", "完成名单.xlsx", "a.xlsx", "none", ("name", "id_no", "training_item")
    )
    template = templates / "完成名单.xlsx"
    content = narrowed(template, kept_fields(package, programme), programme)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert [c.value for c in sheet[3]] == [
        "序号",
        "市（州）",
        "县（市、区）",
        "姓名",
        "身份证号",
        "培训项目",
    ]
    assert {str(r) for r in sheet.merged_cells.ranges} == {"A1:F1", "A2:D2", "E2:F2", "A5:F5"}
    assert (sheet.print_area, sheet.auto_filter.ref) == (f"'{sheet.title}'!$A$1:$F$5", "A3:F4")
    drawn = openpyxl.load_workbook(templates / "完成名单.xlsx").worksheets[0]
    assert sheet.column_dimensions["E"].width == drawn.column_dimensions["G"].width


def test_what_stood_over_a_column_not_given_is_not_lost(
    programme: Programme, templates: Path
) -> None:
    package = Package("省扶贫办", "完成名单.xlsx", "a.xlsx", "none", ("name", "training_item"))
    template = templates / "完成名单.xlsx"
    content = narrowed(template, kept_fields(package, programme), programme)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    drawn = openpyxl.load_workbook(template).worksheets[0]
    assert {str(r) for r in sheet.merged_cells.ranges} == {"A1:E1", "A2:D2", "A5:E5"}
    assert (sheet["E2"].value, sheet["E3"].value) == (drawn["G2"].value, "培训项目")
    assert drawn["G2"].value
    widths = sheet.column_dimensions
    assert (widths["B"].min, widths["B"].max) == (2, 3)  # one width of both
    assert b'<ignoredError sqref="E4"' in zipfile.ZipFile(io.BytesIO(content)).read(
        "xl/worksheets/sheet1.xml"
    )


def test_an_agency_is_there_from_when_to_when() -> None:
    agency = Agency("甲", "甲局", "", date(2018, 11, 1), date(2019, 3, 31))
    days = (date(2018, 10, 31), date(2018, 11, 30), date(2019, 3, 31), date(2019, 4, 30))
    assert [agency.receives_on(day) for day in days] == [False, True, True, False]


def test_what_is_for_a_month_goes_before_what_is_for_all(programme: Programme) -> None:
    (agency,) = (a for a in programme.agencies if a.name == "省妇联")
    november, october = (
        [p.name for p in packages_of(agency, month, programme) if p.document == "情况报告.docx"]
        for month in (11, 10)
    )
    assert (november, october) == (["{year}年度情况报告.docx"], ["{period_label}情况通报.docx"])
    unknown = dataclasses.replace(programme, packages=())
    assert {p.document for p in packages_of(agency, 11, unknown)} == {
        "情况报告.docx",
        "全省汇总表.xlsx",
    }


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ('masking = "partial"', 'masking = "half"', "masking 只能是 none、partial、full"),
        ('name = "附件2：{period_label}完成名单（脱敏）.xlsx"', f'name = "{"附" * 30}.xlsx"', "超过 80 字节"),
        ('name = "附件2：{period_label}完成名单（脱敏）.xlsx"', 'name = "{month}.xlsx"', "不能用 {month}"),
        ('name = "附件2：{period_label}完成名单（脱敏）.xlsx"', 'name = "a/b.xlsx"', "不能有这些符号"),
        ('name = "附件2：{period_label}完成名单（脱敏）.xlsx"', 'name = "a.docx"', "后缀要与 document 相同"),
        ('columns = ["name", "gender", "ethnic"', 'columns = ["nome"', "columns 指向不存在的字段“nome”"),
        ("months = [11] ", "months = [13] ", "months 要写成 1 到 12 的月份"),
        ('department = "发展部"', 'department = "发展部"\nsince = "2018"', "since 要写成日期"),
    ],
)  # fmt: skip
def test_a_package_that_cannot_be_is_said(
    tmp_path: Path, was: str, now: str, expected: str
) -> None:
    shutil.copytree(built_in("schemas"), tmp_path / "schemas")
    file = tmp_path / "schemas" / "handcraft" / "programme.toml"
    text = file.read_text(encoding="utf-8")
    assert was in text
    file.write_text(text.replace(was, now, 1), encoding="utf-8")
    with pytest.raises(ProgrammeFault) as fault:
        load_programme(tmp_path / "schemas", "handcraft")
    assert expected in str(fault.value)
    assert "programme.toml 第 " in str(fault.value)


def test_no_line_break_gets_into_the_head_of_a_mail() -> None:
    out = io.BytesIO()
    write_draft(out, "报送\r\nBcc: x@y.cn", "正文", [], {"To": "a@b.cn\nBcc: x@y.cn"})
    head = out.getvalue().split(b"\r\n\r\n")[0].split(b"\r\n")
    assert not [line for line in head if line.lower().startswith(b"bcc")]


def call(home: Path, *words: str, answer: str = "") -> Result:
    return CliRunner().invoke(cli, ["--home", str(home), *words], input=answer)


class Ran(NamedTuple):
    """A home folder, what `run` said there, and what `status` said before and after."""

    home: Path
    result: Result
    before: str
    after: str


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A month of one county, which named its file after a person; not to be changed."""
    home = tmp_path_factory.mktemp("named")
    drop(home / "inbox", "2018-11/南关区王秀英.xlsx", SOUND)
    before = call(home, "status").output
    return Ran(home, call(home, "run", "2018-11"), before, call(home, "status").output)


def test_a_county_that_names_a_file_after_a_person_stops_no_month(ran: Ran) -> None:
    assert ran.result.exit_code == 0
    folder = ran.home / "outbox" / "2018-11"
    with (folder / "data" / "leaks.csv").open(encoding="utf-8-sig", newline="") as stream:
        leaks = {(line["file"], line["kind"]) for line in csv.DictReader(stream)}
    assert ("data/run.json", "name") in leaks
    assert stat.S_IMODE((folder / "data" / "run.json").stat().st_mode) == 0o600
    assert "data/run.json" in ran.result.output
    assert "已设为只有本人可读" in ran.result.output


NUMBER = re.compile(r"[1-8][0-9]{16}[0-9X]")


def test_no_unit_is_sent_a_person_of_another(delivered: Home, programme: Programme) -> None:
    """Of every paper in every unit's package: whose numbers it holds, the unit filed itself."""
    month = newest(delivered.outbox, "2018-11")
    rows = pq.read_table(
        month.table("rows.parquet"), columns=["unit", "file", "number"]
    ).to_pylist()
    filer = {e["path"]: e["unit"] for e in month.receipt["inputs"] if e.get("unit")}
    everybody = {row["number"] for row in rows} - {"", None}
    seen = 0
    for parcel in for_counties(month, programme, delivered.templates):
        own = {r["number"] for r in rows if parcel.recipient in (r["unit"], filer.get(r["file"]))}
        below = {u.code for u in programme.gazetteer.units if u.parent == parcel.recipient}
        own |= {row["number"] for row in rows if row["unit"] in below}
        for document in parcel.documents:
            for piece in pieces(document.name, document.file.read_bytes()):
                found = set(NUMBER.findall(piece.text)) & everybody
                seen += len(found)
                assert found <= own, document.file
    assert seen > 100


def test_whatever_tells_of_persons_is_its_owners_in_folders_of_its_owner(delivered: Home) -> None:
    known = known_of(
        [delivered.outbox / "2018-11" / "data" / "rows.parquet"], delivered.programme()
    )
    telling = 0
    for top in (delivered.outbox / "2018-11", delivered.outbox / "2018-10", delivered.cache):
        for file in (f for f in top.rglob("*") if f.is_file()):
            folders = [f for f in file.parents if f.is_relative_to(top)]
            assert {stat.S_IMODE(f.stat().st_mode) for f in folders} == {0o700}, file
            if (
                file.suffix in (".xlsx", ".docx", ".csv", ".eml")
                and file.stat().st_mode & 0o077 == 0
            ):
                telling += 1
            elif file.suffix == ".parquet":
                assert stat.S_IMODE(file.stat().st_mode) == 0o600
            else:
                assert not file.stat().st_mode & 0o077 or not search(
                    file.name, file.read_bytes(), known
                )
    assert telling > 20


def test_old_months_go_after_asking_and_it_is_written_down(ran: Ran, tmp_path: Path) -> None:
    home = Path(shutil.copytree(ran.home, tmp_path / "home"))
    call(home, "run", "2018-11", "--again")
    (home / "outbox" / "寄件" / "2018-11").mkdir(parents=True)
    (home / "outbox" / "寄件" / "2018-11" / "a.eml").write_text("x", encoding="utf-8")
    assert "没有清除" in call(home, "purge", "--before", "2018-12", answer="n\n").output
    assert (home / "outbox" / "2018-11").is_dir()
    assert call(home, "purge", "--before", "2018-11", answer="n\n").exit_code == 0
    result = call(home, "purge", "--before", "2018-12", "--yes")
    assert result.exit_code == 0, result.output
    left = {p.relative_to(home).as_posix() for p in home.rglob("*") if p.is_file()}
    kept = {"inbox/2018-11/南关区王秀英.xlsx", "outbox/清除记录.jsonl", "outbox/发送情况.html"}
    assert left - {"outbox/.lock"} == kept
    lines = (home / "outbox" / "清除记录.jsonl").read_text(encoding="utf-8").splitlines()
    removed = [json.loads(line)["removed"] for line in lines]
    assert removed == [
        "outbox/.previous/2018-11",
        "outbox/寄件/2018-11",
        "outbox/2018-11",
        ".cache/handcraft",
    ]


def test_the_schedule_names_this_folder_three_times(home: Path) -> None:
    result = call(home, "schedule", "--at", "06:05")
    assert result.exit_code == 0
    assert "5 6 * * 1-5 umask 077; " in result.output
    assert "OnCalendar=Mon..Fri 06:05" in result.output
    assert "/ST 06:05" in result.output
    assert result.output.count(f"--home {home}") >= 2
    assert call(home, "schedule", "--at", "25:00").exit_code == 2


def test_status_says_what_to_run_next(ran: Ran) -> None:
    assert "下一步：运行 pipeline run 2018-11" in ran.before
    assert "报送各部门：pipeline send 2018-11" in ran.after
    assert read_ledger(ran.home / "outbox") == ()
