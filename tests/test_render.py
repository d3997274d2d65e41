"""The month's papers, read back as their reader sees them."""

from __future__ import annotations

import email
import email.policy
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from drawing import drop, id_no, picture_of, text_of_word, workbook

from pipeline.home import Home, open_home
from pipeline.limits import LIMITS
from pipeline.mail import write_draft
from pipeline.marking import marking_apart
from pipeline.model import Issue, Receipt, Severity
from pipeline.model.front_sheet import Front
from pipeline.office.fill import filled
from pipeline.programme import Programme, ProgrammeFault
from pipeline.render import Marking
from pipeline.run import run
from pipeline.workers import Apart, Died

SOUND_ID = id_no("22010219780305002")
ROSTER = """
== 培训花名册
填报单位：南关区残联 | | 填报日期：2018年11月26日
姓名 | 性别 | 民族 | 身份证号 | 残疾人证号 | 是否建档立卡 | 联系电话 | 开班时间 | 结业时间
王秀英 | 女 | 汉族 | <22010219780305002> | <22010219780305002+43> | 是 | 13800138001 | 2018-09-01 | 2018-09-10
李桂兰 | 女 | 汉族 | <22010219800101004> | <22010219800101004+43> | 是 | 13800138002 | 2018-09-01 | 2018-08-10
=HYPERLINK("//x") | 女 | 汉族 | <22010219810101006> | <22010219810101006+43> | 是 | 13800138003 | 2018-09-01 | 2018-09-10
== 典型经验与存在问题
典型经验举措 | 依托合作社统一供料 & 统一回收 <居家>
存在突出问题 | 联系人身份证 220102197803050223 已核
"""
TASKS = """
全省任务分解表
地区 | 培训任务 | | 就业任务
 | 2018年 | 2019年 | 2018年 | 2019年
全省合计 | #20 | #30 | #0 | #5
长春市 | #20 | #30 | #0 | #5
南关区 | #4 | #8 | #0 | #5
宽城区 | #16 | #22 | #0 | #0
"""


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory, programme: Programme) -> Receipt:
    home = tmp_path_factory.mktemp("home")
    drop(home / "inbox", "2018-11/南关区.xlsx", ROSTER)
    drop(home / "inbox", "全省任务分解表.xlsx", TASKS)
    return run(open_home(home), "2018-11", programme)[1]


def content(month: Receipt, path: str) -> bytes:
    return (month.folder / path).read_bytes()


def test_the_outbox_holds_all_that_was_promised(month: Receipt) -> None:
    delivered = {
        p.relative_to(month.folder).as_posix() for p in month.folder.rglob("*") if p.is_file()
    }
    promised = {
        "index.html", "全省汇总表.xlsx", "完成名单.xlsx", "情况报告.docx", "待裁定.xlsx",
        "退回/220102_南关区/南关区.xlsx", "退回/220102_南关区/退回通知.docx",
        *(f"报送/{a}/{f}" for a in ("省残联", "省妇联", "省扶贫办")
          for f in ("附件1：2018年11月任务完成情况汇总表.xlsx", "2018年度情况报告.docx")),
        "报送/省残联/附件2：2018年11月完成名单.xlsx", "报送/省扶贫办/附件2：2018年11月完成名单.xlsx",
        "报送/省妇联/附件2：2018年11月完成名单（脱敏）.xlsx", "报送/省妇联/邮件.eml", "报送/省扶贫办/邮件.eml",
        *(f"data/{f}" for f in ("run.json", "issues.csv", "figures.csv", "figures_today.csv",
                                "claims.csv", "probable.csv", "people.parquet", "packages.json", "leaks.csv")),
    }  # fmt: skip
    assert promised <= delivered


