"""Scoring's work on the workers beside what events ask for."""

from celery import shared_task

from scoring.services import questions


@shared_task
def questions_expire() -> None:
    """Delete questions that were kept long enough."""
    questions.questions_expire()
