"""All settings, read from the environment. Fails closed: what is missing stops the start.

``HARMWATCH_MODE`` is ``production`` unless it says ``demo`` or ``test``; only those two may fall
back to keys that anybody can know.
"""

import base64
import hashlib
from datetime import timedelta
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from psycopg import IsolationLevel

from config import geolibs
from config.env import (
    BASE_DIR,
    celery_broker_url,
    database_from_url,
    env_bool,
    env_int,
    env_list,
    env_str,
)

MODE = env_str("HARMWATCH_MODE", "production")
if MODE not in {"production", "demo", "test"}:
    raise ImproperlyConfigured(f"HARMWATCH_MODE must be production, demo or test, not {MODE!r}")
IS_PRODUCTION = MODE == "production"


def _checked_key(name: str, value: str) -> str:
    try:
        length = len(base64.b64decode(value, validate=True))
    except ValueError as exc:
        raise ImproperlyConfigured(f"{name} must be base64") from exc
    if length != 32:
        raise ImproperlyConfigured(f"{name} must be 32 bytes in base64, not {length}")
    return value


def _key(name: str) -> str:
    """Return a 32-byte key in base64; outside production one derived from its name will do."""
    stand_in = base64.b64encode(hashlib.sha256(f"harmwatch {MODE} {name}".encode()).digest())
    return _checked_key(name, env_str(name, None if IS_PRODUCTION else stand_in.decode()))


def _retired_keys(name: str) -> list[str]:
    return [_checked_key(name, value) for value in env_list(name)]


# --- Keys -----------------------------------------------------------------------------------------
SECRET_KEY = env_str("SECRET_KEY", None if IS_PRODUCTION else f"only-for-{MODE}-" + "0" * 50)
# Signs receipts and ledger heads (Ed25519 seed).
SIGNING_KEY = _key("SIGNING_KEY")
# Public keys that signed in the past (base64, 32 bytes each); they stay listed under /.well-known/.
RETIRED_PUBLIC_KEYS = _retired_keys("RETIRED_PUBLIC_KEYS")
# Encrypts what identifies a source; the first encrypts, all decrypt (base64, 32 bytes each).
SEALING_KEYS = [_key("SEALING_KEY"), *_retired_keys("RETIRED_SEALING_KEYS")]
if _key("SEALING_KEY") == SIGNING_KEY:
    raise ImproperlyConfigured("SIGNING_KEY and SEALING_KEY must be two keys")

