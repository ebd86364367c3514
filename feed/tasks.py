"""The feed's work on the workers: making releases."""

from celery import shared_task

from feed import releases

A_DAY = 24 * 3600


@shared_task(time_limit=A_DAY, soft_time_limit=A_DAY - 60)  # millions of features take their time
def releases_make() -> None:
    """Make the releases that wait for it, also those that a dead worker left behind."""
    releases.releases_make()
