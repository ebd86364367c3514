"""The feed's work on the workers: releases, webhooks, risk and exposure that are published."""

from celery import shared_task

from feed import exposure, releases, risk
from feed.models import Audience
from feed.webhooks import sending

A_DAY = 24 * 3600


@shared_task(time_limit=A_DAY, soft_time_limit=A_DAY - 60)  # millions of features take their time
def releases_make() -> None:
    """Make the releases that wait for it, also those that a dead worker left behind."""
    releases.releases_make()


@shared_task(time_limit=180, soft_time_limit=150)
def webhooks_send() -> None:
    """Tell webhooks of what is new, and try again what failed."""
    sending.webhooks_send()


@shared_task
def webhooks_forget() -> None:
    """Forget deliveries that were finished long ago."""
    sending.deliveries_forget()


@shared_task
def risk_sweep() -> None:
    """Compute and publish each audience's risk where that is due."""
    for audience in Audience:
        risk.risk_publish_if_due(audience)


@shared_task
def exposure_sweep() -> None:
    """Compute published exposure anew where that is due."""
    for audience in Audience:
        exposure.exposures_rescore(audience)
