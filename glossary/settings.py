"""Settings, all of them from the environment; docs/operating.md lists the variables.

A wrong or missing value stops the start with one sentence that names the variable,
the value and the way out.
"""

import os
import sys
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent
# Everything that belongs to this machine alone: database, collected files, secret key.
LOCAL_DIR = BASE_DIR / ".local"


def stop(sentence: str):
    sys.exit(f"Cannot start: {sentence}")


def flag(name: str) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "0", "false", "no", "off"}:
        return False
    if value in {"1", "true", "yes", "on"}:
        return True
    stop(f"{name} is {value!r}, but must be 1 or 0.")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isdecimal():
        stop(f"{name} is {value!r}, but must be a whole number.")
    return int(value)


def words(name: str, default: str) -> list[str]:
    return os.environ.get(name, default).replace(",", " ").split()


def networks(name: str) -> list:
    try:
        return [ip_network(value) for value in words(name, "")]
    except ValueError as error:
        stop(f"{name} cannot be read ({error}); write networks such as 10.20.0.0/16 127.0.0.0/8.")


def choice(name: str, options: tuple[str, ...], default: str) -> str:
    value = os.environ.get(name, "").strip().lower() or default
    if value not in options:
        stop(f"{name} is {value!r}, but must be one of {', '.join(options)}.")
    return value


def base_url(name: str, default: str) -> str:
    value = os.environ.get(name, default).rstrip("/")
    try:
        parts = urlsplit(value)
        valid = (
            parts.scheme in {"http", "https"}
            and parts.hostname
            and not (parts.path or parts.query or parts.fragment)
            and (parts.port or True)
        )
    except ValueError:
        valid = False
    if not valid:
        stop(f"{name} is {value!r}, but must be like https://glossary.example.org, without a path.")
    return value


def database(name: str) -> dict:
    url = os.environ.get(name)
    if not url:
        LOCAL_DIR.mkdir(exist_ok=True)
        url = f"sqlite:///{LOCAL_DIR / 'glossary.sqlite3'}"
    try:
        config = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    except (dj_database_url.ParseError, ValueError) as error:
        stop(f"{name} cannot be read ({error}); write sqlite:///file or postgresql://user@host/name.")
    if config["ENGINE"] == "django.db.backends.sqlite3":
        # Readers never wait for a writer (WAL); two writers queue instead of failing
        # half-way through an upgrade of a read lock (IMMEDIATE, busy timeout in seconds).
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    elif config["ENGINE"] != "django.db.backends.postgresql":
        stop(f"{name} names {config['ENGINE']}, but only SQLite and PostgreSQL are supported.")
    return config


def cache(name: str, *, of: str, most: int) -> dict:
    """A cache in each process or in a Redis, with keys of its own; `most` entries in a process."""
    url = os.environ.get(name, "locmem://")
    scheme = urlsplit(url).scheme
    if scheme == "locmem":
        return {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": of,
            "OPTIONS": {"MAX_ENTRIES": most},
        }
    if scheme in {"redis", "rediss"}:
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url, "KEY_PREFIX": of}
    stop(f"{name} is {url!r}, but must be locmem:// or redis://host:port/number.")


MAIL_SCHEMES = {"smtp": (25, {}), "submission": (587, {"EMAIL_USE_TLS": True}), "smtps": (465, {"EMAIL_USE_SSL": True})}


def mail(name: str) -> dict:
    """Django's settings for sending mail. The scheme tells of TLS: none, after a greeting, from the first byte."""
    value = text(name, "console://")
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme not in MAIL_SCHEMES or not parts.hostname:
        stop(f"{name} cannot be read; write console:// or submission://user:password@host:587 (or smtp://, smtps://).")
    usual_port, tls = MAIL_SCHEMES[parts.scheme]
    return tls | {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or usual_port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_TIMEOUT": 10,
    }


def sender(name: str, default: str) -> str:
    value = text(name, default)
    if "@" not in parseaddr(value)[1]:
        stop(f"{name} is {value!r}, but must be an address like Words <words@example.org>.")
    return value


def identity_provider() -> dict | None:
    """The OpenID Connect provider that people may sign in with, as allauth wants to be told; None without one."""
    given = {
        "OIDC_ISSUER": text("OIDC_ISSUER").rstrip("/"),
        "OIDC_CLIENT_ID": text("OIDC_CLIENT_ID"),
        "OIDC_CLIENT_SECRET": text("OIDC_CLIENT_SECRET"),
    }
    missing = [name for name, value in given.items() if not value]
    if len(missing) == len(given):
        return None
    if missing:
        stop(f"{missing[0]} is missing; an identity provider needs {', '.join(given)}.")
    issuer = urlsplit(given["OIDC_ISSUER"])
    if not issuer.hostname or not (issuer.scheme == "https" or issuer.hostname in {"127.0.0.1", "localhost"}):
        stop(f"OIDC_ISSUER is {given['OIDC_ISSUER']!r}, but must be like https://id.example.org/realm.")
    return {
        "provider_id": "oidc",
        "name": text("OIDC_NAME", issuer.hostname),
        "client_id": given["OIDC_CLIENT_ID"],
        "secret": given["OIDC_CLIENT_SECRET"],
        "settings": {"server_url": given["OIDC_ISSUER"], "oauth_pkce_enabled": True},
    }


DEBUG = flag("DEBUG")
SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY:
    if not DEBUG:
        stop("SECRET_KEY is missing; set it to a long random text, or use `make run`, which makes one.")
    SECRET_KEY = "only-for-development-with-debug-on"  # noqa: S105 – DEBUG is on, nothing is at stake

