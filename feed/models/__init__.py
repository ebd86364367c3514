"""The tables of the feed."""

from feed.models.log import SPAN, Audience, Change, Kind, LogEntry

__all__ = ["SPAN", "Audience", "Change", "Kind", "LogEntry"]
