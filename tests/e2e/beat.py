"""Celery's beat, as a process of a test."""

from config.celery import app


def run(schedule: str) -> None:
    """Send what is due until killed; ``schedule`` is the file it keeps its times in."""
    app.Beat(schedule=schedule, loglevel="WARNING", quiet=True).run()