PUBLIC_URL = base_url("PUBLIC_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
SERVED_OVER_TLS = PUBLIC_URL.startswith("https:")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", f"{urlsplit(PUBLIC_URL).hostname} 127.0.0.1 localhost [::1]")

GLOSSARY_TITLE = os.environ.get("GLOSSARY_TITLE", "").strip() or "Eventually Consistent"
# The shipped dictionary, then the folders of a company's own, if it has any.
CONTENT_DIRS = [BASE_DIR / "glossary" / "content", *map(Path, words("CONTENT_DIRS", ""))]
# Adds the constant view that `make bench` measures pages against.
BENCH = flag("BENCH")

INSTALLED_APPS = [
    "simulator",
    "glossary",
    # Without a search for what to show: glossary/admin.py registers it.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
]

MIDDLEWARE = [
    "glossary.middleware.PublicScheme",
    "glossary.middleware.ApiErrors",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "glossary.middleware.LargestBody",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "glossary.middleware.PublicHost",
    "glossary.middleware.AccessTokens",
    "glossary.middleware.Private",
    "glossary.middleware.InvalidForms",
    "glossary.middleware.Doors",
]

ROOT_URLCONF = "glossary.urls"
WSGI_APPLICATION = "glossary.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "glossary.context_processors.site",
                "glossary.context_processors.visitor",
                "glossary.context_processors.messages",
            ]
        },
    }
]

DATABASES = {"default": database("DATABASE_URL")}
# What must hold across workers (how often a sign-in failed) is in the database, pages are where CACHE_URL says.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "glossary_cache"},
    "pages": cache("CACHE_URL", of="pages", most=2000),
    "limits": cache("CACHE_URL", of="limits", most=10_000),
}

AUTH_USER_MODEL = "glossary.User"
# Django's own, which also takes an e-mail address for a name.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
# The whole site behind sign-in; programs then need an access token.
PRIVATE = flag("PRIVATE")
# The role of people who were given none.
DEFAULT_ROLE = choice("DEFAULT_ROLE", ("member", "curator"), "member")
# Who becomes a new person here: nobody; whom an admin invites or the identity provider knows; whoever registers.
REGISTRATION = choice("REGISTRATION", ("closed", "invited", "open"), "invited")
# Where it is not by invitation: the domains of e-mail addresses that may. Any, if there are none.
REGISTRATION_DOMAINS = [domain.lower() for domain in words("REGISTRATION_DOMAINS", "")]

ACCOUNT_ADAPTER = "glossary.signing_in.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "glossary.account_forms.SignInForm",
    "signup": "glossary.account_forms.RegisterForm",
    "add_email": "glossary.account_forms.ChangeEmailForm",
    "change_password": "glossary.account_forms.ChangePasswordForm",
    "set_password": "glossary.account_forms.SetPasswordForm",
    "reset_password": "glossary.account_forms.ForgottenPasswordForm",
    "reset_password_from_key": "glossary.account_forms.NewPasswordForm",
    "reauthenticate": "glossary.account_forms.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
# Where strangers register, an address counts once it was confirmed.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if REGISTRATION == "open" else "optional"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{GLOSSARY_TITLE}] "
# Nobody is written to because a stranger typed their address.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
# Behind a proxy, limits per address count what the proxy reports, not the proxy.
ALLAUTH_TRUSTED_PROXY_COUNT = number("TRUSTED_PROXIES", 0)

OIDC = identity_provider()
SOCIALACCOUNT_ADAPTER = "glossary.signing_in.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [OIDC] if OIDC else []}}
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
# A person here whose confirmed address the provider vouches for is the same person.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
# A link, because the policy for forms would refuse their redirection to the provider.
SOCIALACCOUNT_LOGIN_ON_GET = True

globals().update(mail("EMAIL_URL"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = sender(
    "DEFAULT_FROM_EMAIL", f"{GLOSSARY_TITLE} <glossary@{urlsplit(PUBLIC_URL).hostname}>"
)

# Work that need not keep a visitor waiting is kept in the database until the worker has done it.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Whatever a person could have typed or pasted reaches its view, which says what is too much and keeps the rest.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# Errors and warnings go to standard error, with their tracebacks; access is the server's to log.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers: mail to nobody, and the development server's lines.
        "django": {"handlers": [], "level": "INFO" if DEBUG else "WARNING", "propagate": True},
        # A 404 is the visitor's affair.
        "django.request": {"level": "ERROR"},
        # So is a Host header of their own; it gets a 400.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = LOCAL_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {"staticfiles": {"BACKEND": "glossary.staticfiles.HashedStaticFilesStorage"}}

# How many requests of the API a minute takes, for each token, or address without one; 0 for any number.
API_LIMITS = {
    "reads": number("API_READS", 600),
    "checks": number("API_CHECKS", 120),
    "writes": number("API_WRITES", 60),
}

# What webhooks may be sent to beside the public internet, and how long one may take to answer.
OUTGOING_PRIVATE = networks("OUTGOING_PRIVATE")
OUTGOING_SECONDS = number("OUTGOING_SECONDS", 10)

# One policy for every page; views of /embed/ alone widen frame-ancestors.
EMBED_ANCESTORS = words("EMBED_ANCESTORS", "*")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SERVED_OVER_TLS else 0
SILENCED_SYSTEM_CHECKS = [
    "admin.E404",  # messages come from our own context processor, which asks for none where nobody is signed in
    "security.W005",  # the domain's other hosts are its owner's to decide about
    "security.W008",  # the proxy that ends TLS redirects to it
    "security.W021",  # as W005: preloading binds a whole domain
]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVED_OVER_TLS
# Forms carry the token; no script reads the cookie.
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "glossary.views.typed.csrf_failure"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
