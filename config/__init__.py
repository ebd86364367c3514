"""The composition root: settings, routes, Celery, and which handler gets which event."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
