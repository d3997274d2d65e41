"""One file, one part: read once, kept as tables that are believed while they are whole, never executed."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from drawing import drop, id_no, workbook
from test_collect import zipped

import pipeline.read.files as parts_room
from pipeline.check import check
from pipeline.collect import collect
from pipeline.limits import LIMITS, Limits
from pipeline.model import Severity
from pipeline.model.stop import Stop
from pipeline.model.tables import faults_of, part_schemas
from pipeline.programme import Programme
from pipeline.programme.waivers import Waiver
from pipeline.read import Job, read, reader_sources
from pipeline.workers import Store, StoredPart

A, B = (id_no(f"22010219780{n}05002") for n in (1, 2))
ROW = "女 | {0} | {0}43 | 是 | 2018-09-01 | 2018-09-10"
HEADER = "序号 | 姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间"
TITLE = "填报单位：南关区残联 | | 填报日期：2018年11月26日"
ONE = "\n".join([TITLE, HEADER, "1 | 王秀英 | " + ROW.format(A)])
TWO = "\n".join([TITLE, HEADER, "1 | 李桂兰 | " + ROW.format(B)])


class Month:
    """A home folder whose inbox is read again and again; `worked_on` are the files workers were given."""

    def __init__(self, home: Path, programme: Programme) -> None:
        self.inbox, self.store, self.programme = home / "inbox", home / "store", programme
        self.worked_on: list[str] = []

    def read(
        self,
        passwords: tuple[str, ...] = (),
        limits: Limits = LIMITS,
        programme: Programme | None = None,
    ) -> tuple[StoredPart, ...]:
        with Store(self.store) as store:
            return read(
                collect(self.inbox), programme or self.programme, store, passwords, limits,
                self._noted,
            )  # fmt: skip

    def _noted(self, jobs: Iterable[Job]) -> Iterator[Job]:
        for job in jobs:
            self.worked_on.append(job.found.path)
            yield job

    def names(self) -> list[str]:
        return [name for part in self.read() for name in _names(part)]

    def entries(self) -> list[Path]:
        return [p for p in self.store.iterdir() if p.is_dir()]


def _names(part: StoredPart) -> list[str]:
    return list(lines(part, "rows")["name"].to_pylist()) if "rows" in part.tables else []


@pytest.fixture
def inbox_month(home: Path, programme: Programme) -> Month:
    return Month(home, programme)


def lines(part: StoredPart, table: str) -> pa.Table:
    return pq.read_table(part.tables[table])


def test_a_part_is_declared_tables_for_their_owner_only(
    inbox_month: Month, programme: Programme
) -> None:
    drop(inbox_month.inbox, "2018-11/a.xlsx", ONE)
    (part,) = inbox_month.read()
    schemas = part_schemas(programme.value_fields)
    assert {"rows", "columns", "filings", "inputs"} <= set(part.tables) <= set(schemas)
    for name, path in part.tables.items():
        assert faults_of(pq.read_table(path), schemas[name]) == []
        assert len(pq.read_table(path))
    if sys.platform != "win32":
        modes = {stat.S_IMODE(p.stat().st_mode) for p in part.folder.iterdir()}
        assert modes == {0o600}
        assert {stat.S_IMODE(p.stat().st_mode) for p in (part.folder, inbox_month.store)} == {0o700}


def test_what_was_read_once_is_not_read_again(inbox_month: Month) -> None:
    drop(inbox_month.inbox, "2018-11/a.xlsx", ONE)
    assert [p.tables for p in inbox_month.read()] == [p.tables for p in inbox_month.read()]
    assert inbox_month.worked_on == ["2018-11/a.xlsx"]
    drop(inbox_month.inbox, "2018-11/b.xlsx", TWO)
    assert inbox_month.names() == ["王秀英", "李桂兰"]
    assert inbox_month.worked_on == ["2018-11/a.xlsx", "2018-11/b.xlsx"]


def test_changed_bytes_names_passwords_limits_programme_or_reader_are_read_again(
    inbox_month: Month, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(inbox_month.inbox, "2018-11/a.xlsx", ONE)
    inbox_month.read()
    drop(inbox_month.inbox, "2018-11/a.xlsx", TWO)
    assert inbox_month.names() == ["李桂兰"]
    (inbox_month.inbox / "2018-11/a.xlsx").rename(inbox_month.inbox / "2018-11/b.xlsx")
    inbox_month.read()
    inbox_month.read(("新密码",))
    inbox_month.read(limits=replace(LIMITS, sheets=9))
    inbox_month.read(programme=replace(programme, digest="另一份"))
    assert len(inbox_month.worked_on) == 6
    monkeypatch.setattr(parts_room, "reader_version", lambda: "另一版")
    inbox_month.read()
    assert len(inbox_month.worked_on) == 7
    assert len(inbox_month.entries()) == 1, "what this run did not use is gone"


def test_the_readers_version_covers_all_that_a_reading_passes_through() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, pipeline.read.part, pipeline.collect.unpacking\n"
         "print(*(m.__file__ for n, m in sys.modules.items() if n.split('.')[0] == 'pipeline'), sep='\\n')"],
        capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ).stdout.splitlines()  # fmt: skip
    assert len(loaded) > 30
    assert {Path(file).resolve() for file in loaded} <= set(reader_sources())


def cut(entry: Path) -> None:
    table = entry / "0-rows.parquet"
    table.write_bytes(table.read_bytes()[:-1])


def flip(entry: Path) -> None:
    table = entry / "0-rows.parquet"
    whole = bytearray(table.read_bytes())
    whole[len(whole) // 2] ^= 1
    table.write_bytes(whole)


def empty(entry: Path) -> None:
    (entry / "0-inputs.parquet").write_bytes(b"")


def lose_a_table(entry: Path) -> None:
    (entry / "0-rows.parquet").unlink()


def add_a_table(entry: Path) -> None:
    shutil.copy(entry / "0-rows.parquet", entry / "0-stated.parquet")


def exchange_tables(entry: Path) -> None:
    for a, b in (("rows", "x"), ("columns", "rows"), ("x", "columns")):
        (entry / f"0-{a}.parquet").rename(entry / f"0-{b}.parquet")


def lose_the_manifest(entry: Path) -> None:
    (entry / "part.json").unlink()


def garble_the_manifest(entry: Path) -> None:
    (entry / "part.json").write_bytes(b"[" * 50_000)


def forge_the_manifest(entry: Path) -> None:
    manifest = json.loads((entry / "part.json").read_bytes())
    del manifest["parts"][0]["rows"]
    (entry / "0-rows.parquet").unlink()
    (entry / "part.json").write_text(json.dumps(manifest))


def lead_out_of_the_folder(entry: Path) -> None:
    manifest = json.loads((entry / "part.json").read_bytes())
    manifest["parts"][0]["../../inbox/x"] = manifest["parts"][0].pop("rows")
    (entry / "part.json").write_text(json.dumps(manifest))


def put_a_file_in_its_place(entry: Path) -> None:
    shutil.rmtree(entry)
    entry.write_bytes(b"\x80\x04cos\nsystem\n(S'touch executed'\ntR.")


def of_another_part(entry: Path) -> None:
    (other,) = (p for p in entry.parent.iterdir() if p.is_dir() and p != entry)
    shutil.rmtree(entry)
    shutil.copytree(other, entry)


DAMAGES = (
    cut, flip, empty, lose_a_table, add_a_table, exchange_tables, lose_the_manifest,
    garble_the_manifest, forge_the_manifest, lead_out_of_the_folder, put_a_file_in_its_place,
    of_another_part,
)  # fmt: skip


def test_a_damaged_or_planted_entry_is_made_again(inbox_month: Month) -> None:
    drop(inbox_month.inbox, "2018-11/a.xlsx", ONE)
    drop(inbox_month.inbox, "2018-11/b.xlsx", TWO)
    first, _ = inbox_month.read()
    sound = contents(first.folder)
    for times, damage in enumerate(DAMAGES, 1):
        damage(first.folder)
        assert inbox_month.names() == ["王秀英", "李桂兰"], damage.__name__
        assert contents(first.folder) == sound, damage.__name__
        assert inbox_month.worked_on[2:] == ["2018-11/a.xlsx"] * times, damage.__name__


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such things in folders")
@pytest.mark.parametrize("name", ["0-rows.parquet", "part.json"])
@pytest.mark.parametrize("plant", [os.mkfifo, lambda p: p.symlink_to("/dev/zero"), Path.mkdir])
def test_an_entry_that_is_no_file_is_never_waited_for(
    inbox_month: Month, name: str, plant: Callable[[Path], None]
) -> None:
    drop(inbox_month.inbox, "2018-11/a.xlsx", ONE)
    (part,) = inbox_month.read()
    (part.folder / name).unlink()
    plant(part.folder / name)
    assert inbox_month.names() == ["王秀英"]
    assert len(inbox_month.worked_on) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows makes links for administrators only")
def test_a_planted_link_is_replaced_and_what_it_leads_to_is_left_alone(
    inbox_month: Month, tmp_path: Path
) -> None:
    drop(inbox_month.inbox, "2018-11/a.xlsx", ONE)
    (part,) = inbox_month.read()
    elsewhere = part.folder.rename(tmp_path / "elsewhere")
    part.folder.symlink_to(elsewhere)
    assert inbox_month.names() == ["王秀英"]
    assert not part.folder.is_symlink()
    assert len(contents(elsewhere)) == len(contents(part.folder))


def test_what_a_worker_died_on_is_one_line_and_is_tried_again(inbox_month: Month) -> None:
    file = inbox_month.inbox / "2018-11/农安县.csv"
    file.parent.mkdir()
    file.write_bytes(b"1,2\n" * 8_000_000)
    for _ in range(2):
        (part,) = inbox_month.read(limits=replace(LIMITS, memory_mb=1))
        (manifest,) = lines(part, "inputs").to_pylist()
        assert (manifest["path"], manifest["status"]) == ("2018-11/农安县.csv", "unreadable")
        assert (manifest["period"], manifest["units"]) == ("2018-11", "220122")
        (issue,) = lines(part, "issues").to_pylist()
        assert issue["rule"] == "F05", issue["message"]
        assert manifest["reason"] in issue["message"]
    assert inbox_month.worked_on == ["2018-11/农安县.csv"] * 2


def test_each_member_of_an_archive_is_a_part_and_all_are_kept_as_one(inbox_month: Month) -> None:
    archive = zipped(("甲.xlsx", workbook(ONE)), ("乙.xlsx", workbook(TWO)), ("丙.xlsx", b"PK\3\4"))
    drop(inbox_month.inbox, "2018-11/a.xlsx", ONE)
    (inbox_month.inbox / "2018-11/b.zip").write_bytes(archive)
    for _ in range(2):
        inputs = [lines(part, "inputs").to_pylist() for part in inbox_month.read()]
        assert [[(i["path"], i["status"]) for i in own] for own in inputs] == [
            [("2018-11/a.xlsx", "accepted")],
            [("2018-11/b.zip!丙.xlsx", "unreadable")],
            [("2018-11/b.zip!乙.xlsx", "accepted")],
            [("2018-11/b.zip!甲.xlsx", "accepted")],
        ]
    assert len(inbox_month.worked_on) == 2
    assert inbox_month.names() == ["王秀英", "李桂兰", "王秀英"]


def test_what_a_killed_run_left_is_cleared_and_a_living_one_is_let_alone(
    inbox_month: Month,
) -> None:
    drop(inbox_month.inbox, "2018-11/a.xlsx", ONE)
    inbox_month.read()
    (inbox_month.store / ".new-0123").mkdir()
    (inbox_month.store / ".new-0123" / "0-rows.parquet").write_bytes(b"half")
    with Store(inbox_month.store), pytest.raises(Stop, match="另一次运行"):
        inbox_month.read()
    inbox_month.read()
    assert [p.name for p in inbox_month.store.glob(".new*")] == []
    assert len(inbox_month.worked_on) == 1


def test_a_full_disk_ends_the_run_and_condemns_no_file(
    inbox_month: Month, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(inbox_month.inbox, "2018-11/a.xlsx", ONE)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "0-inputs.parquet")

    monkeypatch.setattr(parts_room, "write_parts", full)
    with pytest.raises(Stop, match="磁盘已满"):
        inbox_month.read(limits=replace(LIMITS, file_mb=0))  # said by the parent itself
    job = Job(collect(inbox_month.inbox)[0], "0" * 64)
    outcome = parts_room.read_one(inbox_month.programme, inbox_month.store, (), LIMITS, job)
    assert (outcome.tables, outcome.fault) == ((), "")
    assert outcome.disk is not None


def test_reading_loads_no_reader_into_the_parent(home: Path) -> None:
    drop(home / "inbox", "2018-11/a.xlsx", ONE)
    script = home / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, str(script), str(home)], capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert ran.stdout.split() == ["1"]


PARENT = """
import sys
from pathlib import Path

