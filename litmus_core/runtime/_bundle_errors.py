"""Errors of malformed bundles: any exception becomes a BundleError with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from litmus_core.errors import BundleError, LitmusError
from litmus_core.runtime._seal.manifest import EXPORT_AGAIN

_MORE_MEMORY = "Make more memory free. If the model is a small one, the bundle is damaged: export it again."


@contextmanager
def bundle_errors(subject: str = "The bundle is malformed", *, hint: str = EXPORT_AGAIN) -> Iterator[None]:
    """Raise BundleError, with ``subject`` and the reason, instead of an exception without a readable message.

    A bundle is a file that somebody sent: its JSON may hold any value, and its arrays any shape, even larger
    than memory. Errors with readable messages, and errors of the disk, are passed on.
    """
    try:
        yield
    except (LitmusError, OSError):
        raise
    except Exception as error:
        raise bundle_error(error, subject, hint=hint) from error


def bundle_error(error: Exception, subject: str, *, hint: str = EXPORT_AGAIN) -> BundleError:
    """Return the BundleError for an exception that a bundle's contents caused."""
    if isinstance(error, MemoryError):
        return BundleError("The bundle does not fit into the available memory.", hint=_MORE_MEMORY)
    reason = " ".join(str(error).split())[:200].rstrip(".")
    return BundleError(f"{subject}: {type(error).__name__}{f': {reason}' if reason else ''}.", hint=hint)
