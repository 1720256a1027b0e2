"""Delta tables on S3, and on compatible servers: add a file's rows as one version of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from configparser import ConfigParser, Error
from pathlib import Path, PurePosixPath

from litmus_core.connectors import _objects
from litmus_core.connectors._address import IfExists, TableAddress
from litmus_core.connectors._delta import MODES, SUFFIX, check_lossless, delta_library, rows_of
from litmus_core.errors import DataError, UsageError

_KEYS_GIVEN = (  # by the environment, or by the platform that it is run on
    "AWS_ACCESS_KEY_ID",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)
_PROFILE_KEYS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")


def is_delta_address(address: TableAddress) -> bool:
    """Return whether rows written to ``address`` go to a Delta table: one that exists, or ``NAME.delta``.

    Raises DataError if the bucket is out of reach.
    """
    return address.scheme == "s3" and (_is_named_delta(address) or _exists(address))


def check_delta_address(address: TableAddress, *, if_exists: IfExists | None) -> None:
    """Raise UsageError if the Delta table exists and ``if_exists`` is "fail".

    Raises DataError if the bucket is out of reach, and MissingExtraError without the library.
    """
    if _exists(address) and (if_exists or "fail") == "fail":
        raise UsageError(
            f"The Delta table '{address}' exists already.",
            hint="Say --if-exists append or replace, or choose another name.",
        )
    with delta_library(address.name):
        pass


def write_delta_object(address: TableAddress, file: Path, *, if_exists: IfExists | None) -> None:
    """Write the rows of the Parquet ``file`` to the Delta table at ``address``, as one version of it.

    Raises as :func:`check_delta_address`, and DataError if the table has other columns or there are no keys.
    """
    check_delta_address(address, if_exists=if_exists)
    with delta_library(address.name) as delta, rows_of(file) as rows:
        place, options = f"s3://{address.server}/{address.path}", _options(address)
        try:
            table = delta.DeltaTable(place, storage_options=options) if _exists(address) else None
            check_lossless(file, table, name=address.name)
            delta.write_deltalake(place, rows, mode=MODES[if_exists or "fail"], storage_options=options)
        except OSError as error:
            raise _objects.error_of(str(error), address) from None


def _options(address: TableAddress) -> dict[str, str]:
    """Return what the client does not read from the environment by itself.

    Raises DataError without keys: the client would ask a cloud's metadata server for some.
    """
    options = {"timeout": "60s", "connect_timeout": "10s"}
    if endpoint := os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL"):
        options["aws_endpoint"] = endpoint
        options["allow_http"] = str(endpoint.startswith("http://")).lower()
    if any(os.environ.get(name) for name in _KEYS_GIVEN):
        return options
    keys = _profile_keys()
    if not all(keys.get(name) for name in _PROFILE_KEYS[:2]):
        raise DataError(f"There are no keys to write '{address}' with.", hint=_objects.CREDENTIALS)
    return options | {name: keys[name] for name in _PROFILE_KEYS if keys.get(name)}


def _profile_keys() -> Mapping[str, str]:
    """Return the keys of the chosen profile in the file that Amazon's own tools write."""
    named = os.environ.get("AWS_SHARED_CREDENTIALS_FILE")
    file = Path(named) if named else Path.home() / ".aws" / "credentials"
    profiles = ConfigParser(interpolation=None)
    try:
        profiles.read(file, encoding="utf-8")
    except (Error, UnicodeDecodeError):
        return {}
    profile = os.environ.get("AWS_PROFILE", "default")
    return profiles[profile] if profiles.has_section(profile) else {}


def _is_named_delta(address: TableAddress) -> bool:
    return PurePosixPath(address.path).suffix.lower() == SUFFIX


def _exists(address: TableAddress) -> bool:
    import pyarrow.fs as pafs

    _objects.check_object(address)
    with _objects.object_store(address) as files:
        log = f"{address.server}/{address.path.rstrip('/')}/_delta_log"
        return bool(files.get_file_info(log).type == pafs.FileType.Directory)
