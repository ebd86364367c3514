"""The tables of the feed."""

from feed.models.log import Audience, Change, Kind, LogEntry

__all__ = ["Audience", "Change", "Kind", "LogEntry"]