READERS = {"pandas", "pandera", "openpyxl", "python_calamine", "xlrd", "msoffcrypto", "docx", "lxml",
           "olefile"}

class Refused:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in READERS:
            raise AssertionError(f"{name} is imported by the parent")

if __name__ == "__main__":
    sys.meta_path.insert(0, Refused())
    from pipeline.collect import collect, kept_passwords
    from pipeline.home import built_in
    from pipeline.read import read
    from pipeline.programme import load_programme
    from pipeline.workers import Store

    home = Path(sys.argv[1])
    with Store(home / "store") as store:
        files = collect(home / "inbox")
        programme = load_programme(built_in("schemas"), "handcraft")
        parts = read(files, programme, store, kept_passwords(home / "inbox"))
    print(len(parts))
"""


def test_check_lays_waivers_over_findings_as_the_month_does(
    home: Path, programme: Programme
) -> None:
    rows = "\n".join(
        [TITLE, HEADER, "1 | 王秀英 | " + ROW.format(A), "2 | 李桂兰 | " + ROW.format(B)]
    )
    file = drop(home, "随便起的名字.xlsx", rows.replace("是", "否"))
    (plain,) = check({file: "2018-11"}, programme)
    first = next(i for i in plain.issues if i.row and i.severity == Severity.ERROR)
    waiver = Waiver(first.rule, "县里复核", "张主任", date(2018, 12, 31), person=A)
    (waived,) = check({file: "2018-11"}, programme, waivers=[waiver])
    assert (plain.errors, waived.errors) == (2, 1)
    assert [i.severity for i in waived.issues if i.rule == first.rule] == ["info", "error"]
    (late,) = check({file: "2019-01"}, programme, waivers=[waiver])
    assert late.errors == 2
