"""A Django project whose one table an app of ours shares."""

import os
from urllib.parse import urlsplit

SECRET_KEY = "only for tests"
INSTALLED_APPS = ["gallery"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True

url = urlsplit(os.environ["DATABASE_URL"])
if url.scheme == "sqlite":
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": url.path}}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path.lstrip("/"),
            "USER": url.username,
            "HOST": url.hostname,
            "PORT": url.port,
        }
    }
