"""Settings of the test run: the real parts, quick password hashing, an own Redis key space.

A process that a test starts gets the run's database and key space from the environment.
"""

import os
from datetime import timedelta

os.environ["HARMWATCH_MODE"] = "test"
if "TEST_DATABASE_NAME" not in os.environ:
    os.environ["REDIS_PREFIX"] = f"harmwatch-test-{os.getpid()}"

from config.env import env_str
from config.settings import *  # noqa: F403
from config.settings import DATABASES, LEDGER_CONSUMERS, LEDGER_SEALERS

if "TEST_DATABASE_NAME" in os.environ:
    for _database in DATABASES.values():
        _database["NAME"] = os.environ["TEST_DATABASE_NAME"]
LEDGER_CONSUMERS = env_str("LEDGER_CONSUMERS", LEDGER_CONSUMERS)
LEDGER_SEALERS = env_str("LEDGER_SEALERS", LEDGER_SEALERS)
LEDGER_HEADS_EVERY = timedelta(microseconds=1)  # heads are public at once
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# No collected files are needed, nor missed.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
# Whole test files ask from one address.
FEED_TOKEN_REQUESTS = FEED_PUBLIC_REQUESTS = 1_000_000

# All tests come from one address within a minute; those about limits set them again.
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]
MFA_RATE_LIMITS = False
