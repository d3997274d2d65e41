"""Disability certificate numbers (残疾人证管理办法 art. 5): ID number, category, grade.

Re-issues carry B and a number or two, or one digit.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_CERTIFICATE = re.compile(r"(\d{17}[\dX])([1-7])([1-4])(?:B\d{1,2}|\d)?", re.ASCII)


class Certificate(NamedTuple):
    """A certificate number taken apart."""

    id_no: str
    category: str
    grade: str


def read_certificate(number: str) -> Certificate | None:
    """A compacted certificate number taken apart, or None where it is not one.

    >>> read_certificate("22012219780305024443B1")
    Certificate(id_no='220122197803050244', category='4', grade='3')
    >>> read_certificate("22012219780305024483") is None
    True
    """
    match = _CERTIFICATE.fullmatch(number)
    return Certificate(*match.groups()) if match else None
