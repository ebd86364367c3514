"""The Celery application. Its settings are read at first use: Django's must be whole by then."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("harmwatch")
app.config_from_object("config.celeryconfig")
app.autodiscover_tasks()
