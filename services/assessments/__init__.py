"""Joint assessments: the visit by two agencies, what they write together, and their two signatures."""
