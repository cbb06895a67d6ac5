"""The register of a session."""
