"""The one home of mlflow: a client that gives up soon, since a run's results wait for nobody."""

from __future__ import annotations

import logging
import os
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from litmus_core.errors import MissingExtraError

TRACKING_URI, EXPERIMENT_NAME = "MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_NAME"  # MLflow's own names
_MANNERS = {  # it gives up soon, and leaves stdout, where --json has one value, alone
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "20",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}


def tracking_uri() -> str:
    """Return the address of the tracking server that the environment names; "" if it names none."""
    return os.environ.get(TRACKING_URI, "").strip()


def shown_uri(uri: str) -> str:
    """Return an address without a user's name and password.

    >>> shown_uri("https://ada:secret@mlflow.example:5000/team")
    'https://mlflow.example:5000/team'
    """
    parts = urlsplit(uri)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def open_client(uri: str) -> Any:
    """Return MLflow's client of the server at ``uri``; raises MissingExtraError without mlflow."""
    if find_spec("mlflow") is None:
        raise MissingExtraError(subject="Mirroring runs to MLflow", extra="mlflow")
    for name, value in _MANNERS.items():
        os.environ.setdefault(name, value)
    from mlflow import MlflowClient

    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)  # each try would be a warning
    return MlflowClient(uri)
