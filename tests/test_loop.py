"""The loop with the counties: filed with faults, sent back marked, typed right, filed again, counted.

A made-up province in which every rule of cells and rows is broken somewhere. Its counties type the right
values into the very workbooks they were sent back, some rows at a time and not all in every round, and
file them as people do.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import random
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from months import dropped, inputs
from office import all_converted, needs_office

from pipeline.home import open_home
from pipeline.office.read import read_grids
from pipeline.programme import Programme
from pipeline.run import run
from pipeline.sample import make_province

PERIOD = "2018-11"
Place = tuple[int, int]
Row = tuple[int, int]  # sheet, row


@dataclass
class Return:
    """A county's file on its way: where it lies now, and what is still to be typed into which rows."""

    path: str
    wrong: dict[Row, dict[int, str]] = field(default_factory=dict)


def returns(home: Path, right: Path) -> list[Return]:
    """The files of a faulty province, each with the cells that say otherwise in the sound one."""
    sound = {file.path: file.content for file in inputs(right / "inbox", PERIOD)}
    found = []
    for file in inputs(home / "inbox", PERIOD):
        if file.content != sound[file.path]:
            found.append(Return(file.path, dict(_wrong(file.content, sound[file.path]))))
    return [one for one in found if one.wrong]


def _wrong(content: bytes, sound: bytes) -> Iterator[tuple[Row, dict[int, str]]]:
    for nth, (is_, ought) in enumerate(zip(read_grids(content), read_grids(sound), strict=True)):
        rows: dict[Row, dict[int, str]] = {}
        for row, column in sorted({*is_.cells, *ought.cells}):
            texts = [
                g.cells[row, column].text if (row, column) in g.cells else "" for g in (is_, ought)
            ]
            if texts[0] != texts[1]:
                rows.setdefault((nth, row), {})[column] = texts[1]
        yield from rows.items()


def rosters(book: Any) -> list[Any]:
    """The county's own sheets of a workbook sent back."""
    return [s for s in book.worksheets if s.title != "核对结果" and s.sheet_state == "visible"]


def typed(marked: Path, one: Return, rows: Iterable[Row]) -> bytes:
    """The workbook sent back with the right values typed into some of its rows."""
    book = openpyxl.load_workbook(marked)
    sheets = rosters(book)
    for nth, row in rows:
        for column, text in one.wrong[nth, row].items():
            cell: Any = sheets[nth].cell(row, column)
            cell.value = text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


Way = Callable[[str, int, bytes], tuple[str, bytes]]  # the name sent back, the round, what is filed


def _renamed(shape: str) -> Way:
    return lambda stem, nth, content: (shape.format(stem=stem, n=nth, first=stem[0]), content)


def _zipped(stem: str, nth: int, content: bytes) -> tuple[str, bytes]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(f"{stem}.xlsx", content)
    return f"00回复{stem}{nth}.zip", out.getvalue()


def _mailed(stem: str, nth: int, content: bytes) -> tuple[str, bytes]:
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["Subject"] = "报送更正后的报表"
    mail.set_content("请查收。")
    mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=f"{stem}.xlsx")  # fmt: skip
    return f"00来信{stem}{nth}.eml", mail.as_bytes()


def _as_text(stem: str, nth: int, content: bytes) -> tuple[str, bytes]:
    """Saved as csv, which holds one sheet and none of our marks; a workbook of several stays one."""
    sheets = rosters(openpyxl.load_workbook(io.BytesIO(content)))
    if len(sheets) > 1:
        return f"0{stem}{nth}.xlsx", content
    lines = io.StringIO()
    csv.writer(lines).writerows(
        ["" if cell is None else str(cell) for cell in row] for row in sheets[0].values
    )
    return f"0{stem}{nth}.csv", lines.getvalue().encode("gb18030")


