"""What was read once is not read again, until anything it followed from has changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from drawing import drop
from test_layouts import HEADER, ROW, TITLE, A, B, persons

from pipeline.collect import collect
from pipeline.ingest import ReadingApart, ingest, reader
from pipeline.model import Reading
from pipeline.programme import Programme
from pipeline.run import run
from pipeline.workers import Apart

ONE = "\n".join([TITLE, HEADER, "1 | 王秀英 | " + ROW.format(A)])
TWO = "\n".join([TITLE, HEADER, "1 | 李桂兰 | " + ROW.format(B)])


@pytest.fixture
def worked_on(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of everything handed to a worker process, as it happens."""
    seen: list[str] = []
    really = Apart.__call__

    def noting(self: Apart[Any, Any], things: Iterable[Any]) -> Iterator[Any]:
        def noted() -> Iterator[Any]:
            for thing in things:
                seen.append(thing.path)
                yield thing

        yield from really(self, noted())

    monkeypatch.setattr(Apart, "__call__", noting)
    return seen


def readings(home: Path, programme: Programme, passwords: tuple[str, ...] = ()) -> list[Reading]:
    with ReadingApart(programme, passwords, cache=home / ".cache") as read:
        return list(ingest(collect(home / "inbox"), programme, read))


def test_a_run_with_nothing_new_reads_nothing_again(
    home: Path, programme: Programme, templates: Path, worked_on: list[str]
) -> None:
    drop(home / "inbox", "2018-11/a.xlsx", ONE)
    figures = []
    for _ in range(2):
        with ReadingApart(programme, cache=home / ".cache") as read:
            figures.append(
                run(home / "inbox", home / "outbox", "2018-11", programme, templates, read)[0]
            )
    assert worked_on == ["2018-11/a.xlsx"]
    assert figures[0].table.equals(figures[1].table)
    drop(home / "inbox", "2018-11/b.xlsx", TWO)
    readings(home, programme)
    assert worked_on == ["2018-11/a.xlsx", "2018-11/b.xlsx"], "one new return costs one return"


def test_changed_bytes_names_passwords_programme_or_reader_are_read_again(
    home: Path, programme: Programme, worked_on: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(home / "inbox", "2018-11/a.xlsx", ONE)
    readings(home, programme)
    drop(home / "inbox", "2018-11/a.xlsx", TWO)
    assert persons(readings(home, programme)[0])[0][2] == "李桂兰"
    (home / "inbox/2018-11/a.xlsx").rename(home / "inbox/2018-11/b.xlsx")
    readings(home, programme)
    readings(home, programme, ("新密码",))
    assert worked_on == ["2018-11/a.xlsx"] * 2 + ["2018-11/b.xlsx"] * 2
    readings(home, replace(programme, digest="另一份"))
    assert len(worked_on) == 5
    readings(home, programme)  # the cache held one programme's readings only
    monkeypatch.setattr(reader, "_CODE", "另一版")
    readings(home, programme)
    assert len(worked_on) == 7


def test_a_damaged_or_deleted_cache_changes_nothing_but_time(
    home: Path, programme: Programme, worked_on: list[str]
) -> None:
    drop(home / "inbox", "2018-11/a.xlsx", ONE)
    first = persons(readings(home, programme)[0])
    entries = [p for p in (home / ".cache").rglob("*") if p.is_file()]
    assert len(entries) == 1
    whole = entries[0].read_bytes()
    forged = whole.replace("王秀英".encode(), "王秀兰".encode())
    assert forged != whole
    for damaged in (b"", whole[: len(whole) // 2], whole[:-1] + bytes([whole[-1] ^ 1]), forged):
        entries[0].write_bytes(damaged)
        assert persons(readings(home, programme)[0]) == first
        assert entries[0].read_bytes() == whole, "rebuilt"
    assert len(worked_on) == 5
