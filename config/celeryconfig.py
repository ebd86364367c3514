"""Celery's settings: queues, limits and the beat schedule, all in code.

Tasks may be run twice and must not mind: they are acknowledged after the work, and a lost worker's
task is given to another. Nothing is carried in a message that is not also in the database, so a
broker that loses everything loses only time, until the next sweep.
"""

from django.conf import settings
from kombu import Exchange, Queue

from config.consumers import CONSUMERS, SEALERS

SWEEP_SECONDS = 5.0
IMPORTS_SWEEP_SECONDS = 30.0
RELEASES_SWEEP_SECONDS = 60.0
EMBARGOES_SWEEP_SECONDS = 30.0
EXPIRY_SECONDS = 3600.0
RISK_SWEEP_SECONDS = 60.0
RESCORING_SWEEP_SECONDS = 20.0
EXPOSURE_SWEEP_SECONDS = 60.0

# Read when a worker starts, not in a child that is forked later: both must be the same code.
imports = sorted({path.rpartition(".")[0] for path in (*(c.handler for c in CONSUMERS), *SEALERS)})
broker_url = settings.CELERY_BROKER_URL
broker_connection_retry_on_startup = True
# Publishing from a request gives up at once: the sweep delivers later.
task_publish_retry = False
broker_transport_options = {
    "global_keyprefix": f"{settings.REDIS_PREFIX}:",
    # Above the hard limit, or a long task would be run twice; an import, which may take longer, is
    # kept from that by its lock.
    "visibility_timeout": 7200,
    "socket_connect_timeout": 2,
    "socket_timeout": 30,
    # An ack that fails is never made up for: the worker would live on and take nothing more.
    "retry_on_timeout": True,
    "max_retries": 1,
    "interval_start": 0,
    "interval_max": 0.1,
}
task_queues = [Queue(name, Exchange(name), name) for name in settings.CELERY_QUEUES]
task_default_queue = "default"
task_create_missing_queues = False  # a queue that nobody serves must not take anything
task_ignore_result = True
task_acks_late = True
task_reject_on_worker_lost = True
task_time_limit = 3600
task_soft_time_limit = 3500
worker_prefetch_multiplier = 1
worker_hijack_root_logger = False
task_serializer = "json"
accept_content = ["json"]
timezone = "UTC"
beat_schedule = {
    "sweep": {
        "task": "ledger.tasks.sweep",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
    "releases": {
        "task": "feed.tasks.releases_make",
        "schedule": RELEASES_SWEEP_SECONDS,
        "options": {"expires": RELEASES_SWEEP_SECONDS},
    },
    "webhooks": {
        "task": "feed.tasks.webhooks_send",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS, "queue": "webhooks"},
    },
    "webhooks_forget": {
        "task": "feed.tasks.webhooks_forget",
        "schedule": EXPIRY_SECONDS,
        "options": {"expires": EXPIRY_SECONDS},
    },
    "imports": {
        "task": "incidents.tasks.imports_sweep",
        "schedule": IMPORTS_SWEEP_SECONDS,
        "options": {"expires": IMPORTS_SWEEP_SECONDS, "queue": "imports"},
    },
    "embargoes": {
        "task": "incidents.tasks.embargoes_sweep",
        "schedule": EMBARGOES_SWEEP_SECONDS,
        "options": {"expires": EMBARGOES_SWEEP_SECONDS},
    },
    "questions": {
        "task": "scoring.tasks.questions_expire",
        "schedule": EXPIRY_SECONDS,
        "options": {"expires": EXPIRY_SECONDS, "queue": "scoring"},
    },
    "rescoring": {
        "task": "scoring.tasks.rescoring_sweep",
        "schedule": RESCORING_SWEEP_SECONDS,
        "options": {"expires": RESCORING_SWEEP_SECONDS, "queue": "scoring"},
    },
    "risk": {
        "task": "scoring.tasks.risk_sweep",
        "schedule": RISK_SWEEP_SECONDS,
        "options": {"expires": RISK_SWEEP_SECONDS, "queue": "scoring"},
    },
    "published_exposure": {
        "task": "feed.tasks.exposure_sweep",
        "schedule": EXPOSURE_SWEEP_SECONDS,
        "options": {"expires": EXPOSURE_SWEEP_SECONDS, "queue": "scoring"},
    },
    "published_risk": {
        "task": "feed.tasks.risk_sweep",
        "schedule": RISK_SWEEP_SECONDS,
        "options": {"expires": RISK_SWEEP_SECONDS, "queue": "scoring"},
    },
}
