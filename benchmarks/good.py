"""The same as naive.py, written by somebody who knows the tools: calamine, columns, XlsxWriter.

`python good.py INBOX OUT` reads with python-calamine, holds the rules against whole columns, and
writes the same figures, lists and faults with XlsxWriter in constant memory.
"""

import sys
from datetime import date, datetime
from pathlib import Path

import naive
import numpy as np
import pandas as pd
import xlsxwriter
from naive import (
    CERT,
    COURSES,
    FORMS,
    HEADERS,
    JOBS,
    KINDS,
    NOTHING,
    PHONE,
    TITLES,
    UNITS,
    WORDS,
    unit_in,
)
from python_calamine import CalamineWorkbook

COLUMNS = naive.COLUMNS
PERIOD_END = "2018-11-30"
WEIGHTS = np.array(naive.WEIGHTS)
MONTH_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
FIELDS = sorted(set(HEADERS.values()))


def read_workbook(file):
    """A county's two rosters as frames of what stands in the cells."""
    book = CalamineWorkbook.from_path(str(file))
    for title in book.sheet_names:
        kind = KINDS.get(title[:2])
        if kind is None:
            continue
        rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
        at = next(
            n for n, row in enumerate(rows) if any(c in ("身份证号", "身份证号码") for c in row)
        )
        filer = next(c for row in rows[:at] for c in row if str(c).startswith("填报单位"))
        names = [HEADERS.get(c, f"_{n}") for n, c in enumerate(rows[at])]
        frame = pd.DataFrame(rows[at + 1 :], columns=names, dtype=object)
        frame["number"] = np.arange(at + 2, at + 2 + len(frame))
        first = frame["_0"].astype(str)
        frame = frame[~first.str.startswith(("合计", "填表人")) & (first != "")]
        yield frame.reindex(columns=[*FIELDS, "number"], fill_value="").assign(
            kind=kind, unit=unit_in(filer), file=file.name, sheet=title
        )


def texts(column):
    """A column as text: each distinct value read once."""
    known = {v: naive.text_of(v) for v in column.unique()}
    return column.map(known)


def days(column):
    """First and last day meant, in ISO, blank where there is none."""

    def read(value):
        if isinstance(value, (date, datetime)):
            return value.isoformat()[:10], value.isoformat()[:10]
        found = naive.read_date(value)
        return (found[0].isoformat(), found[1].isoformat()) if found else ("", "")

    known = {v: read(v) for v in column.unique()}
    read_ = column.map(known)
    return read_.str[0], read_.str[1]


def id_faults(numbers):
    """C32 to C35 or nothing, for a column of ID numbers."""
    fault = np.full(len(numbers), "", dtype=object)
    given = (numbers != "").to_numpy()
    long = (numbers.str.len() == 18).to_numpy()
    shape = numbers.str.fullmatch(r"[0-9]{17}[0-9X]").to_numpy()
    fault[given & ~long], fault[given & long & ~shape] = "C32", "C33"
    at = np.flatnonzero(shape)
    digits = (
        np.array(numbers.to_numpy()[at], dtype="S18")
        .view(np.uint8)
        .reshape(-1, 18)
        .astype(np.int64)
        - 48
    )
    year = digits[:, 6:10] @ [1000, 100, 10, 1]
    month, day = digits[:, 10:12] @ [10, 1], digits[:, 12:14] @ [10, 1]
    real = (month >= 1) & (month <= 12) & (year > 0) & (day >= 1)
    real &= day <= MONTH_DAYS[np.where(month <= 12, month, 0)]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    real &= ~((month == 2) & (day == 29) & ~leap)
    last = (
        np.frombuffer(b"10X98765432", np.uint8).astype(np.int64)[digits[:, :17] @ WEIGHTS % 11] - 48
    )
    fault[at] = np.where(~real, "C34", np.where(last == digits[:, 17], "", "C35"))
    return fault


def is_number(column):
    return column.map(type).isin([int, float]).to_numpy()