def test_the_receipt_lists_every_output_with_its_digest(month: Receipt) -> None:
    receipt = json.loads(content(month, "data/run.json"))
    assert {o["path"] for o in receipt["outputs"]} | {
        "data/run.json",
        "data/basis.json",
        "data/leaks.csv",
    } == {str(o["path"]) for o in month.outputs}
    digests = {str(o["path"]): o["sha256"] for o in month.outputs}
    assert all(digests[o["path"]] == o["sha256"] for o in receipt["outputs"])


def test_the_summary_sets_done_against_task(month: Receipt) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content(month, "全省汇总表.xlsx")))
    rows = {str(r[0]).strip(): r[1:] for r in book["汇总表"].iter_rows(min_row=6, values_only=True)}
    assert rows["南关区"][:5] == (4, 2, 0.5, "欠进度", 2)
    assert rows["南关区"][8:12] == (0, 0, "—", "—")  # a task of nought has no rate
    assert rows["合计"][:4] == (20, 2, 0.1, "欠进度")
    assert rows["合计"][5:8] == (50, 2, 0.04)
    county_rows = [r for n, r in rows.items() if n in ("南关区", "宽城区")]
    assert sum(int(str(r[1])) for r in county_rows) == 2


def test_what_a_county_typed_never_runs_as_a_formula(month: Receipt) -> None:
    for path in ("完成名单.xlsx", "退回/220102_南关区/南关区.xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(content(month, path)))
        cells = [c for s in book.worksheets for row in s.iter_rows() for c in row]
        typed = [c for c in cells if isinstance(c.value, str) and c.value.startswith("=HYPER")]
        assert typed, path
        assert all(c.data_type == "s" for c in typed), path


def test_the_name_list_keeps_numbers_whole(month: Receipt) -> None:
    frame = pd.read_excel(
        io.BytesIO(content(month, "完成名单.xlsx")), header=2, dtype=object, engine="openpyxl"
    )
    sign_off, frame = frame.iloc[-1], frame.iloc[:-1]
    assert str(sign_off.iloc[0]).startswith("单位负责人：")
    assert SOUND_ID in set(frame["身份证号"])
    assert set(frame["县（市、区）"]) == {"南关区"}
    assert len(frame) == 2


def test_the_faulty_cell_is_marked_and_explained(month: Receipt) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content(month, "退回/220102_南关区/南关区.xlsx")))
    sheet = book["培训花名册"]
    marked = {
        c.coordinate: c.comment.text
        for row in sheet.iter_rows()
        for c in row
        if c.comment is not None
    }
    assert list(marked) == ["I4"]
    assert "结业时间早于开班时间" in marked["I4"]
    assert sheet["I4"].fill.fgColor.rgb == "FFFFC7CE"


def test_the_notice_says_where_and_what_to_do(month: Receipt) -> None:
    text = text_of_word(content(month, "退回/220102_南关区/退回通知.docx"))
    assert "南关区残疾人联合会：" in text
    assert "发现应退回的问题1处（涉及1行，未计入完成数）" in text
    assert "I4" in text
    assert "结业时间早于开班时间，请核对" in text


def test_the_report_has_the_notices_four_parts(month: Receipt) -> None:
    text = text_of_word(content(month, "情况报告.docx"))
    headings = ["一、任务目标完成情况", "二、完成名单", "三、典型经验举措", "四、存在突出问题"]
    places = [text.index(h) for h in headings]
    assert places == sorted(places)
    assert (
        "全省完成培训2人（2人次），为年度任务20人的10.0%，低于序时进度（91.7%）81.7个百分点" in text
    )
    assert "南关区“依托合作社统一供料 &amp; 统一回收 &lt;居家&gt;。”" in text
    assert "{{" not in text
    assert "{%" not in text


def test_public_papers_hold_no_id_numbers(month: Receipt) -> None:
    """Neither the summary, the report, the index page nor the public tables."""
    number = re.compile(r"\d{15}")
    for path in ("index.html", "data/issues.csv", "data/figures.csv"):
        assert not number.search(content(month, path).decode("utf-8")), path
    receipt = re.sub(
        r'"\w*(sha256|digest)": "[0-9a-f]+"', "", content(month, "data/run.json").decode()
    )
    assert not number.search(receipt)
    assert not number.search(text_of_word(content(month, "情况报告.docx")))
    summary = picture_of(content(month, "全省汇总表.xlsx"))
    assert not number.search(re.sub(r"\d\.\d+", "", summary))


