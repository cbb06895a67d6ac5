"""Joint assessments: visits, the record, two signatures."""