def check(frame):
    """Every (rule, column) with the rows that break it; adds what reading gives to the frame."""
    id_typed, cert_typed = is_number(frame["id_no"]), is_number(frame["cert_no"])
    for field in FIELDS:
        if field not in ("start", "finish", "birth"):
            frame[field] = texts(frame[field])
    frame["id_no"], frame["cert_no"] = frame["id_no"].str.upper(), frame["cert_no"].str.upper()
    training = (frame["kind"] == "training").to_numpy()
    nothing = {
        f: frame[f].isin(NOTHING).to_numpy()
        for f in ("name", "id_no", "cert_no", "start", "finish")
    }
    fault = np.where(id_typed, "", id_faults(frame["id_no"]))
    sound_id = (fault == "") & ~id_typed & ~nothing["id_no"]
    parts = frame["cert_no"].str.extract(CERT.pattern)
    cert = parts[0].notna().to_numpy()
    frame["start_text"], start_last = days(frame["start"])
    finish_first, frame["finish_text"] = days(frame["finish"])
    birth_first, birth_last = days(frame["birth"])
    start, finish = frame["start_text"], frame["finish_text"]
    started, finished = (start != "").to_numpy(), (finish != "").to_numpy() & training
    number = (
        pd.to_numeric(frame["id_no"].where(frame["id_no"].str.isdigit()), errors="coerce")
        .fillna(-9)
        .astype("int64")
    )
    rises = ((number.diff() == 1) & (number > 0)).to_numpy()
    two = rises & np.roll(rises, 1)
    filled = two | np.roll(two, -1) | np.roll(two, -2)
    yes_no = frame["poor"].map({w: c for w, (c, _) in WORDS["poor"].items()})
    errors = {
        ("C20", "name"): nothing["name"], ("C21", "id_no"): nothing["id_no"], ("C22", "cert_no"): nothing["cert_no"],
        ("C30", "id_no"): id_typed, ("C31", "id_no"): filled, ("C36", "cert_no"): cert_typed,
        **{(code, "id_no"): fault == code for code in ("C32", "C33", "C34", "C35")},
        ("C37", "cert_no"): ~nothing["cert_no"] & ~cert & ~cert_typed,
        ("C23", "start"): nothing["start"] & training, ("C25", "start"): nothing["start"] & ~training,
        ("C24", "finish"): nothing["finish"] & training,
        ("C38", "start"): ~nothing["start"] & ~started & training,
        ("C40", "start"): ~nothing["start"] & ~started & ~training,
        ("C39", "finish"): ~nothing["finish"] & ~finished & training,
        ("R20", "gender"): (frame["gender"].isin(["男", "男性"]) | (frame["id_no"].str[16:17].isin(list("13579")) & (frame["id_no"].str.len() == 18))).to_numpy(),
        ("R21", "poor"): (yes_no == "no").to_numpy(),
        ("R22", "cert_no"): cert & ~nothing["id_no"] & (parts[0] != frame["id_no"]).to_numpy(),
        ("R23", "finish"): started & finished & (finish < start).to_numpy(),
        ("R24", "start"): (start > PERIOD_END).to_numpy() | ((finish_first > PERIOD_END).to_numpy() & training),
    }  # fmt: skip
    born = (
        frame["id_no"].str[6:10] + "-" + frame["id_no"].str[10:12] + "-" + frame["id_no"].str[12:14]
    )
    typed_birth = ~frame["birth"].isin(NOTHING).to_numpy()
    read_birth = (birth_first != "").to_numpy()
    aged = sound_id & started
    year = pd.to_numeric(start.where(aged, "0").str[:4]) - pd.to_numeric(
        born.where(aged, "0").str[:4]
    )
    age = year - (start.str[5:] < born.str[5:]).astype(int)
    known = {
        f: frame[f].isin(list(WORDS[f])) | (frame[f] == "")
        for f in ("gender", "ethnic", "education", "category", "grade", "poor")
    }
    code_of = {
        f: frame[f].map({w: c for w, (c, _) in WORDS[f].items()}) for f in ("category", "grade")
    }
    item, form = frame["item"], frame["form"]
    warnings = {
        **{(code, f): ~known[f].to_numpy() for code, f in (("C51", "gender"), ("C52", "ethnic"), ("C53", "education"),
                                                            ("C54", "category"), ("C55", "grade"), ("C56", "poor"))},
        ("C57", "item"): (~item.isin(list(COURSES)) & (item != "")).to_numpy(),
        ("C59", "form"): (~np.where(training, form.isin(list(FORMS)), form.isin(list(JOBS))) & (form != "").to_numpy()),
        ("C41", "start"): (start != start_last).to_numpy(), ("C42", "finish"): (finish != finish_first).to_numpy() & training,
        ("C50", "phone"): ~(frame["phone"].str.match(PHONE.pattern) | (frame["phone"] == "")).to_numpy(),
        ("C61", "birth"): typed_birth & ~read_birth, ("C62", "id_no"): frame["id_no"].str.endswith("000").to_numpy(),
        ("C63", "name"): frame["name"].str.contains("[?？□\ue000-\uf8ff\ufffd]").to_numpy(),
        ("C64", "name"): (~frame["name"].str.len().between(2, 20) & (frame["name"] != "")).to_numpy(),
        ("R30", "poor"): (frame["poor"] == "").to_numpy(),
        ("R31", "category"): cert & code_of["category"].notna().to_numpy() & (code_of["category"] != parts[1]).to_numpy(),
        ("R32", "grade"): cert & code_of["grade"].notna().to_numpy() & (code_of["grade"] != parts[2]).to_numpy(),
        ("R33", "birth"): sound_id & read_birth & ~((birth_first <= born) & (born <= birth_last)).to_numpy(),
        ("R34", "id_no"): aged & ~age.between(16, 59).to_numpy(),
        ("R35", "start"): started & (start.str[:4] != PERIOD_END[:4]).to_numpy(),
        ("R50", "phone"): (frame.groupby(["unit", "kind", "phone"])["id_no"].transform("nunique") >= 5).to_numpy()
        & (frame["phone"] != "").to_numpy(),
    }  # fmt: skip
    frame["wrong"] = np.logical_or.reduce(list(errors.values()))
    return errors | warnings


