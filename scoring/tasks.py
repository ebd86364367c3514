"""Scoring's work on the workers beside what events ask for."""

from celery import shared_task

from scoring.services import questions, rescoring, risk_record


@shared_task
def questions_expire() -> None:
    """Delete questions that were kept long enough."""
    questions.questions_expire()


@shared_task
def rescoring_sweep() -> None:
    """Begin to score anew where an upgrade has left figures of another version."""
    rescoring.rescoring_begin_if_due()


@shared_task
def risk_sweep() -> None:
    """Make a risk run from the record if one is due, also where a worker died at the last."""
    risk_record.record_run_if_due()
