"""Whatever layout a county invents: every person is read, at her row, with her values, and nobody else."""

from __future__ import annotations

from random import Random
from typing import Any

from counties import Filed, file_return, rows_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.model import Severity, Submission
from pipeline.programme import Programme
from pipeline.read.part import part_of

MANY = settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def read_back(filed: Filed, programme: Programme) -> dict[str, list[dict[str, Any]]]:
    """The tables of what a county filed: its rows, what was said of them, whose return it is."""
    file = Submission(f"2018-11/{filed.name}", "0" * 64, "2018-11", filed.content)
    return {name: table.to_pylist() for name, table in part_of(file, programme).items()}


@MANY
@given(dice=st.randoms(use_true_random=False))
def test_every_person_is_read_at_her_row_with_her_values(
    dice: Random, programme: Programme
) -> None:
    filed = file_return(dice, programme)
    part = read_back(filed, programme)
    rows, letters = part["rows"], {c["field"]: c["letters"] for c in part["columns"]}
    assert [i for i in part["issues"] if i["severity"] == Severity.ERROR] == []
    assert sum(i["rule"] == "S17" for i in part["issues"]) == filed.dittos
    assert [i["units"] for i in part["inputs"]] == [filed.unit]
    assert [(r["row"], r["name"], r["number"]) for r in rows] == rows_of(filed)
    assert {r["kind"] for r in rows} == {filed.kind}
    for row in rows:
        person = filed.rows[int(str(row["row"]))]
        assert str(row["certificate"])[:18] == person.id_no
        assert row["start"] == person.start.isoformat()
        if filed.kind == "training":
            assert row["f_finished_on"] == person.finish.isoformat()
        assert not row["fault"]
    assert letters["name"] == filed.columns["name"]
    assert letters["cert_no"] == filed.columns["cert_no"]