# --- The web --------------------------------------------------------------------------------------
DEBUG = False
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "" if IS_PRODUCTION else "127.0.0.1,localhost,testserver")
PUBLIC_URL = env_str("PUBLIC_URL", "")
# Exports that one process writes at the same time; more are asked to come again.
EXPORTS_AT_ONCE = 2
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_PRODUCTION
SECURE_SSL_REDIRECT = env_bool("SECURE_SSL_REDIRECT", IS_PRODUCTION)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if IS_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_PRODUCTION
if env_bool("BEHIND_TLS_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_FAILURE_VIEW = "monitor.too_late.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

INSTALLED_APPS = [
    "monitor",  # before allauth, whose pages it draws
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "rest_framework",
    "rest_framework_gis",
    "drf_spectacular",
    "pgtrigger",
    "pghistory",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "config",
    "core",
    "ledger",
    "accounts",
    "incidents",
    "scoring",
    "feed",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "core.middleware.ContentPolicy",
    "monitor.problems.RefusalPages",
    "core.middleware.LengthRequired",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "core.middleware.FormSize",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Nothing comes from elsewhere, ever: no script, style, font, picture or request.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Geography ------------------------------------------------------------------------------------
GDAL_LIBRARY_PATH = geolibs.GDAL_LIBRARY_PATH
GEOS_LIBRARY_PATH = geolibs.GEOS_LIBRARY_PATH

# --- Database -------------------------------------------------------------------------------------
# The application is a role that owns no table: whoever connects steps down to it.
_DATABASE_URL = env_str("DATABASE_URL", "postgresql:///harmwatch")
_MIGRATION_URL = env_str("MIGRATION_DATABASE_URL", _DATABASE_URL)
APP_ROLE, SEALER_ROLE, REDACTOR_ROLE = "harmwatch_app", "harmwatch_sealer", "harmwatch_redactor"


def _application_database() -> dict[str, Any]:
    config = database_from_url(_DATABASE_URL)
    given = config["OPTIONS"].get("options", "")
    config["OPTIONS"]["options"] = f"{given} -c role={APP_ROLE}".strip()
    # The sealers read what was committed before they had their lock, whatever the server's default.
    config["OPTIONS"]["isolation_level"] = IsolationLevel.READ_COMMITTED
    config["OPTIONS"].setdefault("application_name", "harmwatch")
    config["CONN_HEALTH_CHECKS"] = True
    config["CONN_MAX_AGE"] = env_int("DATABASE_CONN_MAX_AGE", 60)
    return config


DATABASES = {"default": _application_database(), "migration": database_from_url(_MIGRATION_URL)}
# Its table of contexts is not used: a change is told by the audit entries of its transaction.
MIGRATION_MODULES = {"pghistory": None}
PGHISTORY_CREATED_AT_FUNCTION = "clock_timestamp()"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis and Celery -----------------------------------------------------------------------------
REDIS_URL = env_str("REDIS_URL", "redis://127.0.0.1:6379/0")
REDIS_PREFIX = env_str("REDIS_PREFIX", "harmwatch")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": REDIS_PREFIX,
    }
}
# Requests a minute that the feed answers: of one token, and of one network without a token.
FEED_TOKEN_REQUESTS = env_int("FEED_TOKEN_REQUESTS", 1_200)
FEED_PUBLIC_REQUESTS = env_int("FEED_PUBLIC_REQUESTS", 600)
CELERY_BROKER_URL = celery_broker_url(REDIS_URL)
CELERY_QUEUES = ("default", "scoring", "webhooks", "imports")

# --- Accounts -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator vouches for the address
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {"login": "accounts.forms.FirstForm"}
ACCOUNT_LOGOUT_REDIRECT_URL = "/account/login/"
# Beside allauth's own limits: of one address from everywhere, so that many networks cannot share
# the work of guessing. Whoever uses it up shuts an account for ten minutes, and not for passkeys.
ACCOUNT_RATE_LIMITS = {"login_anywhere": "50/10m/key"}
ALLAUTH_RATE_LIMIT_IPV6_PREFIX = 128  # what the adapter gives as address is a network's name
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# Where a member's work is, by role, for who asked for no page.
LANDING_PAGES = {
    "submitter": "monitor:submit",
    "monitor": "monitor:queue",
    "lead_monitor": "monitor:queue",
    "administrator": "monitor:people",
    "partner": "monitor:account",
}
SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "authenticate_webauthn": "accounts.forms.KeyForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
    "add_webauthn": "accounts.forms.KeyAddForm",
    "edit_webauthn": "accounts.forms.KeyEditForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Harmwatch"
MFA_TOTP_TOLERANCE = 1  # phones' clocks; accounts.forms lets no code in twice
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator vouches for the address
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_PRODUCTION  # http://localhost
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {"user_attributes": ("name", "email")},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
# Without a mail server an administrator hands over links; in demo letters go to the log.
EMAIL_HOST = env_str("EMAIL_HOST", "")
EMAIL_PORT = env_int("EMAIL_PORT", 587)
EMAIL_HOST_USER = env_str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env_str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env_str("EMAIL_FROM", "harmwatch@localhost")
if not IS_PRODUCTION and not EMAIL_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
MAIL_IS_SENT = bool(EMAIL_HOST) or not IS_PRODUCTION

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ar", "العربية")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "UTC"
USE_TZ = True