def test_an_office_writes_no_mail_to_itself(month: Receipt) -> None:
    assert not (month.folder / "报送" / "省残联" / "邮件.eml").exists()
    own = content(month, "报送/省残联/附件2：2018年11月完成名单.xlsx")
    assert own == content(month, "完成名单.xlsx")


@pytest.mark.parametrize("agency", ["省妇联", "省扶贫办"])
def test_the_mail_draft_opens_whole(month: Receipt, agency: str) -> None:
    raw = content(month, f"报送/{agency}/邮件.eml")
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert mail["X-Unsent"] == "1"
    assert (
        mail["Subject"]
        == "吉林省残疾人联合会关于会签2018年度贫困残疾妇女手工制作培训就业情况报告的函"
    )
    assert mail["To"] is None
    assert mail["From"] is None
    attached = {str(part.get_filename()): part.get_content() for part in mail.iter_attachments()}
    masked = {"附件2：2018年11月完成名单（脱敏）.xlsx"} if agency == "省妇联" else set()
    assert set(attached) == masked | {
        "附件1：2018年11月任务完成情况汇总表.xlsx",
        "2018年度情况报告.docx",
        "附件3：2018年11月各地经验和问题.docx",
    }
    for name, sent in attached.items():
        assert sent == content(month, f"报送/{agency}/{name}")
    body = mail.get_body()
    assert body is not None
    text = body.get_content()
    assert ("须加密后寄送：运行 pipeline send" in text) == (agency == "省扶贫办")
    assert "培训：本年完成 2 人，年度任务 20 人，完成率 10.0%" in text


def test_attachment_names_stand_in_one_piece_for_every_program(tmp_path: Path) -> None:
    name = "吉林省2018年贫困残疾妇女手工制作培训就业完成情况名单（终稿）.xlsx"
    file, out = tmp_path / "名单", io.BytesIO()
    file.write_bytes(b"x" * 100)
    write_draft(out, "主题", "正文", [(name, file)])
    raw = out.getvalue().decode("ascii")
    assert len(raw.split("\r\n")[-4]) == 136 - 76  # 100 bytes in lines of 76 characters
    disposition = next(x for x in raw.split("\r\n") if x.startswith("Content-Disposition"))
    assert "filename*=UTF-8''%E5" in disposition  # new programs: one piece, not filename*0*
    assert 'filename="=?utf-8?' in disposition.lower()  # old ones: encoded words
    mail = email.message_from_string(raw)
    part = mail.get_payload()[1]  # type: ignore[index]
    old = email.header.decode_header(str(part.get_param("name")))  # type: ignore[union-attr]
    assert email.header.make_header(old) == name


def test_the_same_inbox_gives_the_same_bytes(
    tmp_path: Path, programme: Programme, month: Receipt
) -> None:
    drop(tmp_path / "inbox", "2018-11/南关区.xlsx", ROSTER)
    drop(tmp_path / "inbox", "全省任务分解表.xlsx", TASKS)
    for path in (
        "2018-11/南关区.xlsx",
        "全省任务分解表.xlsx",
    ):  # openpyxl writes the clock into them
        (tmp_path / "inbox" / path).write_bytes(
            (month.folder.parents[1] / "inbox" / path).read_bytes()
        )
    again = run(open_home(tmp_path), "2018-11", programme)[1]
    assert again.outputs == month.outputs


