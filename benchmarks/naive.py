"""What a user would write instead of the pipeline: pandas.read_excel, a loop over rows, openpyxl.

`python naive.py INBOX OUT` reads every county's workbook, holds the programme's rules against every
row, counts each person once, and writes 汇总.xlsx with the figures, 名单.xlsx with the two lists of
persons, and 问题.csv. Knows nothing of the pipeline but the lists in schemas/.
"""

import csv
import json
import re
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pandas as pd

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas" / "handcraft"
PERIOD_END = date(2018, 11, 30)
HEADERS = {
    "姓名": "name", "残疾人姓名": "name", "性别": "gender", "民族": "ethnic",
    "出生日期": "birth", "出生年月": "birth", "身份证号": "id_no", "身份证号码": "id_no",
    "残疾人证号": "cert_no", "残疾证号": "cert_no", "残疾类别": "category", "残疾类型": "category",
    "残疾等级": "grade", "残疾级别": "grade", "文化程度": "education", "学历": "education",
    "是否建档立卡": "poor", "户籍地址": "address", "户口所在地": "address", "联系电话": "phone", "手机号": "phone",
    "培训项目": "item", "培训内容": "item", "培训形式": "form", "培训方式": "form", "培训机构": "org",
    "开班时间": "start", "培训开始时间": "start", "结业时间": "finish", "培训结束时间": "finish",
    "就业形式": "form", "就业方式": "form", "就业单位": "org", "工作单位": "org",
    "从事手工种类": "item", "手工种类": "item", "就业时间": "start", "上岗时间": "start",
    "月收入（元）": "income", "月收入": "income",
}  # fmt: skip
KINDS = {"培训": "training", "就业": "employment"}
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
NOTHING = {"", "无", "/", "-", "—", "暂无"}
DAY = re.compile(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月?)$")
CERT = re.compile(r"(\d{17}[\dX])([1-7])([1-4])(B\d{1,2}|\d)?$")
PHONE = re.compile(r"1[3-9]\d{9}$|(0\d{2,3}-?)?[2-9]\d{6,7}$")
COLUMNS = ["prefecture", "county", "name", "gender", "ethnic", "id_no", "cert_no", "category", "grade",
           "education", "poor", "address", "phone", "item", "form", "org", "start_text", "finish_text", "income"]  # fmt: skip
TITLES = ["市（州）", "县（市、区）", "姓名", "性别", "民族", "身份证号", "残疾人证号", "残疾类别", "残疾等级", "文化程度",
          "建档立卡", "户籍地址", "联系电话", "项目或种类", "形式", "机构或单位", "开始时间", "结业时间", "月收入（元）"]  # fmt: skip


def read_units():
    with (SCHEMAS / "units.csv").open(encoding="utf-8-sig") as f:
        units = {
            u["code"]: u for u in csv.DictReader(f) if not u["since"] or u["since"] < "2018-12"
        }
    names = {}
    for code, unit in units.items():
        above = units[unit["parent"]]["name"] if unit["parent"] in units else ""
        names.setdefault(unit["name"], code)
        names[above + unit["name"]] = code
    return units, names


def read_words(name):
    words = {}
    with (SCHEMAS / "codes" / f"{name}.csv").open(encoding="utf-8-sig") as f:
        for line in csv.DictReader(f):
            for word in (line["label"], *line["words"].split("|")):
                words[word] = (line["code"], line["label"])
    return words


UNITS, UNIT_NAMES = read_units()
LONGEST_FIRST = sorted(UNIT_NAMES, key=len, reverse=True)
WORDS = {n: read_words(n) for n in ("gender", "ethnic", "education", "poor", "category", "grade")}
COURSES, FORMS, JOBS = read_words("course"), read_words("training_form"), read_words("job_form")
FOUND = {}


def unit_in(text):
    if text not in FOUND:
        FOUND[text] = next((UNIT_NAMES[n] for n in LONGEST_FIRST if n in text), "")
    return FOUND[text]


