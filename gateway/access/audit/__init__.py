"""The audit trail: the gateway's own entries, the five trails read as one, and what is handed over of it."""
