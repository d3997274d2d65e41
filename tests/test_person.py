"""`pipeline person`: what it tells of her, and that it never tells her number."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from drawing import drop, id_no

from pipeline.cli import cli

WANG, LI = id_no("22010219780305002"), id_no("22010219650101022")
TYPO = id_no("22010219780305004")
HEADER = "姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 联系电话 | 户籍地址 | 培训项目 | 开班时间 | 结业时间"
ROSTER = """
== 培训
填报单位：{unit}残联 | | 填报日期：{filed}
{header}
王秀英 | 女 | {wang} | {wang}43 | 是 | {phone} | {address} | 编织 | 2018-09-03 | 2018-09-07
{more}
"""

# a form of one person, every value behind its name
FORM = """
== 培训
填报单位：{unit}残联 | | 填报日期：{filed}
姓名 | 王秀英 | 性别 | 女
身份证号 | {wang} | 残疾人证号 | {wang}43
是否建档立卡 | 是 | 联系电话 | {phone}
户籍地址 | {address} | 培训项目 | 编织
开班时间 | 2018-09-03 | 结业时间 | 2018-09-07
"""


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Listed by 南关区 under a mistyped number, then rightly, then by 敦化市 alone; with a judgement."""
    home = tmp_path_factory.mktemp("home")
    steps = [
        ("2018-09/南关.xlsx", "南关区", "2018年9月26日", TYPO, "13844445555", "南关区平安乡"),
        ("2018-10/南关.xlsx", "南关区", "2018年10月26日", WANG, "13844445556", "南关区永安乡"),
        ("2018-11/敦化.xlsx", "敦化市", "2018年11月26日", WANG, "13844445556", "敦化市平安乡"),
    ]
    for path, unit, filed, number, phone, address in steps:
        picture = (FORM if unit == "敦化市" else ROSTER).format(
            unit=unit,
            filed=filed,
            header=HEADER,
            wang=number,
            phone=phone,
            address=address,
            more="",
        )
        drop(home / "inbox", path, picture)
    li = f"李桂兰 | 女 | {LI} | {LI}31 | 是 | 13944445555 | 南关区 | 编织 | 2018-09-03 | 2018-08-07"
    left = f"== 培训\n填报单位：南关区残联 | | 填报日期：2018年11月26日\n{HEADER}\n{li}"
    drop(home / "inbox", "2018-11/南关.xlsx", left)
    for period in ("2018-10", "2018-11"):
        assert CliRunner().invoke(cli, ["run", period, "--home", str(home)]).exit_code in (0, 1)
    return home


@pytest.fixture
def inbox(delivered: Path, tmp_path: Path) -> Path:
    """A home that may be changed."""
    return Path(shutil.copytree(delivered, tmp_path / "copy"))


def call(home: Path, *words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["person", *words, "--home", str(home)], input=typed)


def test_one_line_an_event_with_its_source(delivered: Path) -> None:
    result = call(delivered, WANG)
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0].startswith(f"王秀英　220***********{WANG[-4:]}　敦化市　截至 2018-11")
    assert lines[1] == "首次列入 2018-09，最近列入 2018-11，自 2018-11 起不在南关区名单"
    events = lines[2::2]
    assert [e[:8].strip() for e in events] == ["2018-09", *["2018-10"] * 5, "2018-11", "2018-11", "2018-11", "2018-11"]  # fmt: skip
    assert "首次列入南关区培训人员花名册" in events[0]
    sources = [line.strip() for line in lines[3::2]]
    assert "2018-11/敦化.xlsx 培训 第 3 行（B3）" in sources  # her number's cell
    assert any("户籍地址由“南关区平安乡”改为“南关区永安乡”" in e for e in events)
    assert any("联系电话有改动" in e for e in events)
    assert any("更正了证件号（姓名相同，身份证号前 17 位有 1 位不同）" in e for e in events)
    assert any(
        "不再列入南关区培训人员花名册（最后列入 2018-10），现由敦化市上报" in e for e in events
    )
    assert any("2018 年培训计入敦化市" in e for e in events)
    assert "2018-11/敦化.xlsx 培训 B6 格" in result.output
    assert "2018-10/南关.xlsx 培训 第 3 行（G3）" in result.output  # the address that changed