# --- Files ----------------------------------------------------------------------------------------
# Phones are told how much may come in one post; a film larger than this cannot be sent.
OPENROSA_MAX_BYTES = env_int("OPENROSA_MAX_BYTES", 10 * 1024 * 1024)
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# Population layers: written once by import_population, read by every worker.
LAYERS_DIR = env_str("LAYERS_DIR", str(BASE_DIR / "var" / "layers"))

# Originals that came with reports: written by web, kept for good.
EVIDENCE_DIR = env_str("EVIDENCE_DIR", str(BASE_DIR / "var" / "evidence"))
# Files to be imported: written by web, read by the worker of the queue "imports". The largest that
# is taken, and how long one that had bad rows is kept so that they can be fetched.
IMPORTS_DIR = env_str("IMPORTS_DIR", str(BASE_DIR / "var" / "imports"))
IMPORT_MAX_BYTES = env_int("IMPORT_MAX_BYTES", 1024 * 1024 * 1024)
IMPORT_FILES_KEPT_DAYS = env_int("IMPORT_FILES_KEPT_DAYS", 30)
EVIDENCE_MAX_BYTES = env_int("EVIDENCE_MAX_BYTES", 100 * 1024 * 1024)
# What they show without what else they hold: written by the worker, made anew from them if lost.
WORKING_COPIES_DIR = env_str("WORKING_COPIES_DIR", str(BASE_DIR / "var" / "working-copies"))
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
    "evidence": {
        "BACKEND": "incidents.evidence_storage.OriginalsStorage",
        "OPTIONS": {"location": EVIDENCE_DIR},
    },
    "imports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": IMPORTS_DIR, "file_permissions_mode": 0o600},
    },
    "working_copies": {
        "BACKEND": "incidents.evidence_storage.WholeFilesStorage",
        "OPTIONS": {"location": WORKING_COPIES_DIR},
    },
}

# --- The ledger -----------------------------------------------------------------------------------
LEDGER_HEADS_EVERY = timedelta(minutes=10)
LEDGER_CONSUMERS = "config.consumers.CONSUMERS"
LEDGER_SEALERS = "config.consumers.SEALERS"

# --- The feed -------------------------------------------------------------------------------------
# How many callers of the change feed may wait at once, in each web process: each takes a thread.
CHANGES_WAITERS = env_int("CHANGES_WAITERS", 4)
# Files of releases: written by the worker of the queue "default", read by web.
RELEASES_DIR = env_str("RELEASES_DIR", str(BASE_DIR / "var" / "releases"))
# Webhooks lead to public addresses by https alone. Outside production also to these addresses of
# test receivers (127.0.0.1), and there by http.
WEBHOOKS_LOCAL_ADDRESSES = env_list("WEBHOOKS_LOCAL_ADDRESSES")
if IS_PRODUCTION and WEBHOOKS_LOCAL_ADDRESSES:
    raise ImproperlyConfigured("WEBHOOKS_LOCAL_ADDRESSES is for demo and test alone")
# The programs that others run against us.
PROGRAMS_DIR = str(BASE_DIR / "clients")

# --- REST -----------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.permissions.DenyAll"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,  # ?format= is ours: the template's
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Harmwatch",
    "DESCRIPTION": "Reports of strikes that harm civilians, judged, and whom they expose.",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {  # vocabularies whose fields have one name
        "IncidentKind": "incidents.vocab.IncidentKind.choices",
        "SourceKind": "incidents.vocab.SourceKind.choices",
        "StateEnum": "incidents.vocab.State.choices",
        "WebhookState": "feed.models.webhooks.WebhookState.choices",
        "DeliveryState": "feed.models.webhooks.DeliveryState.choices",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "incidents.api.schema.add_report_components",
        "ledger.schema.add_public_paths",
    ],
}

# --- Log ------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "config.logs.KeysHidden",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env_str("LOG_LEVEL", "INFO")},
    # Django's own handlers would write addresses as they are.
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # It would name the key of each passkey login.
        "fido2": {"level": "WARNING"},
    },
}
