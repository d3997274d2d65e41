"""Office formats: what they hold read, and (beside it) workbooks marked and filled."""
