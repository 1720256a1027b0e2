"""The workspace: one folder, and the paths of everything in it."""

from __future__ import annotations

import os
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from litmus_core.errors import WorkspaceError


def new_id(prefix: str) -> str:
    """Return a new id: ``prefix``, an underscore and ten random hexadecimal digits."""
    return f"{prefix}_{secrets.token_hex(5)}"


def utc_now() -> str:
    """Return the current time in UTC as ISO 8601 with microseconds; later times sort later."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


_RESERVE_BYTES = 2 << 20
_MOVING = ("bundles", "scorings", "uploads", "endpoints")  # folders whose paths are recorded


def _entry_of(folder: Path, name: str) -> Path:
    """Return the entry ``name`` of ``folder``; records of a foreign workspace may name any path."""
    if name in ("", ".", "..") or any(letter in name for letter in "/\\\0"):
        raise _altered_error(name, "an id")
    return folder / name


def _altered_error(name: str, subject: str) -> WorkspaceError:
    return WorkspaceError(
        f"The record of this workspace holds {name!r}, which is not {subject}.",
        hint="Somebody altered it. Nothing was read or changed there.",
    )


class Workspace:
    """A folder with all of a user's data sets, runs and bundles. Only paths, no open files."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path).expanduser().absolute()

    def __repr__(self) -> str:
        return f"Workspace({str(self.path)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Workspace) and other.path == self.path

    def __hash__(self) -> int:
        return hash(self.path)

    @classmethod
    def locate(cls, path: Path | str | None = None) -> Workspace:
        """Return the workspace at ``path``, ``LITMUS_HOME`` or ``~/.litmus``; creates nothing."""
        return cls(path or os.environ.get("LITMUS_HOME") or Path.home() / ".litmus")

    @property
    def journal_path(self) -> Path:
        """The record: SQLite, written by every process."""
        return self.path / "journal.db"

    @property
    def store_path(self) -> Path:
        """The analytic store: DuckDB, opened by its owner only."""
        return self.path / "experiments.duckdb"

    @property
    def snapshot_path(self) -> Path:
        """A copy of the store that its owner replaces after each refresh."""
        return self.path / "snapshot.duckdb"

    @property
    def lock_path(self) -> Path:
        """The lock file of the store's owner."""
        return self.path / "owner.lock"

    @property
    def dispatch_lock_path(self) -> Path:
        """The lock held while runs are started, stopped or marked as dead."""
        return self.path / "dispatch.lock"

    @property
    def reserve_path(self) -> Path:
        """A file that reserves disk space: removing it on a full disk makes room to delete the rest."""
        return self.path / "reserve"

    @property
    def aside(self) -> Path:
        """The folder of damaged or foreign files that were set aside instead of deleted."""
        return self.path / "set-aside"

    @property
    def is_read_only(self) -> bool:
        """Whether the folder exists and can be read but not written."""
        return self.path.is_dir() and not os.access(self.path, os.W_OK | os.X_OK)

    def traces(self) -> str:
        """Describe the signs of an earlier journal: "an experiment store and 3 runs"; "" if none."""
        names = ["an experiment store"] if self.store_path.exists() or self.snapshot_path.exists() else []
        for folder, noun in ((self.datasets, "data set"), (self.runs, "run")):
            n = sum(path.is_dir() for path in folder.iterdir()) if folder.is_dir() else 0
            names += [f"{n} {noun}{'s' * (n > 1)}"] if n else []
        return " and ".join(names)

    @property
    def leading_path(self) -> Path:
        """The cached leading run of each experiment with several runs; safe to delete."""
        return self.path / "leading.json"

    @property
    def datasets(self) -> Path:
        """Data set versions, as Parquet files."""
        return self.path / "datasets"

    @property
    def runs(self) -> Path:
        """One folder for each run."""
        return self.path / "runs"

    @property
    def bundles(self) -> Path:
        """One folder for each bundle."""
        return self.path / "bundles"

    @property
    def environments(self) -> Path:
        """Python environments with bundles' requirements installed, named by their contents."""
        return self.path / "environments"

    @property
    def uploads(self) -> Path:
        """Files uploaded through the browser, before import."""
        return self.path / "uploads"

    @property
    def endpoints(self) -> Path:
        """One folder for each endpoint, by name."""
        return self.path / "endpoints"

    @property
    def recipes(self) -> Path:
        """One folder for each recipe, with its versions."""
        return self.path / "recipes"

    @property
    def handoffs(self) -> Path:
        """One folder for each question to a scientist."""
        return self.path / "handoffs"

    @property
    def scorings(self) -> Path:
        """One folder for each scoring job, finished ones included."""
        return self.path / "scorings"

    @property
    def forecasts(self) -> Path:
        """One folder for each forecast."""
        return self.path / "forecasts"

    @property
    def targets(self) -> Path:
        """One folder for each question of many targets."""
        return self.path / "targets"

    def dataset_dir(self, dataset_id: str) -> Path:
        """Return the data set's folder, whether it exists or not; raises WorkspaceError for an invalid id."""
        return _entry_of(self.datasets, dataset_id)

    def table_path(self, name: str) -> Path:
        """Return the path of a version's table; raises WorkspaceError if it lies outside the data sets."""
        place = PurePosixPath(name)
        if place.parts[:1] != (self.datasets.name,) or ".." in place.parts:
            raise _altered_error(name, "a table of a data set")
        return self.path / place

    def handoff_dir(self, handoff_id: str) -> Path:
        """Return the question's folder, whether it exists or not; raises WorkspaceError for an invalid id."""
        return _entry_of(self.handoffs, handoff_id)

    def bundle_dir(self, bundle_id: str) -> Path:
        """Return the folder of a bundle's jobs; raises WorkspaceError for an invalid id."""
        return _entry_of(self.bundles, bundle_id)

    def scoring_dir(self, scoring_id: str) -> Path:
        """Return the scoring job's folder, existing or not; raises WorkspaceError for an invalid id."""
        return _entry_of(self.scorings, scoring_id)

    def forecast_dir(self, forecast_id: str) -> Path:
        """Return the forecast's folder, whether it exists or not; raises WorkspaceError for an invalid id."""
        return _entry_of(self.forecasts, forecast_id)

    def run_dir(self, run_id: str) -> Path:
        """Return the run's folder, whether it exists or not; raises WorkspaceError for an invalid id."""
        return _entry_of(self.runs, run_id)

    def worker_lock_path(self, run_id: str) -> Path:
        """The lock file that shows whether the run's worker is alive."""
        return self.run_dir(run_id) / "worker.lock"

    def relative(self, path: Path | str) -> str:
        """Return a path for a record: relative to the workspace if it lies inside.

        A moved or copied workspace keeps its paths; paths outside stay absolute.
        """
        absolute = Path(os.path.abspath(Path(path).expanduser()))
        for root in (self.path, self.path.resolve()):
            if absolute.is_relative_to(root):
                return absolute.relative_to(root).as_posix()
        return str(absolute)

    def resolve(self, path_name: Path | str) -> str:
        """Return the current absolute path of a recorded one; it need not exist.

        If nothing exists at a recorded absolute path, it is looked up in this workspace.
        """
        path = Path(path_name)
        if not path.is_absolute():
            return str(self.path / path)
        if not path.exists():
            for at in range(len(path.parts) - 1, 0, -1):
                moved = self.path.joinpath(*path.parts[at:])
                if path.parts[at] in _MOVING and moved.exists():
                    return str(moved)
        return str(path)

    def create(self) -> Workspace:
        """Create missing folders; raises WorkspaceError if that fails.

        A read-only folder is left as it is: it can still be read.
        """
        if self.is_read_only:
            return self
        try:
            for folder in (self.path, self.datasets, self.runs, self.bundles, self.uploads):
                folder.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise WorkspaceError(
                f"The workspace cannot be at {self.path}: {error.filename} is a file.",
                hint="Choose a folder with --workspace or LITMUS_HOME.",
            ) from error
        except OSError as error:
            raise WorkspaceError(
                f"The workspace folder {self.path} cannot be created: {error.strerror}.",
                hint="Choose a folder that you may write to, with --workspace or LITMUS_HOME.",
            ) from error
        self._keep_reserve()
        return self

    def use_reserve(self) -> bool:
        """On a nearly full disk, remove the file that reserves space; return whether it existed.

        Deletions have to be recorded, which needs some space itself.
        """
        if not self.reserve_path.exists() or shutil.disk_usage(self.path).free >= _RESERVE_BYTES:
            return False
        self.reserve_path.unlink(missing_ok=True)
        return True

    def _keep_reserve(self) -> None:
        """Reserve space while there is plenty."""
        if self.reserve_path.exists() or shutil.disk_usage(self.path).free < 8 * _RESERVE_BYTES:
            return
        try:
            self.reserve_path.write_bytes(b"\0" * _RESERVE_BYTES)
        except OSError:  # the disk filled up meanwhile: half a reserve is useless
            self.reserve_path.unlink(missing_ok=True)

    def folder_bytes(self, path: Path) -> int:
        """Return the total size in bytes of all files under ``path``; 0 if it does not exist."""
        if path.is_file():
            return path.stat().st_size
        total = 0
        for folder, _, names in os.walk(path):
            for name in names:
                try:
                    total += os.lstat(os.path.join(folder, name)).st_size
                except FileNotFoundError:  # a worker removed it meanwhile
                    continue
        return total
