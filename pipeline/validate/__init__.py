"""Turns text into values and holds every record against the programme's rules."""

from pipeline.validate.checked import Checked, check_roster
from pipeline.validate.verdicts import BrokenCheck

__all__ = ["BrokenCheck", "Checked", "check_roster"]