def text_of(value):
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def read_date(value):
    """The first and the last day meant, or None."""
    if isinstance(value, datetime):
        return value.date(), value.date()
    match = DAY.match(text_of(value))
    if not match:
        return None
    year, month, day = int(match[1]), int(match[2]), match[3]
    try:
        if day:
            return date(year, month, int(day)), date(year, month, int(day))
        first = date(year, month, 1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    except ValueError:
        return None


def id_fault(number):
    if len(number) != 18:
        return "C32"
    if not re.match(r"\d{17}[\dX]$", number):
        return "C33"
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "C34"
    total = sum(int(d) * w for d, w in zip(number[:17], WEIGHTS, strict=True))
    return "" if "10X98765432"[total % 11] == number[17] else "C35"


def check_row(row, kind):
    """The rules a row breaks: errors and warnings."""
    errors, warnings = [], []
    for field, code in (("name", "C20"), ("id_no", "C21"), ("cert_no", "C22")):
        if row[field] in NOTHING:
            errors.append((code, field))
    if row["id_is_number"]:
        errors.append(("C30", "id_no"))
    elif row["id_no"] and (fault := id_fault(row["id_no"])):
        errors.append((fault, "id_no"))
    cert = CERT.match(row["cert_no"]) if row["cert_no"] else None
    if row["cert_is_number"]:
        errors.append(("C36", "cert_no"))
    elif row["cert_no"] and not cert:
        errors.append(("C37", "cert_no"))
    row["first"], row["last"] = "", ""
    for field, missing, unread, doubt in (
        (
            "start",
            "C23" if kind == "training" else "C25",
            "C38" if kind == "training" else "C40",
            "C41",
        ),
        ("finish", "C24", "C39", "C42"),
    ):
        if field == "finish" and kind == "employment":
            continue
        if text_of(row[field]) in NOTHING:
            errors.append((missing, field))
        else:
            days = read_date(row[field])
            row["first" if field == "start" else "last"] = days
            if days is None:
                errors.append((unread, field))
            elif days[0] != days[1]:
                warnings.append((doubt, field))
    start, finish = row["first"] or None, row["last"] or None
    if start and finish and finish[1] < start[0]:
        errors.append(("R23", "finish"))
    if any(d and d[0] > PERIOD_END for d in (start, finish)):
        errors.append(("R24", "start"))
    if start and start[0].year != PERIOD_END.year:
        warnings.append(("R35", "start"))
    if row["gender"] in ("男", "男性") or (len(row["id_no"]) == 18 and row["id_no"][16] in "13579"):
        errors.append(("R20", "gender"))
    if (poor := WORDS["poor"].get(row["poor"])) and poor[0] == "no":
        errors.append(("R21", "poor"))
    if not row["poor"]:
        warnings.append(("R30", "poor"))
    if cert and row["id_no"] and cert[1] != row["id_no"]:
        errors.append(("R22", "cert_no"))
    for field, code in (("gender", "C51"), ("ethnic", "C52"), ("education", "C53"), ("category", "C54"),
                        ("grade", "C55"), ("poor", "C56")):  # fmt: skip
        if row[field] and row[field] not in WORDS[field]:
            warnings.append((code, field))
    if row["item"] and row["item"] not in COURSES:
        warnings.append(("C57" if kind == "training" else "C58", "item"))
    if row["form"] and row["form"] not in (FORMS if kind == "training" else JOBS):
        warnings.append(("C60" if kind == "training" else "C59", "form"))
    if row["phone"] and not PHONE.match(row["phone"]):
        warnings.append(("C50", "phone"))
    if re.search("[?？□\ue000-\uf8ff\ufffd]", row["name"]):
        warnings.append(("C63", "name"))
    if row["name"] and not 2 <= len(row["name"]) <= 20:
        warnings.append(("C64", "name"))
    if row["id_no"].endswith("000"):
        warnings.append(("C62", "id_no"))
    sound_id = row["id_no"] and not any(c in ("C30", "C32", "C33", "C34", "C35") for c, _ in errors)
    if cert:
        if (
            row["category"] in WORDS["category"]
            and WORDS["category"][row["category"]][0] != cert[2]
        ):
            warnings.append(("R31", "category"))
        if row["grade"] in WORDS["grade"] and WORDS["grade"][row["grade"]][0] != cert[3]:
            warnings.append(("R32", "grade"))
    if text_of(row["birth"]):
        birth = read_date(row["birth"])
        if birth is None:
            warnings.append(("C61", "birth"))
        elif sound_id:
            born = date(int(row["id_no"][6:10]), int(row["id_no"][10:12]), int(row["id_no"][12:14]))
            if not birth[0] <= born <= birth[1]:
                warnings.append(("R33", "birth"))
    if sound_id and start:
        born = row["id_no"][6:14]
        age = start[0].year - int(born[:4]) - (f"{start[0]:%m%d}" < born[4:])
        if not 16 <= age <= 59:
            warnings.append(("R34", "id_no"))
    return errors, warnings


def read_workbook(file):
    """The rows of a county's two rosters, each with what is wrong with it."""
    rows, issues = [], []
    for title, table in pd.read_excel(
        file, sheet_name=None, header=None, dtype=object, engine="openpyxl"
    ).items():
        kind = KINDS.get(title[:2])
        if kind is None:
            continue
        unit, columns, before, run = "", None, None, []
        for number, values in enumerate(table.itertuples(index=False, name=None), 1):
            texts = [text_of(v) for v in values]
            if columns is None:
                for text in texts:
                    if text.startswith("填报单位"):
                        unit = unit_in(text)
                named = {HEADERS[t]: n for n, t in enumerate(texts) if t in HEADERS}
                if "id_no" in named and "name" in named:
                    columns = named
                continue
            if texts[0].startswith(("合计", "填表人")) or not any(texts):
                continue
            row = {f: texts[columns[f]] if f in columns else "" for f in set(HEADERS.values())}
            for field in ("start", "finish", "birth"):
                row[field] = values[columns[field]] if field in columns else ""
            row["id_is_number"] = (
                isinstance(values[columns["id_no"]], (int, float)) and row["id_no"] != ""
            )
            row["cert_is_number"] = (
                isinstance(values[columns["cert_no"]], (int, float)) and row["cert_no"] != ""
            )
            row["id_no"], row["cert_no"] = row["id_no"].upper(), row["cert_no"].upper()
            row.update(unit=unit, kind=kind, file=file.name, sheet=title, number=number)
            errors, warnings = check_row(row, kind)
            first17 = int(row["id_no"]) if row["id_no"].isdigit() else None
            run = [*run, row] if first17 and before and first17 == before + 1 else [row]
            before = first17
            row["faults"] = errors
            if len(run) >= 3:
                for one in run:
                    one["faults"].append(("C31", "id_no"))
            issues += [
                (file.name, title, number, column, code) for code, column in errors + warnings
            ]
            rows.append(row)
    return rows, issues


def shared_phones(frame, issues):
    """R50: one phone for five persons or more of a return."""
    with_phone = frame[frame["phone"] != ""]
    persons = with_phone.groupby(["unit", "kind", "phone"])["id_no"].transform("nunique")
    for row in with_phone[persons >= 5].itertuples():
        issues.append((row.file, row.sheet, row.number, "phone", "R50"))


def keepers(sound):
    """For every sound row the unit its person counts for."""
    kept = {}
    several = sound.groupby(["kind", "id_no"])["unit"].nunique()
    several = set(several[several > 1].index)
    claims = {}
    for row in sound.itertuples():
        key = (row.kind, row.id_no)
        if key in several:
            claims.setdefault(key, []).append((row.first[0], row.unit, unit_in(row.address)))
        else:
            kept[key] = row.unit
    for key, lines in claims.items():
        homes = {home for _, _, home in lines}
        at_home = [unit for _, unit, home in lines if len(homes) == 1 and home == unit]
        kept[key] = at_home[0] if at_home else min(lines)[1]
    return kept


def figures_of(frame, sound):
    """counted, attendances, rows and returned rows by (unit, kind), counties and what is above."""
    people = sound.drop_duplicates(["kind", "id_no"])
    counted = people.groupby(["keeper", "kind"]).size().to_dict()
    attended = (
        sound.drop_duplicates(["kind", "id_no", "start_text", "org"])
        .groupby(["keeper", "kind"])
        .size()
        .to_dict()
    )
    read = frame.groupby(["unit", "kind"]).size().to_dict()
    returned = frame[frame["wrong"]].groupby(["unit", "kind"]).size().to_dict()
    figures = {}
    for name, numbers in (
        ("counted", counted),
        ("attended", attended),
        ("read", read),
        ("returned", returned),
    ):
        for (unit, kind), number in numbers.items():
            while unit in UNITS:
                line = figures.setdefault((unit, kind), {})
                line[name] = line.get(name, 0) + number
                unit = UNITS[unit]["parent"]
    return figures


def read_targets(file):
    """(unit, kind) -> the year's task, from the task table."""
    table = pd.read_excel(file, header=None, dtype=object, engine="openpyxl")
    top, years = [text_of(v) for v in table.iloc[2]], [text_of(v) for v in table.iloc[3]]
    columns, kind = {}, ""
    for n, (group, year) in enumerate(zip(top, years, strict=True)):
        kind = KINDS.get(group[:2], kind) if group else kind
        if year == "2018年":
            columns[kind] = n
    targets = {}
    for values in table.iloc[4:].itertuples(index=False, name=None):
        unit = unit_in(text_of(values[0]))
        for kind, n in columns.items():
            if unit and text_of(values[n]):
                targets.setdefault((unit, kind), int(values[n]))
    return targets


def write_figures(file, figures, targets):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["代码", "单位", "指标", "任务", "完成", "完成率", "人次", "读取", "退回"])
    for unit in UNITS:
        for label, kind in KINDS.items():
            line, target = figures.get((unit, kind), {}), targets.get((unit, kind))
            done = line.get("counted", 0)
            rate = done / target if target else None
            sheet.append([unit, UNITS[unit]["name"], label, target, done, rate, line.get("attended", 0),
                          line.get("read", 0), line.get("returned", 0)])  # fmt: skip
    book.save(file)