WAYS: Mapping[str, Way] = {
    "same name": _renamed("{stem}.xlsx"),
    "dated folder": _renamed("11-2{n}/{stem}.xlsx"),
    "downloaded twice": _renamed("{stem}({n}).xlsx"),
    "marked as mended": _renamed("{stem}-已改{n}.xlsx"),
    "folder of mended": _renamed("改好{n}/{stem}.xlsx"),
    "folder of corrected": _renamed("修改后/{n}/{stem}.xlsx"),
    "another name": _renamed("00新建{n}号{first}.xlsx"),
    "before all others": _renamed("00/{stem}/0{n}/表.xlsx"),
    "in an archive": _zipped,
    "in a mail": _mailed,
    "as csv": _as_text,
}


SAVED_AS = ("xls", "ods", "xlsx")


def make_smaller(inbox: Path, of_three: int) -> None:
    """Takes away what a third of the counties filed, or two thirds."""
    by_county: dict[str, list[Path]] = {}
    for file in sorted(inbox.rglob(f"*{PERIOD[:4]}年*")):
        by_county.setdefault(file.name.split(PERIOD[:4])[0], []).append(file)
    for n, county in enumerate(sorted(by_county)):
        for file in by_county[county] if n % 3 >= of_three else ():
            file.unlink()


