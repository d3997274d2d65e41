"""Workers that die, hang or eat memory cost what they worked on, and nothing else."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from pipeline.cache import Cache
from pipeline.limits import Limits
from pipeline.workers import Apart, Died


def misbehave(how: str) -> str:
    """Run in a worker."""
    if how == "die":
        os.abort()
    elif how == "hang":
        time.sleep(60)
    elif how == "eat":
        return str(len(bytearray(8 * 1024**3)))
    elif how == "raise":
        raise KeyError("220102197801050021")
    return how.upper()


def outcomes(*things: str, workers: int = 2, seconds: int = 2) -> dict[str, str]:
    limits = Limits(seconds=seconds, memory_mb=2048)
    with Apart(misbehave, limits, workers=workers) as apart:
        return {t: o.reason if isinstance(o, Died) else f"= {o}" for t, o in apart(things)}


def test_each_failure_costs_its_own_thing() -> None:
    told = outcomes("a", "die", "b", "hang", "c", "raise", "d")
    assert {k: v for k, v in told.items() if len(k) == 1} == {
        "a": "= A",
        "b": "= B",
        "c": "= C",
        "d": "= D",
    }
    assert "中途退出" in told["die"]
    assert "超过 2 秒" in told["hang"]
    assert "KeyError，test_workers.py" in told["raise"]
    assert "2201" not in told["raise"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits address space")
def test_memory_is_limited() -> None:
    assert "内存超过" in outcomes("eat", "a")["eat"]


def test_a_cache_entry_is_believed_only_whole(tmp_path: Path) -> None:
    cache = Cache(tmp_path / ".cache", "v1")
    assert cache.get("k") is None
    cache.put("k", {"a": 1})
    assert cache.get("k") == {"a": 1}
    file = tmp_path / ".cache" / "v1" / "k"
    whole = file.read_bytes()
    for damaged in (b"", whole[:-1], whole[:-1] + b"!", b"x" + whole, whole[:20]):
        file.write_bytes(damaged)
        assert cache.get("k") is None
    if sys.platform != "win32":
        assert oct(file.parent.stat().st_mode)[-3:] == "700"
    Cache(tmp_path / ".cache", "v2").put("k", 2)
    assert [p.name for p in (tmp_path / ".cache").iterdir()] == ["v2"]
