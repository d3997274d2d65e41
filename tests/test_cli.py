"""What a clerk sees on the command line: plain sentences, exit codes, nothing heavy loaded for help."""

from __future__ import annotations

import errno
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result
from drawing import drop

from pipeline.cli import cli
from pipeline.home import built_in

SOUND = """
== 培训花名册
填报单位：南关区残联 | | 填报日期：2018年11月26日
姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间
王秀英 | 女 | <22010219780305002> | <22010219780305002+43> | 是 | 2018-09-01 | 2018-09-10
"""
FAULTY = SOUND.replace("2018-09-10", "2018-08-10")
HEAVY = ("pandas", "pandera", "openpyxl", "duckdb", "pyarrow", "docx")


def call(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


def loaded_by(*words: str) -> set[str]:
    """The heavy libraries a command loads, seen from a fresh process."""
    code = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from pipeline.cli import cli\n"
        f"result = CliRunner().invoke(cli, {list(words)!r})\n"
        f"print(result.exit_code, *[m for m in {HEAVY!r} if m in sys.modules])"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    return set(outcome)


def test_help_loads_nothing_heavy() -> None:
    assert loaded_by("--help") == {"0"}


def test_an_empty_inbox_loads_nothing_heavy(home: Path) -> None:
    assert loaded_by("run", "--home", str(home)) == {"4"}


def test_an_empty_inbox_is_one_sentence(home: Path) -> None:
    result = call("run", "2018-11", "--home", str(home))
    assert result.exit_code == 4
    assert result.output.startswith("inbox 是空的。请把各地报表放进")
    assert result.output.count("\n") == 1


def test_a_malformed_period_is_a_usage_error(home: Path) -> None:
    result = call("run", "2018-13", "--home", str(home))
    assert result.exit_code == 2
    assert "“2018-13”不是报告期" in result.output


def test_a_period_without_returns_delivers_nothing(home: Path) -> None:
    drop(home / "inbox", "2018-11/南关区.xlsx", SOUND)
    result = call("run", "2017-03", "--home", str(home))
    assert result.exit_code == 4
    assert "inbox 里没有 2017-03 的报表" in result.output
    assert not (home / "outbox" / "2017-03").exists()


class Ran(NamedTuple):
    """A home folder, what `run` said there, and what `status` said before and after."""

    home: Path
    result: Result
    before: str
    after: str


def ran(home: Path, *words: str) -> Ran:
    before = call("status", "--home", str(home)).output
    result = call("--home", str(home), "run", *words)
    return Ran(home, result, before, call("status", "--home", str(home)).output)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Two months of sound rosters, run without saying which."""
    home = tmp_path_factory.mktemp("sound")
    drop(home / "inbox", "2018-10/南关区.xlsx", SOUND)
    other = SOUND.replace("南关区", "宽城区").replace("<220102", "<220103")
    drop(home / "inbox", "2018-11/宽城区.xlsx", other)
    return ran(home)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A month of one roster that is returned whole."""
    home = tmp_path_factory.mktemp("faulty")
    drop(home / "inbox", "2018-11/南关区.xlsx", FAULTY)
    return ran(home, "2018-11")


def test_a_sound_month_without_task_table_prints_dashes(sound: Ran) -> None:
    assert sound.result.exit_code == 0, sound.result.output
    assert "培训（2018年）：完成 2 人，任务 —，完成率 —" in sound.result.output
    assert (sound.home / "outbox" / "2018-11" / "index.html").is_file()


def test_a_returned_row_is_exit_code_one(faulty: Ran) -> None:
    assert faulty.result.exit_code == 1
    assert "1 个整份未计入" in faulty.result.output


def test_the_newest_period_is_taken(sound: Ran) -> None:
    assert [p.name for p in (sound.home / "outbox").glob("2*")] == ["2018-11"]


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        ('check = "present"\nfield = "name"', "不在规则词表中"),
        ('[[rules]]\ncode = "C21"', "用了两次"),
        ('title = "发展', "TOML 写法有误"),
    ],
)
def test_a_broken_programme_names_file_and_line(home: Path, broken: str, expected: str) -> None:
    shutil.copytree(built_in("schemas"), home / "schemas")
    file = home / "schemas" / "handcraft" / "programme.toml"
    mended = {
        'check = "present"\nfield = "name"': 'check = "presnt"\nfield = "name"',
        '[[rules]]\ncode = "C21"': '[[rules]]\ncode = "C20"',
        'title = "发展': "title = 发展",
    }[broken]
    text = file.read_text(encoding="utf-8")
    assert broken in text
    file.write_text(text.replace(broken, mended, 1), encoding="utf-8")
    drop(home / "inbox", "2018-11/南关区.xlsx", SOUND)
    result = call("run", "--home", str(home))
    assert result.exit_code == 3
    assert "programme.toml 第 " in result.output
    assert expected in result.output


