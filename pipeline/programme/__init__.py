"""A programme as its folder in schemas/ says it: fields, rules, units, indicators, agencies."""

from pipeline.programme.loading import load_programme
from pipeline.programme.nouns import Agency, Field, Indicator, Kind, Programme
from pipeline.programme.references import Meaning, Reference
from pipeline.programme.toml import ProgrammeFault

__all__ = [
    "Agency",
    "Field",
    "Indicator",
    "Kind",
    "Meaning",
    "Programme",
    "ProgrammeFault",
    "Reference",
    "load_programme",
]