def test_people_parquet_has_the_promised_columns(month: Receipt) -> None:
    people = pd.read_parquet(month.folder / "data" / "people.parquet")
    first = ["id_no", "indicator", "year", "unit", "counted_for", "fate", "start"]
    assert list(people.columns[:7]) == first
    assert list(people.columns[-6:-3]) == ["file", "sheet", "row"]
    assert list(people.columns[-3:]) == ["first_seen", "last_seen", "changed"]
    assert people[["unit", "counted_for", "fate"]].drop_duplicates().to_numpy().tolist() == [
        ["220102", "220102", "counted"]
    ]


def test_the_index_page_names_what_to_do(month: Receipt) -> None:
    page = content(month, "index.html").decode("utf-8")
    assert "待办事项" in page
    assert "催报 60 个单位" in page
    assert 'href="待裁定.xlsx"' not in page  # nothing to decide this month
    assert "&lt;" not in page.split('<h2 id="table">')[0]


def test_a_file_that_cannot_be_marked_costs_its_county_one_line(
    home: Path, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(home / "inbox", "2018-11/南关区.xlsx", ROSTER)
    work = Apart.__call__

    def dying(self: Apart[Any, Any], files: Iterable[Any]) -> Iterator[Any]:
        for item in files:
            if isinstance(item, Marking):
                yield item, Died("内存超过 512 MB", over_limits=True)
            else:
                yield from work(self, [item])

    monkeypatch.setattr(Apart, "__call__", dying)
    folder = run(Home(home), "2018-11", programme)[1].folder
    assert [p.name for p in (folder / "退回" / "220102_南关区").iterdir()] == ["退回通知.docx"]
    notice = text_of_word((folder / "退回" / "220102_南关区" / "退回通知.docx").read_bytes())
    assert "（标注稿没有做成：内存超过 512 MB。请按下表在原文件中改正）" in notice
    assert "结业时间早于开班时间，请核对" in notice
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "2018-11/南关区.xlsx 的标注稿没有做成（内存超过 512 MB）" in page


def test_a_file_with_too_much_to_mark_is_not_marked_and_said(tmp_path: Path) -> None:
    found = (Issue("C20", Severity.ERROR, "缺姓名"),) * 2
    marking = Marking("南关区.xlsx", found, Front("", (), ()), tmp_path / "稿.xlsx", {})
    mark = marking_apart(tmp_path, (), replace(LIMITS, marks=1))
    assert [why for _, why in mark([marking])] == ["问题有 2 处，过多，不逐格标注"]


TEMPLATE = """
{{ region }}汇总
地区 | 完成
{% row line in lines if line.big %}★{{ line.name }} | {{ line.done }}
{% row line in lines %}{{ line.name }} | {{ line.done }}
合计 {{ total }} 人
"""


def test_a_template_repeats_rows_by_variant_and_keeps_numbers(tmp_path: Path) -> None:
    file = tmp_path / "模板.xlsx"
    file.write_bytes(workbook(TEMPLATE))
    lines = [{"name": "甲", "done": 3, "big": True}, {"name": "乙", "done": 2, "big": False}]
    made = filled(file, {"region": "某省", "lines": lines, "total": 5})
    assert picture_of(made) == "== Sheet1\n某省汇总\n地区 | 完成\n★甲 | 3\n乙 | 2\n合计 5 人"
    sheet = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    assert sheet["B3"].data_type == "n"


def test_a_wrong_template_names_its_cell(tmp_path: Path) -> None:
    file = tmp_path / "模板.xlsx"
    file.write_bytes(workbook("标题 | {{ nowhere }}"))
    with pytest.raises(ProgrammeFault, match="单元格 B1的写法有误"):
        filled(file, {})


def test_templates_are_plain_office_files(templates: Path) -> None:
    names = {p.name for p in templates.iterdir()}
    assert {"全省汇总表.xlsx", "完成名单.xlsx", "待裁定.xlsx", "情况报告.docx", "退回通知.docx",
            "index.html", "邮件.txt"} <= names  # fmt: skip
    for file in [*templates.glob("*.xlsx"), *templates.glob("*.docx")]:
        with zipfile.ZipFile(file) as package:
            assert "vbaProject.bin" not in " ".join(package.namelist()), file