def test_an_unwritable_outbox_is_one_sentence(home: Path) -> None:
    drop(home / "inbox", "2018-11/南关区.xlsx", SOUND)
    (home / "outbox").mkdir(mode=0o555)
    result = call("run", "--home", str(home))
    assert result.exit_code == 4
    assert result.output.startswith("无法写入")
    (home / "outbox").chmod(0o755)


def test_a_file_where_the_outbox_should_be_is_one_sentence(home: Path) -> None:
    drop(home / "inbox", "2018-11/南关区.xlsx", SOUND)
    (home / "outbox").write_text("", encoding="utf-8")
    result = call("run", "--home", str(home))
    assert result.exit_code == 4
    assert result.output.startswith("无法写入")


def test_check_tells_without_filing(home: Path, tmp_path: Path) -> None:
    file = drop(tmp_path, "南关区2018年11月.xlsx", FAULTY)
    result = call("check", str(file), "--home", str(home))
    assert result.exit_code == 1
    assert "[退回] 培训花名册 G3：结业时间早于开班时间，请核对" in result.output
    assert not (home / "outbox").exists()


def test_check_json_is_one_object_a_line(tmp_path: Path) -> None:
    sound = drop(tmp_path, "南关区2018年11月.xlsx", SOUND)
    faulty = drop(tmp_path, "宽城区2018年11月.xlsx", FAULTY.replace("南关区", "宽城区"))
    result = call("check", str(sound), str(faulty), "--json", "--home", str(tmp_path))
    first, second = map(json.loads, result.output.strip().split("\n"))
    assert first == {
        "file": "南关区2018年11月.xlsx", "verdict": "accepted", "unit": "220102",
        "kinds": ["training"], "rows": 1, "errors": 0, "warnings": 0, "reason": "",
    }  # fmt: skip
    assert (second["verdict"], second["errors"]) == ("returned", 1)
    assert result.exit_code == 1


def test_check_uses_the_words_of_the_run(sound: Ran, faulty: Ran) -> None:
    """The verdict of a check is the status the run gives the same file."""
    verdicts = set()
    for home in (sound.home, faulty.home):
        receipt = json.loads((home / "outbox/2018-11/data/run.json").read_text(encoding="utf-8"))
        for entry in receipt["inputs"]:
            file = str(home / "inbox" / entry["path"])
            outcome = call("check", file, "--json", "--home", str(home))
            assert json.loads(outcome.output)["verdict"] == entry["status"]
            verdicts.add(entry["status"])
    assert verdicts == {"accepted", "returned"}


def test_status_says_what_lies_there(faulty: Ran) -> None:
    assert "outbox 里还没有结果" in faulty.before
    assert "inbox/2018-11：1 个文件" in faulty.after
    assert "outbox/2018-11：读入 1 个文件，1 个有退回或打不开，未报 60 个单位" in faulty.after


def test_status_names_units_what_was_replaced_and_the_next_command(home: Path) -> None:
    drop(home / "inbox", "2018-11/南关区.xlsx", FAULTY)
    outcome = call("status", "--home", str(home)).output
    assert "南关区：还没有汇总 1 个" in outcome
    assert f'下一步：运行 pipeline run 2018-11 --home "{home}"' in outcome
    call("run", "2018年11月", "--home", str(home))
    drop(home / "inbox", "2018-11/改后/南关区.xlsx", FAULTY.replace("11月26日", "11月28日"))
    outcome = call("status", "--home", str(home)).output
    assert "南关区：部分退回 1 个；还没有汇总 1 个" in outcome
    assert "下一步：运行 pipeline run 2018-11" in outcome
    call("run", "201811", "--home", str(home))
    outcome = call("status", "--home", str(home)).output
    assert (
        "南关区：部分退回 1 个；已被新报表替代 1 个" in outcome
        or "已被新报表替代 1 个；部分退回 1 个" in outcome
    )
    assert "2018-11/南关区.xlsx：已由 2018-11/改后/南关区.xlsx 替代" in outcome
    assert "发给各单位：pipeline send 2018-11" in outcome


def test_a_period_is_understood_however_it_is_typed(sound: Ran) -> None:
    for typed in ("2018-11", "201811", "2018-11月", "2018年11月", "2018.11"):
        outcome = call("run", typed, "--home", str(sound.home))
        assert outcome.exit_code == 0, outcome.output
        # found as it should be
        assert f"没有新报表，结果仍是 {sound.home / 'outbox' / '2018-11'}" in outcome.output
    assert call("run", "2018年9月", "--home", str(sound.home)).exit_code == 4


def test_every_command_helps_with_an_example() -> None:
    for name, command in cli.commands.items():
        assert "例：" in (command.help or ""), name


