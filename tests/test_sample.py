"""The made-up province: the same bytes every time, and what it says was planted is found."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from months import Counted, Worked, worked

from pipeline.checks import Example
from pipeline.collect import collect
from pipeline.home import Home, built_in, open_home
from pipeline.model import Issue, Severity, Status
from pipeline.programme import Programme, load_programme
from pipeline.read import read
from pipeline.sample import Expected, make_province
from pipeline.workers import Store

LAST = "2018-11"
SEEDS = (20181201, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in (1, 2)))


class Made(NamedTuple):
    """A province and what the pipeline made of its last period."""

    seed: int
    inbox: Path
    expected: Expected
    worked: Worked

    @property
    def claims(self) -> Counted:
        """Who counts where."""
        return self.worked.claims

    def read_issues(self) -> list[Issue]:
        """What reading the files found, before they are held against each other."""
        issues: list[Any] = self.worked.tables["issues"].to_dict("records")
        return [
            Issue(
                i["rule"], Severity(i["severity"]), "", i["file"], i["sheet"], i["row"], i["column"]
            )
            for i in issues
        ]


@pytest.fixture(scope="module")
def programme() -> Programme:
    return load_programme(built_in("schemas"), "handcraft")


@pytest.fixture(scope="module", params=SEEDS)
def made(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    programme: Programme,
    delivered: Home,
) -> Made:
    folder = tmp_path_factory.mktemp("province")
    expected = make_province(folder, programme, seed=request.param)
    # of the province that was delivered every part lies read in its store
    home = delivered if request.param == SEEDS[0] else open_home(folder)
    with Store(home.cache) as store:
        files = collect(home.inbox, LAST, home.limits)
        parts = read(files, programme, store, (), home.limits)
        return Made(request.param, home.inbox, expected, worked(parts, programme, LAST))


def _files(inbox: Path) -> dict[str, bytes]:
    return {
        p.relative_to(inbox).as_posix(): p.read_bytes() for p in inbox.rglob("*") if p.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(
    made: Made, tmp_path: Path, programme: Programme
) -> None:
    again = make_province(tmp_path, programme, seed=made.seed)
    assert _files(tmp_path / "inbox") == _files(made.inbox)
    assert again == made.expected


def test_another_seed_gives_another_province(
    made: Made, tmp_path: Path, programme: Programme
) -> None:
    make_province(tmp_path, programme, seed=made.seed + 1)
    assert _files(tmp_path / "inbox") != _files(made.inbox)


def _renamed(programme: Programme) -> Programme:
    """The programme with every field under another name."""
    new = {name: f"x_{name}" for name in programme.field} | {"": ""}

    def examples(rows: tuple[Example, ...]) -> tuple[Example, ...]:
        return tuple(tuple({new.get(k, k): v for k, v in r.items()} for r in e) for e in rows)

    return replace(
        programme,
        fields=tuple(
            replace(
                f,
                name=new[f.name],
                fills=tuple(new[n] for n in f.fills),
                derive=f.derive and replace(f.derive, source=new[f.derive.source]),
            )
            for f in programme.fields
        ),
        kinds=tuple(
            replace(k, roles={role: new[name] for role, name in k.roles.items()})
            for k in programme.kinds
        ),
        rules=tuple(
            replace(
                r,
                field=new[r.field],
                at=tuple(new[n] for n in r.at),
                ok=examples(r.ok),
                bad=examples(r.bad),
            )
            for r in programme.rules
        ),
    )


def test_the_province_knows_no_field_by_its_name(
    made: Made, tmp_path: Path, programme: Programme
) -> None:
    renamed = make_province(tmp_path, _renamed(programme), seed=made.seed)
    assert _files(tmp_path / "inbox") == _files(made.inbox)
    assert renamed == made.expected


def test_every_format_is_there(made: Made) -> None:
    suffixes = Counter(path.suffix for path in made.inbox.rglob("*.*"))
    assert {".xlsx", ".xls", ".csv", ".ods", ".zip"} <= set(suffixes)


def test_every_county_counts_whom_she_was_given(made: Made) -> None:
    rows = made.claims.rows
    rows = rows[(rows["fate"] == "counted") & (rows["begun"] == LAST[:4])]
    counted = Counter(zip(rows["indicator"], rows["unit"], strict=True))
    wanted = made.expected.periods[LAST].counted
    assert counted == Counter({key: count for key, count in wanted.items() if count})


def test_the_cumulative_figures_are_the_persons_planted(made: Made) -> None:
    kept = made.claims.counted
    counted = Counter(kept.loc[(kept["span"] == "cumulative") & (kept["nth"] == 1), "indicator"])
    assert counted == Counter(made.expected.periods[LAST].cumulative)


@pytest.mark.parametrize("severity", [Severity.ERROR, Severity.WARNING])
def test_every_planted_fault_is_found_at_its_cell_and_no_other(
    made: Made, severity: Severity
) -> None:
    rows = made.claims.rows
    rows = rows[rows["fate"] != "superseded"]
    standing = set(zip(rows["file"], rows["sheet"], rows["row"], strict=True))
    found = {
        (issue.file, issue.sheet, issue.cell)
        for issue in made.read_issues()
        if issue.severity == severity and (issue.file, issue.sheet, issue.row) in standing
    }
    month = made.expected.periods[LAST]
    assert found == (month.returned if severity == Severity.ERROR else month.warned)


def test_most_rules_of_cells_and_rows_have_something_to_find(
    made: Made, programme: Programme
) -> None:
    found = {i.rule for i in made.read_issues()}
    rules = {
        r.code for k in programme.kind for t in ("cell", "row") for r in programme.rules_of(t, k)
    }
    assert len(rules & found) > 0.75 * len(rules), sorted(rules - found)


def test_double_claims_are_decided_as_planted(made: Made) -> None:
    claims = made.claims.claims
    found = {
        key: (*sorted(group["unit"]), *set(group["counted_for"]))
        for key, group in claims.groupby(["indicator", "id_no"])
    }
    assert found == made.expected.periods[LAST].double_claims
    assert set(claims["reason"]) == {"residence", "start", "code"}


def test_the_likeness_is_the_only_probable_pair(made: Made) -> None:
    probable = made.claims.probable
    pairs = {frozenset(pair) for pair in zip(probable["id_a"], probable["id_b"], strict=True)}
    assert pairs == made.expected.periods[LAST].probable


def test_unreadable_and_superseded_files_are_told_apart(made: Made) -> None:
    month = made.expected.periods[LAST]
    inputs = made.worked.tables["inputs"]
    unreadable = inputs.loc[inputs["status"] == Status.UNREADABLE, "path"]
    assert tuple(sorted(unreadable)) == month.unreadable
    stand = {file for file, _, _ in made.claims.stands}
    gone = {file for file, _, _ in made.claims.superseded_by} - stand
    assert tuple(sorted(gone)) == month.superseded


def test_task_table_adds_up_to_the_programme(made: Made, programme: Programme) -> None:
    targets = made.worked.tables["targets"]
    for indicator in programme.indicators:
        of_top = (targets["unit"] == programme.gazetteer.top) & (
            targets["indicator"] == indicator.name
        )
        assert targets.loc[of_top, "count"].sum() == indicator.total
    assert targets["file"].nunique() == 1
    assert not any(i.file == targets["file"].iloc[0] for i in made.read_issues())
