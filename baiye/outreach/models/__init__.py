"""The tables of what goes out to schools and streets, one file a noun; Django looks for them here."""

from baiye.outreach.models.matches import Match, MatchedTalk
from baiye.outreach.models.projects import Programme, Project, WalkIn
from baiye.outreach.models.stations import Station
from baiye.outreach.models.talks import Campaign, Talk, TalkFeedback, TalkOffer, TalkRequest, TalkTopic, TalkWish

__all__ = [
    "Campaign",
    "Match",
    "MatchedTalk",
    "Programme",
    "Project",
    "Station",
    "Talk",
    "TalkFeedback",
    "TalkOffer",
    "TalkRequest",
    "TalkTopic",
    "TalkWish",
    "WalkIn",
]
