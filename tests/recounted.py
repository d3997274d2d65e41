"""A delivered month counted anew by a path of its own: plain loops over what lies in data/, none of the job's questions."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.programme import Programme

_LEFT = ("returned", "elsewhere", "merged", "carried")


def table(folder: Path, name: str) -> list[dict[str, str]]:
    """A CSV table of a delivered month."""
    with (folder / "data" / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def bridge_faults(folder: Path) -> list[str]:
    """Where 差异桥 does not lead from its first step to its last, at any unit and indicator."""
    steps: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    named: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for line in table(folder, "bridge.csv"):
        if line["value"]:
            where = line["unit"], line["level"], line["indicator"]
            steps[where][line["step"]] += int(line["value"])
            named[where].add(line["step"])
    figures: dict[tuple[str, ...], dict[str, str]] = {
        (f["unit"], f["level"], f["indicator"]): f
        for f in table(folder, "figures.csv")
        if f["scope"] == "year"
    }
    faults = [f"{of}: no bridge" for of in figures if of not in steps]
    for at, own in steps.items():
        if "self_reported" in named[at] and own["self_reported"] + own["unlisted"] != own["filed"]:
            faults.append(f"{at}: self-reported to filed")
        if own["filed"] + sum(own[step] for step in _LEFT) != own["counted"]:
            faults.append(f"{at}: filed to counted")
        if own["counted"] != int(figures[at]["counted"]):
            faults.append(f"{at}: counted is not the figure")
        if figures[at]["target"] and own["counted"] + own["short"] != int(figures[at]["target"]):
            faults.append(f"{at}: counted to task")
    return faults


def sum_faults(folder: Path, programme: Programme) -> list[str]:
    """Where counties do not make up their prefecture, or prefectures the top, in any measure of figures.csv."""
    gazetteer = programme.gazetteer
    sums: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    own: dict[tuple[str, ...], dict[str, str]] = {}
    measures = ("counted", "attendances", "rows_read", "returned", "merged")
    lines = table(folder, "figures.csv")
    levels = {line["level"] for line in lines}
    for line in lines:
        key = line["indicator"], line["scope"]
        own[(line["unit"], line["level"], *key)] = line
        above = gazetteer.prefecture_of(line["unit"])
        if line["level"] == "county" and "prefecture" in levels:
            for measure in measures:
                sums[(above, "prefecture", *key)][measure] += int(line[measure] or 0)
        elif line["level"] != "province" and line["unit"] != gazetteer.top:
            for measure in measures:
                sums[(gazetteer.top, "province", *key)][measure] += int(line[measure] or 0)
    return [
        f"{at} {measure}: {summed[measure]} of {own[at][measure]}"
        for at, summed in sums.items()
        if at in own
        for measure in measures
        if summed[measure] != int(own[at][measure] or 0)
    ]


def figure_faults(folder: Path, programme: Programme) -> list[str]:
    """Where a county's figure of the year is not what people.parquet comes to, person by person."""
    period = folder.name
    people = [p for p in _people(folder) if p["year"] == period[:4]]
    entity = programme.gazetteer.entity
    persons: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for person in people:
        if person["fate"] == "counted":
            persons[entity(person["counted_for"]), person["indicator"]].add(person["id_no"])
    attended = _attendances(people, programme)
    faults = []
    for line in table(folder, "figures.csv"):
        if (line["level"], line["scope"]) != ("county", "year"):
            continue
        at = entity(line["unit"]), line["indicator"]
        if int(line["counted"]) != len(persons[at]):
            faults.append(f"{at}: {line['counted']} counted, {len(persons[at])} persons")
        if int(line["attendances"]) != attended[at]:
            faults.append(f"{at}: {line['attendances']} attendances, {attended[at]} counted anew")
    return faults


def _people(folder: Path) -> Iterator[dict[str, str]]:
    yield from pq.read_table(folder / "data" / "people.parquet").to_pylist()


def _attendances(people: list[dict[str, str]], programme: Programme) -> Counter[tuple[str, str]]:
    """人次: the same activity of the same person once, at the unit for which she counts if that filed it."""
    activity = {i.name: programme.kind[i.kind].activity for i in programme.indicators}
    units: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    keeper: dict[tuple[str, ...], str] = {}
    for person in people:
        what = "".join(person[activity[person["indicator"]]].split()).lower()
        key = person["indicator"], person["id_no"], person["start"], what
        units[key].add(person["unit"])
        keeper[key] = person["counted_for"]
    entity = programme.gazetteer.entity
    return Counter(
        (entity(keeper[key] if keeper[key] in of else min(of)), key[0]) for key, of in units.items()
    )