def write_lists(file, sound):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for label, kind in KINDS.items():
        people = sound[(sound["kind"] == kind) & (sound["keeper"] == sound["unit"])]
        people = people.sort_values(["unit", "id_no", "first"]).drop_duplicates("id_no")
        sheet = book.create_sheet(f"{label}人员名单")
        sheet.append(["序号", *TITLES])
        for n, values in enumerate(people[COLUMNS].itertuples(index=False, name=None), 1):
            sheet.append([n, *values])
    book.save(file)


def label(field, text):
    return WORDS[field].get(text, ("", text))[1]


def say_counts(figures, sound):
    counted = {
        f"{unit} {kind}": line["counted"]
        for (unit, kind), line in sorted(figures.items())
        if "counted" in line
    }
    sys.stdout.write(
        json.dumps({"counted": counted, "listed": len(sound.drop_duplicates(["kind", "id_no"]))})
    )


def main(inbox, out):
    rows, issues = [], []
    for file in sorted(inbox.glob("2018-11/*.xlsx")):
        more, wrong = read_workbook(file)
        rows += more
        issues += wrong
    for row in rows:
        row["wrong"] = bool(row["faults"])
        row["prefecture"] = UNITS[UNITS[row["unit"]]["parent"]]["name"]
        row["county"] = UNITS[row["unit"]]["name"]
        for field in ("gender", "ethnic", "education", "poor", "category", "grade"):
            row[field] = label(field, row[field])
        row["start_text"] = row["first"][0].isoformat() if row["first"] else ""
        row["finish_text"] = row["last"][1].isoformat() if row["last"] else ""
    frame = pd.DataFrame(rows)
    shared_phones(frame, issues)
    sound = frame[~frame["wrong"]].copy()
    kept = keepers(sound)
    sound["keeper"] = [kept[key] for key in zip(sound["kind"], sound["id_no"], strict=True)]
    figures = figures_of(frame, sound)
    out.mkdir(parents=True, exist_ok=True)
    write_figures(out / "汇总.xlsx", figures, read_targets(inbox / "全省任务分解表.xlsx"))
    write_lists(out / "名单.xlsx", sound)
    with (out / "问题.csv").open("w", encoding="utf-8-sig", newline="") as f:
        csv.writer(f).writerows([("文件", "表", "行", "列", "规则"), *issues])
    say_counts(figures, sound)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
