"""Boroughs, their agencies, their policy, and who accepted the terms: one file each."""

from gateway.boroughs.models.acceptance import Acceptance
from gateway.boroughs.models.agency import Agency
from gateway.boroughs.models.borough import Borough
from gateway.boroughs.models.policy_version import PolicyVersion

__all__ = ["Acceptance", "Agency", "Borough", "PolicyVersion"]