def tripped(monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> Result:
    """`pipeline status` where something goes wrong on the way."""
    from pipeline.cli import state

    def trip(*_: object) -> None:
        raise fault

    monkeypatch.setattr(state, "opened", trip)
    return call("status")


def test_an_error_of_our_own_shows_no_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A bug is one sentence and a file of the calls; the value it tripped on stays out of both."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    outcome = tripped(monkeypatch, KeyError("220102197803050223"))
    (kept,) = tmp_path.iterdir()
    assert outcome.exit_code == 4
    assert outcome.output.count("\n") == 1
    assert str(kept) in outcome.output
    assert "KeyError" in kept.read_text(encoding="utf-8")
    assert "in trip" in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o077 == 0
    for paper in (outcome.output, kept.read_text(encoding="utf-8")):
        assert "220102197803050223" not in paper


@pytest.mark.parametrize(
    ("fault", "code", "expected"),
    [
        (KeyboardInterrupt(), 130, "已中断"),
        (
            OSError(errno.ENOSPC, "No space left on device", "名单.xlsx"),
            4,
            "磁盘已满，写不下“名单.xlsx”",
        ),
        (FileNotFoundError(errno.ENOENT, "", "密码.txt"), 4, "找不到“密码.txt”"),
        (MemoryError(), 4, "内存不足"),
    ],
)
def test_what_the_machine_or_the_clerk_stops_is_one_sentence(
    fault: BaseException, code: int, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = tripped(monkeypatch, fault)
    assert outcome.exit_code == code
    assert outcome.output.strip().startswith(expected)
    assert outcome.output.strip().count("\n") == 0


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["rnu"], "没有命令“rnu”"),
        (["run", "2018-11", "2018-12"], "多写了“2018-12”"),
        (["run", "--hom", "x"], "没有选项 --hom，是不是 --home"),
        (["run", "--home"], "选项 --home 的写法不对"),
        (["check"], "缺少文件"),
        (["check", "没有.xlsx"], "找不到文件“没有.xlsx”"),
        (["forms"], "缺少报告期"),
        (["forms", "2018-12", "--rows", "许多"], "选项 --rows 要在 1 到 5000 之间"),
        (["explain", "Z99"], "没有规则“Z99”"),
        (["targets", "--by", "天气"], "选项 --by 没有“天气”，可以写：摸底、登记、上年"),
    ],
)
def test_a_wrong_command_line_is_told_in_chinese(words: list[str], expected: str) -> None:
    outcome = call(*words)
    assert outcome.exit_code == 2
    assert outcome.output.startswith(expected)
    assert not re.search(r"Usage|Error|Try|No such|required", outcome.output)


def test_every_help_page_is_in_chinese() -> None:
    for words in ([], *([name] for name in cli.commands)):
        outcome = call(*words, "--help")
        assert outcome.exit_code == 0
        assert outcome.output.startswith("用法：")
        assert not re.search(r"Usage|Options|Commands|Show|COMMAND|OPTIONS", outcome.output), words


@pytest.mark.parametrize(
    "words",
    [["run"], ["status"], ["rules", "--code", "R23"], ["check", "{file}"]],
)
def test_wrong_waivers_are_one_sentence_in_every_command(words: list[str], home: Path) -> None:
    file = drop(home / "inbox", "2018-11/南关区.xlsx", SOUND)
    (home / "waivers.toml").write_text('[[waivers]]\nrule = "R99"\n', encoding="utf-8")
    outcome = call(*(w.format(file=file) for w in words), "--home", str(home))
    assert outcome.exit_code == 3
    assert "waivers.toml" in outcome.output
    assert "程序内部错误" not in outcome.output


def test_the_demo_refuses_a_folder_of_somebody_else(tmp_path: Path) -> None:
    (tmp_path / "重要.txt").write_text("不是演示", encoding="utf-8")
    result = call("demo", str(tmp_path))
    assert result.exit_code == 2
    assert [p.name for p in tmp_path.iterdir()] == ["重要.txt"]


def test_cells_lists_what_was_read_and_shows_long_numbers_only_on_request(tmp_path: Path) -> None:
    file = drop(tmp_path, "南关区2018年11月.xlsx", SOUND)
    result = call("cells", str(file), "--home", str(tmp_path))
    assert result.exit_code == 0
    assert "== 培训花名册（3 行 7 列）" in result.output
    assert "A3 s:王秀英" in result.output
    assert not re.search(r"\d{7}", result.output)
    (line,) = call("cells", str(file), "--json", "--home", str(tmp_path)).output.splitlines()
    outcome = json.loads(line)
    assert outcome["sheet"] == "培训花名册"
    assert outcome["cells"]["A3"] == "s:王秀英"
    assert re.fullmatch(r"s:\d{17}[\dX]", outcome["cells"]["C3"])


@pytest.mark.parametrize("command", ["cells", "explain"])
def test_an_archive_is_told_with_what_lies_inside(command: str, tmp_path: Path) -> None:
    file = tmp_path / "报表.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.csv", "姓名,身份证号\n")
    result = call(command, str(file), "--home", str(tmp_path))
    assert (result.exit_code, "里面有 a.csv" in result.output) == (1, True)


def test_cells_says_why_a_file_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "照片.xlsx"
    file.write_bytes(b"\x89PNG\r\n")
    result = call("cells", str(file), "--home", str(tmp_path))
    assert result.exit_code == 1
    assert "照片.xlsx：这是图片" in result.output
