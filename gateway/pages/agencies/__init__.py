"""The organisations that work in the borough."""