def keeper(sound):
    """For every sound row the unit its person counts for."""
    of_person = sound.groupby(["kind", "id_no"])
    kept = sound["unit"].copy()
    several = sound[of_person["unit"].transform("nunique") > 1].copy()
    several["home"] = several["address"].map({a: unit_in(a) for a in several["address"].unique()})
    one_home = several.groupby(["kind", "id_no"])["home"].transform("nunique") == 1
    several["away"] = ~(one_home & (several["home"] == several["unit"]))
    several = several.sort_values(["away", "start_text", "unit"])
    kept.loc[several.index] = several.groupby(["kind", "id_no"])["unit"].transform("first")
    return kept


def figures_of(frame, sound):
    """As in naive.py: measures by (unit, kind), counties and what is above them."""
    measures = {
        "counted": sound.drop_duplicates(["kind", "id_no"]).groupby(["keeper", "kind"]).size(),
        "attended": sound.drop_duplicates(["kind", "id_no", "start_text", "org"])
        .groupby(["keeper", "kind"])
        .size(),
        "read": frame.groupby(["unit", "kind"]).size(),
        "returned": frame[frame["wrong"]].groupby(["unit", "kind"]).size(),
    }
    figures = {}
    for name, numbers in measures.items():
        for (unit, kind), number in numbers.items():
            while unit in UNITS:
                line = figures.setdefault((unit, kind), {})
                line[name] = line.get(name, 0) + int(number)
                unit = UNITS[unit]["parent"]
    return figures


def write_figures(file, figures, targets):
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(
            0, 0, ["代码", "单位", "指标", "任务", "完成", "完成率", "人次", "读取", "退回"]
        )
        lines = [(u, label, kind) for u in UNITS for label, kind in KINDS.items()]
        for n, (unit, label, kind) in enumerate(lines, 1):
            line, target = figures.get((unit, kind), {}), targets.get((unit, kind))
            done = line.get("counted", 0)
            rate = done / target if target else None
            sheet.write_row(n, 0, [unit, UNITS[unit]["name"], label, target, done, rate, line.get("attended", 0),
                                   line.get("read", 0), line.get("returned", 0)])  # fmt: skip


def write_lists(file, sound):
    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(str(file), options) as book:
        for label, kind in KINDS.items():
            people = sound[(sound["kind"] == kind) & (sound["keeper"] == sound["unit"])]
            people = people.sort_values(["unit", "id_no", "start_text"]).drop_duplicates("id_no")
            sheet = book.add_worksheet(f"{label}人员名单")
            sheet.write_row(0, 0, ["序号", *TITLES])
            for n, values in enumerate(people[COLUMNS].itertuples(index=False, name=None), 1):
                sheet.write_number(n, 0, n)
                for column, value in enumerate(values, 1):
                    if value:
                        sheet.write_string(n, column, value)


def main(inbox, out):
    parts = [part for file in sorted(inbox.glob("2018-11/*.xlsx")) for part in read_workbook(file)]
    frame = pd.concat(parts, ignore_index=True)
    broken = check(frame)
    for field in ("gender", "ethnic", "education", "poor", "category", "grade"):
        frame[field] = frame[field].map(lambda t, w=WORDS[field]: w.get(t, ("", t))[1])
    frame["prefecture"] = frame["unit"].map(
        {u: UNITS.get(UNITS[u]["parent"], UNITS[u])["name"] for u in UNITS}
    )
    frame["county"] = frame["unit"].map({u: UNITS[u]["name"] for u in UNITS})
    sound = frame[~frame["wrong"]].copy()
    sound["keeper"] = keeper(sound)
    figures = figures_of(frame, sound)
    out.mkdir(parents=True, exist_ok=True)
    write_figures(out / "汇总.xlsx", figures, naive.read_targets(inbox / "全省任务分解表.xlsx"))
    write_lists(out / "名单.xlsx", sound)
    places = frame[["file", "sheet", "number"]]
    issues = [
        places[rows].assign(column=column, rule=code)
        for (code, column), rows in broken.items()
        if rows.any()
    ]
    pd.concat(issues).to_csv(out / "问题.csv", index=False, encoding="utf-8-sig")
    naive.say_counts(figures, sound)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
