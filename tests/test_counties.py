"""Whatever layout a county invents: every person is read, at her row, with her values, and nobody else."""

from __future__ import annotations

from random import Random
from typing import Any

from counties import Filed, file_return, rows_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.ingest import read_file
from pipeline.model import Issue, Severity, Submission
from pipeline.programme import Programme
from pipeline.validate import validate

MANY = settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def read_back(filed: Filed, programme: Programme) -> tuple[list[Any], list[Issue], str]:
    """The typed rows, what was said of them, and whose return it is."""
    file = Submission(f"2018-11/{filed.name}", "0" * 64, "2018-11", filed.content)
    reading = read_file(file, programme)
    records = validate([reading], programme)
    return records.frame.to_dict("records"), list(records.issues), ",".join(reading.units)


@MANY
@given(dice=st.randoms(use_true_random=False))
def test_every_person_is_read_at_her_row_with_her_values(
    dice: Random, programme: Programme
) -> None:
    filed = file_return(dice, programme)
    rows, issues, unit = read_back(filed, programme)
    assert [i for i in issues if i.severity == Severity.ERROR] == []
    assert sum(i.rule == "S17" for i in issues) == filed.dittos
    assert unit == filed.unit
    assert [(r["row"], r["name"], r["id_no"]) for r in rows] == rows_of(filed)
    assert {r["kind"] for r in rows} == {filed.kind}
    for row in rows:
        person = filed.rows[int(str(row["row"]))]
        assert str(row["cert_no"])[:18] == person.id_no
        assert row["start"] == person.start.isoformat()
        if filed.kind == "training":
            assert row["finished_on"] == person.finish.isoformat()
        assert not row["fault"]
        assert row["name.at"] == filed.columns["name"]
        assert row["cert_no.at"] == filed.columns["cert_no"]
