"""A programme as its folder in schemas/ says it: fields, rules, units, indicators, agencies."""

from pipeline.programme.breakdowns import Breakdown, Outcome
from pipeline.programme.derivations import Derivation, derivation_order
from pipeline.programme.faults import ProgrammeFault
from pipeline.programme.loading import load_programme
from pipeline.programme.measures import Measure
from pipeline.programme.nouns import Agency, Field, Indicator, Kind, Package, Programme
from pipeline.programme.references import Meaning, Reference
from pipeline.programme.reports import Concern, Report, Theme
from pipeline.programme.supervision import APPRAISED, Appraisal, Archive, Clue, Inspection

__all__ = [
    "APPRAISED",
    "Agency",
    "Appraisal",
    "Archive",
    "Breakdown",
    "Clue",
    "Concern",
    "Derivation",
    "Field",
    "Indicator",
    "Inspection",
    "Kind",
    "Meaning",
    "Measure",
    "Outcome",
    "Package",
    "Programme",
    "ProgrammeFault",
    "Reference",
    "Report",
    "Theme",
    "derivation_order",
    "load_programme",
]
