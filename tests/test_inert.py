"""What a county types stays text: no formula, tag, script or field in any file of the outbox, whatever it holds."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from drawing import drop
from lxml import etree, html

from pipeline.home import open_home
from pipeline.run import run

MARK = "x9z"
EVIL = (
    f'=HYPERLINK("//{MARK}")', f"+cmd|'{MARK}'!A1", f"-2+3+{MARK}", f"@SUM({MARK})", f"{{{{ 7*7 }}}}{MARK}",
    f"{{% for a in {MARK} %}}", f"<script>{MARK}()</script>", f"{{ DDEAUTO {MARK} }}", f'"><img src={MARK}>', f"</w:t></w:r>{MARK}",
)  # fmt: skip
HEADER = "姓名 | 性别 | 民族 | 身份证号 | 残疾人证号 | 文化程度 | 是否建档立卡 | 户籍地址 | 联系电话 | 培训项目 | 培训机构 | 开班时间 | 结业时间 | 备注 | 自设的列"


def person(n: int, evil: str, day: str = "2018-09-10") -> str:
    number = f"2201021978030{n:04d}"
    return (
        f"{evil} | 女 | {evil} | <{number}> | <{number}+43> | {evil} | 是 | {evil} | {evil} | {evil} | {evil}"
        f" | 2018-09-01 | {day} | {evil} | {evil}"
    )


def roster(unit: str, people: list[str]) -> str:
    account = "\n".join(f"典型经验举措 | {evil}" for evil in EVIL[:1])
    return "\n".join([
        "== =1+1{{ 7-7 }}花名册", f"填报单位：{unit}残联 | | 填报日期：2018年11月26日", HEADER, *people,
        "== 典型经验与存在问题", account, f"存在突出问题 | {'；'.join(EVIL)}",
    ])  # fmt: skip


@pytest.fixture(scope="module")
def outbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month of counties that type nothing else: sound rows, faults, doubles, one who left since the last."""
    folder = tmp_path_factory.mktemp("inert")
    everyone = [person(n, evil) for n, evil in enumerate(EVIL, 1)]
    wrong = [person(n, evil, f"{evil}") for n, evil in enumerate(EVIL, 21)]
    late = [person(n, evil, "2018-08-01") for n, evil in enumerate(EVIL, 41)]
    drop(folder / "inbox", "2018-10/南关区=1+1.xlsx", roster("南关区", everyone))
    drop(folder / "inbox", "2018-11/南关区{{ 7*7 }}.xlsx", roster("南关区", everyone[1:] + wrong))
    drop(folder / "inbox", "2018-11/@宽城区.xlsx", roster("宽城区", everyone[:4] + late))
    home = open_home(folder)
    run(home, "2018-11", home.programme())
    return folder / "outbox"


def files(outbox: Path, *suffixes: str) -> list[Path]:
    found = [f for f in sorted(outbox.rglob("*")) if f.suffix in suffixes]
    assert found
    return found


def parts(file: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(file) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels", ".vml")):
                yield name, package.read(name)


def test_no_workbook_has_it_as_formula_link_or_name(outbox: Path) -> None:
    seen = 0
    for file in files(outbox, ".xlsx"):
        for name, content in parts(file):
            root = etree.fromstring(content)
            for element in root.iter(etree.Element):
                kind = etree.QName(element).localname
                if MARK in "".join(element.itertext()):
                    assert kind not in ("f", "formula", "formula1", "formula2", "definedName"), (file, name)  # fmt: skip
                seen += kind == "t" and MARK in (element.text or "")
            for link in root.iter("{*}Relationship"):
                assert MARK not in link.get("Target", ""), (file, name)
    assert seen > 200


def test_no_paper_has_it_as_element_or_field(outbox: Path) -> None:
    for file in files(outbox, ".docx"):
        for name, content in parts(file):
            assert b"<script" not in content, (file, name)
            root = etree.fromstring(content)  # and is whole
            fields = [*root.iter("{*}instrText"), *root.iter("{*}fldSimple")]
            assert not any(MARK in etree.tostring(field).decode() for field in fields), (file, name)


def test_no_page_has_it_as_script_or_element(outbox: Path) -> None:
    for file in files(outbox, ".html"):
        page = html.fromstring(file.read_text(encoding="utf-8"))
        for script in page.iter("script"):
            assert f"{MARK}()" not in (script.text or "") or script.get("type") == "application/json"  # fmt: skip
        assert not [i for i in page.iter("img") if MARK in (i.get("src") or "")]


def test_no_tag_is_worked_out_anywhere(outbox: Path) -> None:
    worked = f"49{MARK}".encode()
    for file in files(outbox, ".xlsx", ".docx"):
        assert not any(worked in content for _, content in parts(file)), file
    for file in files(outbox, ".html", ".txt", ".csv", ".eml", ".json"):
        assert worked not in file.read_bytes(), file


def test_every_cell_of_a_csv_is_led_by_an_apostrophe(outbox: Path) -> None:
    seen = 0
    for file in files(outbox, ".csv"):
        rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline=""))
        for cell in (c for row in rows for c in row):
            number = re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell)
            assert number or not cell.startswith(("=", "+", "-", "@", "\t")), (file, cell)
            seen += cell.startswith("'")
    assert seen


def test_no_mail_gains_a_header(outbox: Path) -> None:
    for file in files(outbox, ".eml"):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert set(mail.keys()) <= {"X-Unsent", "Subject", "MIME-Version", "Content-Type", "Date", "Message-ID", "Content-Transfer-Encoding"}  # fmt: skip
        assert "\n" not in str(mail["Subject"])
