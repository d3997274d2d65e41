"""Which unit a text in a table of places names."""

from __future__ import annotations

from datetime import date

from pipeline.programme import Programme
from pipeline.values import fold


def place_of(named: str, programme: Programme, day: date | None) -> str:
    """The unit that a row of a table names, also without 市 or 区; '' where none or several."""
    gazetteer = programme.gazetteer
    if found := gazetteer.find_one(named, day):
        return found
    bare = _called(named.removesuffix("地区"), programme, day)
    prefectures = [code for code in bare if gazetteer.is_prefecture(code)]
    return (prefectures or bare)[0] if len(prefectures or bare) == 1 else ""


def county_of(named: str, prefecture: str, programme: Programme, day: date | None) -> str:
    """The county of a prefecture that bears its name (通化 in 通化市's counties is 通化县); '' where none does."""
    gazetteer = programme.gazetteer
    counties = [
        code
        for code in _called(named, programme, day)
        if gazetteer.is_county(code) and gazetteer.prefecture_of(code) == prefecture
    ]
    return counties[0] if len(counties) == 1 else ""


def _called(named: str, programme: Programme, day: date | None) -> list[str]:
    """The units below the whole that are called so without 市, 州, 县 or 区."""
    gazetteer = programme.gazetteer
    return [
        u.code
        for u in gazetteer.units
        if u.code != gazetteer.top
        and fold(u.name).rstrip("市州县区") == fold(named)
        and (day is None or u.valid_on(day))
    ]
