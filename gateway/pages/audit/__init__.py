"""The audit trail in pages: the borough's, a family's, and the list that a family is given."""
