"""Numbers with identity: one module a number, text in and text out."""

from pipeline.numbers.certificate import Certificate, read_certificate
from pipeline.numbers.digits import compact_no
from pipeline.numbers.id_number import birth_of, check_digit, id_fault, is_woman, slip

__all__ = [
    "Certificate",
    "birth_of",
    "check_digit",
    "compact_no",
    "id_fault",
    "is_woman",
    "read_certificate",
    "slip",
]
