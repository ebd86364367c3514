"""The tables of the feed."""

from feed.models.exposure import ExposureSweep
from feed.models.log import Audience, Change, Kind, LogEntry
from feed.models.releases import Release, ReleaseFile
from feed.models.tiles import TileCell, TileTouch
from feed.models.webhooks import Webhook, WebhookDelivery

__all__ = [
    "Audience",
    "Change",
    "ExposureSweep",
    "Kind",
    "LogEntry",
    "Release",
    "ReleaseFile",
    "TileCell",
    "TileTouch",
    "Webhook",
    "WebhookDelivery",
]
