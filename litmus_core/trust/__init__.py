"""Which code and models may run here: the user's key, and its signatures of workspaces, runs and plug-ins."""

from litmus_core.trust._files import (
    FINAL,
    are_files_trusted,
    begin_writing,
    check_files,
    is_as_signed,
    is_being_written,
    is_cut_short,
    sign_files,
)
from litmus_core.trust._key import is_signed, signature
from litmus_core.trust._workspace import (
    check_home,
    foreign_error,
    is_workspace_signed,
    sign_new_workspace,
    sign_workspace,
)

__all__ = [
    "FINAL",
    "are_files_trusted",
    "begin_writing",
    "check_files",
    "check_home",
    "foreign_error",
    "is_as_signed",
    "is_being_written",
    "is_cut_short",
    "is_signed",
    "is_workspace_signed",
    "sign_files",
    "sign_new_workspace",
    "sign_workspace",
    "signature",
]
