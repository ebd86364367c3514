"""The feed's work on the workers: making releases, sending to webhooks."""

from celery import shared_task

from feed import releases
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
