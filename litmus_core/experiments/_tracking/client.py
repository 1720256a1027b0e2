"""The one home of mlflow: a client with short timeouts, so that runs never wait for the server."""

from __future__ import annotations

import logging
import os
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from litmus_core.errors import MissingExtraError

TRACKING_URI, EXPERIMENT_NAME = "MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_NAME"  # MLflow's own names
_SETTINGS = {  # short timeouts, and no output on stdout, where --json prints one value
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "20",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}


def tracking_uri() -> str:
    """Return the address of the tracking server in the environment; "" if it has none."""
    return os.environ.get(TRACKING_URI, "").strip()


def shown_uri(uri: str) -> str:
    """Return an address without user name and password.

    >>> shown_uri("https://ada:secret@mlflow.example:5000/team")
    'https://mlflow.example:5000/team'
    """
    parts = urlsplit(uri)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def open_client(uri: str) -> Any:
    """Return MLflow's client of the server at ``uri``. Raises MissingExtraError without mlflow."""
    if find_spec("mlflow") is None:
        raise MissingExtraError(subject="Mirroring runs to MLflow", extra="mlflow")
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    from mlflow import MlflowClient

    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)  # each retry would log a warning
    return MlflowClient(uri)