def close_the_loop(
    home: Path, seed: int, rounds: int, of_three: int, programme: Programme, suffixes: Sequence[str]
) -> Path:
    """Files a faulty province and mends it in so many rounds; the last outbox.

    of_three: how many thirds of the counties file at all.

    suffixes: what an office program saves every other workbook as before it is filed, every other one of
    them in each round; none: all as they are.
    """
    dice, right = random.Random(seed), home / "right"
    ways = itertools.cycle(dice.sample(sorted(WAYS), len(WAYS)))
    make_province(home, programme, seed=seed, periods=[PERIOD])
    make_province(right, programme, seed=seed, periods=[PERIOD], mended=True)
    if of_three < 3:
        for place in (home, right):
            make_smaller(place / "inbox", of_three)
    outbox = run(open_home(home), PERIOD, programme)[1].folder
    standing = {e["path"] for e in _inputs(outbox) if e["status"] != "superseded"}
    left = [one for one in returns(home, right) if one.path in standing]
    assert len(left) > 7 * of_three
    for nth in range(1, rounds + 1):
        filed: list[tuple[Return, Path, bytes]] = []
        expected = set()
        for one in left:
            if nth < rounds and dice.random() < 0.3:
                continue
            rows = sorted(one.wrong)
            rows = rows if nth == rounds or dice.random() < 0.5 else rows[: max(1, len(rows) // 2)]
            marked = _sent_back(outbox, one.path)
            expected |= set(_findings(outbox, one.path, rows, marked))
            filed.append((one, marked, typed(marked, one, rows)))
            one.wrong = {row: cells for row, cells in one.wrong.items() if row not in rows}
        for (one, marked, _), (name, content) in zip(
            filed, _saved(filed, nth, suffixes[nth - 1 :: 2], ways, home), strict=True
        ):
            target = home / "inbox" / PERIOD / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            inside = {".zip": f"!{marked.stem}.xlsx", ".eml": f"!{marked.stem}.xlsx"}
            one.path = f"{PERIOD}/{name}{inside.get(target.suffix, '')}"
        left = [one for one in left if one.wrong]
        outbox = run(open_home(home), PERIOD, programme)[1].folder
        assert expected
        missing = expected - _fixed(outbox)
        assert not missing, missing
    return outbox


def _saved(
    filed: Sequence[tuple[Return, Path, bytes]],
    nth: int,
    suffixes: Sequence[str],
    ways: Iterator[str],
    home: Path,
) -> list[tuple[str, bytes]]:
    """Each workbook under the name and in the form in which the county files it."""
    folder = home / f"office{nth}"
    folder.mkdir()
    by_suffix: dict[str, list[Path]] = {}
    names: list[tuple[str, bytes] | Path] = []
    for n, (_, marked, content) in enumerate(filed):
        if n % 2 and suffixes:
            suffix = suffixes[n // 2 % len(suffixes)]
            file = folder / f"0{marked.stem}{nth}{n}.xlsx"
            file.write_bytes(content)
            by_suffix.setdefault(suffix, []).append(file)
            names.append(folder / suffix / f"{file.stem}.{suffix}")
        else:
            names.append(WAYS[next(ways)](marked.stem, nth, content))
    for suffix, files in by_suffix.items():
        all_converted(files, folder, suffix)
    return [(one.name, one.read_bytes()) if isinstance(one, Path) else one for one in names]


def _inputs(outbox: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((outbox / "data/run.json").read_text("utf-8"))[
        "inputs"
    ]
    return found


def _sent_back(outbox: Path, path: str) -> Path:
    """The marked copy of an input."""
    stem = Path(path.rsplit("!", 1)[-1]).stem
    (entry,) = [e for e in _inputs(outbox) if e["path"] == path]
    assert entry["status"] in ("returned", "accepted_with_notes"), (path, entry["status"])
    (found,) = (outbox / "退回").glob(f"{entry['unit']}_*/{stem}.xlsx")
    return found


def _table(outbox: Path, name: str) -> list[dict[str, str]]:
    with (outbox / "data" / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _findings(outbox: Path, path: str, rows: Iterable[Row], marked: Path) -> Iterator[str]:
    """Where something was found in these rows of a file, as changes.csv names the place."""
    names = [sheet.title for sheet in rosters(openpyxl.load_workbook(marked))]
    wanted = {(names[nth], str(row)) for nth, row in rows}
    if len(names) == 1:  # of text, whose sheet has no name of its own
        wanted |= {("", row) for _, row in wanted}
    for issue in _table(outbox, "issues.csv"):
        here = f"{PERIOD}/{issue['file']}" == path and (issue["sheet"], issue["row"]) in wanted
        if here and issue["severity"] in ("error", "warning"):
            yield " ".join(filter(None, (path, issue["sheet"], issue["cell"])))


def _fixed(outbox: Path) -> set[str]:
    return {line["before"] for line in _table(outbox, "changes.csv") if line["state"] == "fixed"}


def differing(outbox: Path, name: str, wanted: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    """The lines of a delivered table that say otherwise than another, by the columns named."""
    found = pd.read_csv(outbox / "data" / name, dtype=str, keep_default_na=False)[[*columns]]
    texts = wanted[[*columns]].astype("string").fillna("").astype(object)
    return [
        f"{a} {b}"
        for a, b in zip(found.values.tolist(), texts.values.tolist(), strict=True)
        if a != b
    ]


def check_closed(home: Path, outbox: Path, programme: Programme) -> None:
    """Nothing is returned but who is not of the programme, and the figures are those of the sound month."""
    standing = {
        e["path"] for e in _inputs(outbox) if e["status"] not in ("superseded", "unreadable")
    }
    errors = [i for i in _table(outbox, "issues.csv") if i["severity"] == "error"]
    left = {i["rule"] for i in errors if f"{PERIOD}/{i['file']}" in standing}
    assert all(programme.rule[code].eligibility for code in left), left
    wanted = dropped(home / "right" / "inbox", programme, PERIOD)
    measured = ("unit", "level", "indicator", "scope", "counted", "attendances")
    assert differing(outbox, "figures.csv", wanted.table, measured) == []
    coverage = wanted.more["coverage"]
    assert differing(outbox, "coverage.csv", coverage, list(coverage.columns)) == []


@pytest.mark.parametrize(
    ("seed", "rounds", "of_three"), [(1, 2, 1), pytest.param(2, 3, 3, marks=pytest.mark.thorough)]
)
def test_what_was_mended_counts_however_it_is_filed_and_whatever_program_saved_it(
    seed: int, rounds: int, of_three: int, tmp_path: Path, programme: Programme
) -> None:
    without_office = needs_office.args[0]
    outbox = close_the_loop(
        tmp_path, seed, rounds, of_three, programme, () if without_office else SAVED_AS
    )
    check_closed(tmp_path, outbox, programme)
