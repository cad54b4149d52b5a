# ruff: noqa: PLC0415 - HiGHS is loaded by the first match, not by the import
"""Matches talks to schools: five aims one after the other, each proved by numbers that need no solver to check.

``docs/placement/talks.md`` has the formulas.
"""

from __future__ import annotations

from baiye_placement.talks.campaign import Campaign, Offer, Request, School
from baiye_placement.talks.files import campaign_sha256, read_campaign, write_campaign, write_result
from baiye_placement.talks.result import Proof, Result, Talk
from baiye_placement.talks.verify import verify_talks


def match_talks(campaign: Campaign, *, time_budget_s: float = 120.0) -> Result:
    """The best talks by the five aims, with their proofs (see ``baiye_placement.talks.match``)."""
    from baiye_placement.talks import match

    return match.match_talks(campaign, time_budget_s=time_budget_s)


__all__ = [
    "Campaign",
    "Offer",
    "Proof",
    "Request",
    "Result",
    "School",
    "Talk",
    "campaign_sha256",
    "match_talks",
    "read_campaign",
    "verify_talks",
    "write_campaign",
    "write_result",
]