@pytest.mark.parametrize("who", [(WANG,), (f"{WANG}43",), ("王秀英", WANG[-4:]), (WANG[-4:], "王秀英"), (TYPO,)])  # fmt: skip
def test_she_is_found_by_any_of_her_numbers_and_none_is_shown(
    who: tuple[str, ...], delivered: Path
) -> None:
    for form in ((), ("--json",)):
        result = call(delivered, *who, *form)
        assert result.exit_code == 0, result.output
        assert "王秀英" in result.output
        assert not re.search(r"\d{15}", result.output)
        assert "13844445556" not in result.output


def test_json_says_the_same(delivered: Path) -> None:
    shown = json.loads(call(delivered, WANG, "--json").output)
    assert (shown["training_in"], shown["first_seen"], shown["left"]) == (
        "222403",
        "2018-09",
        "220102",
    )
    assert {e["event"] for e in shown["events"]} >= {
        "seen",
        "changed",
        "corrected",
        "moved",
        "counted",
    }
    assert all({"file", "sheet", "row", "cell", "text"} <= set(e) for e in shown["events"])


def test_as_of_an_earlier_period(delivered: Path) -> None:
    result = call(delivered, WANG, "--period", "2018-10")
    assert "南关区　截至 2018-10" in result.output
    assert "敦化" not in result.output


def test_why_a_row_did_not_count(delivered: Path) -> None:
    result = call(delivered, LI)
    assert "这一行退回，未计入：结业时间早于开班时间" in result.output


def test_a_number_can_be_typed_unseen(delivered: Path) -> None:
    result = call(delivered, "-", typed=f"{WANG}\n")
    assert result.exit_code == 0
    assert "王秀英" in result.output
    assert WANG not in result.output


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ((id_no("22010219800101002"),), "截至 2018-11 的报表中没有此人"),
        ((WANG[:17],), "这不是完整的证件号：应为 18 位"),
        ((WANG[:17] + ("1" if WANG[-1] != "1" else "2"),), "末位校验不符"),
        (("王秀英",), "这不是完整的证件号"),
        (("王秀英", "123"), "请写完整的证件号，或写姓名和证件号末四位"),
        (("李秀英", WANG[-4:]), "没有此人"),
    ],
)
def test_nobody_is_one_sentence_without_the_number(
    who: tuple[str, ...], sentence: str, delivered: Path
) -> None:
    result = call(delivered, *who)
    assert result.exit_code == 2
    assert sentence in result.output
    assert result.output.count("\n") == 1
    assert not re.search(r"\d{15}", result.output)


@pytest.mark.parametrize("words", [(WANG,), (WANG, "--period", "2018-10")])
def test_without_a_delivered_month_it_is_one_sentence(home: Path, words: tuple[str, ...]) -> None:
    result = call(home, *words)
    assert result.exit_code == 4
    assert re.fullmatch(
        r"outbox 里还没有( 2018-10 的)?结果。请先运行 pipeline run( 2018-10)?\n", result.output
    )


def test_nothing_is_read_again(inbox: Path) -> None:
    """What lies in the inbox by now is no matter: the delivered month is asked."""
    shutil.rmtree(inbox / "inbox")
    assert "王秀英" in call(inbox, WANG).output


def test_she_is_found_by_the_number_as_it_was_filed(inbox: Path) -> None:
    """A slip in it returns the row; whoever has only the paper finds her all the same."""
    slip = LI[:17] + ("0" if LI[17] != "0" else "1")
    li = f"李桂兰 | 女 | {slip} | {LI}31 | 是 | 13944445555 | 南关区 | 编织 | 2018-09-03 | 2018-09-07"
    picture = f"== 培训\n填报单位：南关区残联 | | 填报日期：2018年11月28日\n{HEADER}\n{li}"
    drop(inbox / "inbox", "2018-11/南关改后.xlsx", picture)
    CliRunner().invoke(cli, ["run", "2018-11", "--home", str(inbox)])
    as_filed, as_counted = (
        CliRunner().invoke(cli, ["person", number, "--home", str(inbox)]) for number in (slip, LI)
    )
    assert as_filed.exit_code == 0, as_filed.output
    assert as_filed.output == as_counted.output
    assert "李桂兰" in as_filed.output
    assert slip not in as_filed.output
