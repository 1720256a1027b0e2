"""Objects of S3, and of compatible servers: read as files, written as a whole."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from litmus_core.connectors._address import TableAddress
from litmus_core.connectors._fetched_table import FetchedTable
from litmus_core.errors import DataError, LitmusError, MissingExtraError
from litmus_core.frame import logged_table_error, table_format_of

_CONNECT_S, _REQUEST_S, _ATTEMPTS = 10, 60, 2
_PARQUET = (".parquet", ".pq")
CREDENTIALS = (
    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE for keys in ~/.aws. "
    "Keys that were right may have expired since."
)

# Amazon answers 400, without a reason, where a session's token has expired.
_REFUSED = ("ACCESS_DENIED", "403", "Expired", "EXPIRED", "ACCESS_KEY", "SIGNATURE", "status 400")
# What the server answers for bytes of an object that was there a moment before.
_GONE = ("status 416) during GetObject", "RESOURCE_NOT_FOUND during GetObject", "Path does not exist")


def fetch_object(address: TableAddress, scratch: Path) -> FetchedTable:
    """Read an object, or a folder's table, in its state at one moment, into ``scratch``.

    A folder's Parquet files are numbered in the order of their names. If the table has a log, such as a
    Delta table, all files are copied with their paths: rows added meanwhile do not change its log.
    """
    path = f"{address.server}/{address.path}".rstrip("/")
    with object_store(address) as files:
        before = _list_objects(files, path, address)
        target = scratch / (path.rpartition("/")[2] or "rows")
        has_log = table_format_of(before) is not None
        tags = {path: _copy(files, path, target)} if list(before) == [path] else {}
        for place, name in enumerate(sorted(set(before) - {path})):
            local = target / (name.removeprefix(f"{path}/") if has_log else f"{place:06}.parquet")
            if ".." in local.parts:
                raise DataError(f"'{name}' is not a valid file name.", hint="Rename the object.")
            local.parent.mkdir(parents=True, exist_ok=True)
            tags[name] = _copy(files, name, local)
        now = _list_objects(files, path, address)
        is_changed = now != before and not (has_log and before.items() <= now.items())
        if is_changed or any(_tag(files, name) != tag for name, tag in tags.items()):
            raise _changed_error(address)
    return FetchedTable(file=target)


def send_object(address: TableAddress, file: Path) -> None:
    """Write ``file`` as an object, which appears, or replaces an existing one, once it is complete."""
    path = f"{address.server}/{address.path}"
    with object_store(address) as files:
        with file.open("rb") as source:
            sink = files.open_output_stream(path, compression=None)
            try:
                shutil.copyfileobj(source, sink, 1 << 20)
            except BaseException:  # Ctrl-C, too
                _leave_unpublished(sink)
                raise
            sink.close()
        if files.get_file_info(path).size != file.stat().st_size:
            files.delete_file(path)
            raise DataError(f"'{address}' was not written completely.", hint="It was removed. Try again.")


def _leave_unpublished(sink: Any) -> None:
    """Keep an upload open until this process ends: closed or collected, pyarrow publishes what it has."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(sink))


def check_object(address: TableAddress) -> None:
    """Raise DataError if the bucket is out of reach."""
    import pyarrow.fs as pafs

    with object_store(address) as files:
        if files.get_file_info(address.server).type == pafs.FileType.NotFound:
            raise DataError(
                f"There is no bucket '{address.server}' that you may write to.",
                hint="Check its name, and AWS_REGION where it is in another region.",
            )


def _list_objects(files: Any, path: str, address: TableAddress) -> dict[str, tuple[int, int]]:
    """Return the objects to read, each with size and time."""
    import pyarrow.fs as pafs

    info = files.get_file_info(path)
    if info.type == pafs.FileType.File:
        return {path: (info.size, info.mtime_ns)}
    inside = files.get_file_info(pafs.FileSelector(path, allow_not_found=True, recursive=True))
    objects = {
        entry.path: (entry.size, entry.mtime_ns) for entry in inside if entry.type == pafs.FileType.File
    }
    table_format = table_format_of(objects)
    if table_format == "Delta":
        return objects
    if table_format is not None:
        raise logged_table_error(str(address), table_format)
    tables = {file: state for file, state in objects.items() if Path(file).suffix.lower() in _PARQUET}
    if not tables:
        raise DataError(
            f"There is no object '{address}', and no folder of Parquet files.",
            hint="Check the address for typing errors, and AWS_REGION where the bucket is in another region.",
        )
    return tables


def _copy(files: Any, path: str, target: Path) -> Any:
    """Copy an object's bytes as they are, and return its tag at the start."""
    with files.open_input_stream(path, compression=None) as source, target.open("wb") as sink:
        tag = source.metadata().get("ETag")
        shutil.copyfileobj(source, sink, 1 << 20)
    return tag


def _tag(files: Any, path: str) -> Any:
    """Return what the server calls an object's content, since its time is of whole seconds."""
    with files.open_input_stream(path, compression=None) as source:
        return source.metadata().get("ETag")


def _changed_error(address: TableAddress) -> DataError:
    return DataError(
        f"'{address}' was changed while it was read.", hint="Read it again. Nothing was changed here."
    )


@contextmanager
def object_store(address: TableAddress) -> Iterator[Any]:
    """Yield the file system with this machine's credentials; errors become DataError with a remedy."""
    try:
        import pyarrow as pa
        import pyarrow.fs as pafs
    except ModuleNotFoundError as error:
        raise MissingExtraError(subject="S3", extra="train") from error
    # Without keys the client would contact a cloud's metadata address, which nobody named.
    os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
    named = {
        "endpoint_override": os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL"),
        "region": os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"),
    }
    try:
        yield pafs.S3FileSystem(
            connect_timeout=_CONNECT_S,
            request_timeout=_REQUEST_S,
            retry_strategy=pafs.AwsStandardS3RetryStrategy(max_attempts=_ATTEMPTS),
            **{name: value for name, value in named.items() if value},
        )
    except LitmusError:
        raise
    except pa.ArrowInvalid as error:  # of a path
        raise error_of(str(error), address) from None
    except OSError as error:
        if error.errno is not None and not isinstance(error, FileNotFoundError):
            raise  # of a file here
        raise error_of(str(error), address) from None


def error_of(text: str, address: TableAddress) -> DataError:
    if "NETWORK_CONNECTION" in text:
        return DataError(
            f"No server answers for '{address}'.",
            hint="Check the network, and AWS_ENDPOINT_URL where it is not Amazon's.",
        )
    if any(word in text for word in _GONE):
        return _changed_error(address)
    if any(word in text for word in _REFUSED):
        return DataError(f"Access to '{address}' was refused.", hint=CREDENTIALS)
    reason = " ".join(text.split())[:200].rstrip(".")
    return DataError(f"'{address}' could not be read or written: {reason}.", hint="Check the address.")
