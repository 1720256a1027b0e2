"""Faults of the environment: damaged files, full and read-only disks, clocks that jump, two apps at once.

Each is done to a copy of one workspace (two data sets, an experiment with a run, a bundle, all on record).
Commands are then used on it: each has to work or to say in words why it does not; in the end the doctor has
to bring back everything that was still on disk.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks._faults_rounds import Outcome, Victim, scratch

PAGE = 4096
Damage = Callable[[Path, random.Random], None]


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace to hurt, and what was on record in it before."""

    folder: Path
    outcome: Outcome

    @property
    def path(self) -> Path:
        return self.folder / "workspace"

    def command(self, *arguments: str, at: Path | None = None) -> tuple[int, str]:
        """Use a command in a process of its own; return its exit status and all that it said."""
        log = self.folder / f"command-{time.monotonic_ns()}.log"
        where = ["--workspace", str(at or self.path)]

        def work(say: Callable[[Any], None]) -> None:
            from litmus_core.cli import app

            status = 0
            try:
                status = app([*arguments, *where], standalone_mode=False) or 0
            except SystemExit as error:
                status = int(error.code or 0)
            finally:
                say(status)

        said = Victim(work, log).wait()
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        status = said[0] if said else 1
        if status != 0 and not text.strip():
            self.outcome.tracebacks += 1
            self.outcome.notes.append(f"{arguments}: ended with {status} and said nothing")
        return status, text

    def expect(self, what: str, holds: bool) -> None:
        """Count a thing that should be so and is not as lost."""
        self.outcome.acknowledged += 1
        if not holds:
            self.outcome.lost += 1
            self.outcome.notes.append(what)


def use(place: Place) -> None:
    """Use what people use: none of it may end in a traceback (which the round counts in the logs)."""
    source = str(place.folder / "rows.csv")
    for arguments in (("leaderboard",), ("rm",), ("sql", "SELECT count(*) FROM events"), ("doctor",)):
        place.command(*arguments)
    place.command("import", source, "--name", "later")


def record(path: Path) -> dict[str, list[Any]]:
    """Return what is on record, in a process of its own that leaves nothing behind in this one."""
    from litmus_core.store import Workspace, open_store

    said: list[Any] = []

    def work(say: Callable[[Any], None]) -> None:
        with open_store(Workspace(path)) as store:
            say({
                "tables": sorted(each.name for each in store.datasets() if each.name != "later"),
                "experiments": sorted(each.id for each in store.experiments()),
                "runs": sorted(each.id for each in store.runs()),
                "bundles": sorted(each.id for each in store.bundles()),
            })  # fmt: skip

    with scratch() as folder:  # not beside the workspace: that may be a disk without room
        said = Victim(work, folder / "record.log").wait()
    return said[0] if said else {}


def build(folder: Path) -> None:
    """Make the workspace that faults are done to, and write down beside it what is on record in it."""
    path, source = folder / "workspace", folder / "rows.csv"
    source.write_text("rooms,rent\n" + "".join(f"{row},{row * 100}\n" for row in range(300)))

    def work(say: Callable[[Any], None]) -> None:
        from litmus_core.experiments import Studio
        from litmus_core.types import BundleExported, DatasetRenamed
        from tests import tiny
        from tests.store.story import STORY

        with Studio.open(path) as studio:
            for name in ("flats", "houses"):
                studio.datasets.import_file(source, name=name)
            studio.context.record(*[fact for fact in STORY if type(fact).__name__ not in _WITHOUT_FILES])
            studio.context.record(*(DatasetRenamed(dataset_id="ds_x", name="x" * 700) for _ in range(60)))
            studio.context.record(BundleExported(bundle=tiny.bundle(path / "bundles" / "b.zip", zipped=True)))
            folder_bundle = tiny.bundle(path / "bundles" / "folder")
            studio.context.record(BundleExported(bundle=folder_bundle))
            studio.workspace.run_dir("run_1").mkdir()
        say("built")

    if Victim(work, folder / "build.log").wait() != ["built"]:
        raise RuntimeError((folder / "build.log").read_text())
    before = record(path)
    if not all(before.values()):
        raise RuntimeError(f"not all was built: {before}")
    (folder / "before.json").write_text(json.dumps(before))


_WITHOUT_FILES = ("DatasetImported", "BundleExported", "EndpointStarted")


def flip(n_bytes: int) -> Damage:
    def damage(path: Path, chance: random.Random) -> None:
        content = bytearray(path.read_bytes())
        for _ in range(n_bytes):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(content))

    return damage


def zero(first_page: float, n_pages: int = 1) -> Damage:
    """Fill pages with zeros, from one that lies so far into the file (0 to 1)."""

    def damage(path: Path, chance: random.Random) -> None:
        content = bytearray(path.read_bytes())
        at = int(first_page * (len(content) // PAGE)) * PAGE
        content[at : at + n_pages * PAGE] = b"\0" * len(content[at : at + n_pages * PAGE])
        path.write_bytes(bytes(content))

    return damage


def cut(share: float) -> Damage:
    return lambda path, chance: (
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)]) and None
    )


def gone(path: Path, chance: random.Random) -> None:
    path.unlink()


def text(path: Path, chance: random.Random) -> None:
    path.write_text("not a database " * 500)


def empty(path: Path, chance: random.Random) -> None:
    path.write_bytes(b"")


def bad_event(path: Path, chance: random.Random) -> None:
    import sqlite3

    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE events SET payload = ? WHERE id = 2", [b"\xff\xfe{"])


def no_events(path: Path, chance: random.Random) -> None:
    import sqlite3

    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM events")


DAMAGES: dict[str, dict[str, Damage]] = {
    "journal.db": {
        "missing": gone, "emptied": empty, "text": text, "cut in half": cut(0.5), "cut at its end": cut(0.97),
        "zeroed head": zero(0.0), "zeroed page": zero(0.3), "zeroed end": zero(0.9, 3),
        "zeroed half": zero(0.4, 30),
        "one bit": flip(1), "many bits": flip(60), "undecodable event": bad_event, "no events": no_events,
    },
    "experiments.duckdb": {
        "missing": gone, "emptied": empty, "text": text, "cut in half": cut(0.5), "zeroed page": zero(0.3, 4),
        "one bit": flip(1), "many bits": flip(60),
    },
    "snapshot.duckdb": {"emptied": empty, "many bits": flip(60)},
    "bundles/b.zip": {"emptied": empty, "cut in half": cut(0.5), "one bit": flip(1), "many bits": flip(60)},
    "bundles/folder/manifest.json": {"missing": gone, "cut in half": cut(0.5), "many bits": flip(8)},
    "datasets/*/v1.parquet": {"missing": gone, "cut in half": cut(0.5), "many bits": flip(60)},
}  # fmt: skip


def damaged(name: str, damage: Damage) -> Callable[[Place, random.Random, dict[str, Any]], None]:
    def fault(place: Place, chance: random.Random, before: dict[str, Any]) -> None:
        damage(sorted(place.path.glob(name))[0], chance)
        use(place)
        if name.startswith("bundles"):
            bundle = place.path.joinpath(*Path(name).parts[:2])
            out = str(place.folder / "out.csv")
            place.command("predict", str(bundle), str(place.folder / "rows.csv"), "--to", out)
        if name.startswith("datasets"):
            status, _ = place.command("doctor")
            place.expect("the doctor does not name the damaged rows", status == 1)
        place.command("doctor", "--fix")
        after = record(place.path)
        for what, ids in before.items():
            missing = [each for each in ids if each not in after.get(what, [])]
            place.expect(f"{what} {missing} did not come back", not missing)

    return fault


@contextmanager
def small_disk(folder: Path, *, size: str) -> Iterator[Path | None]:
    """Yield a disk of its own; None where this account may not mount one."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], capture_output=True, check=False)


def full_disk(*arguments: str) -> Callable[[Place, random.Random, dict[str, Any]], None]:
    """Use a command on a disk without any room; what was there before is there still."""

    def fault(place: Place, chance: random.Random, before: dict[str, Any]) -> None:
        with small_disk(place.folder / "disk", size="24m") as disk:
            if disk is None:
                place.outcome.notes.append("skipped: no disk of its own may be mounted here")
                return
            at = disk / "workspace"
            shutil.copytree(place.path, at)
            fill(disk)
            given = [each.format(disk=disk, rows=place.folder / "rows.csv") for each in arguments]
            status, said = place.command(*given, at=at)
            is_said = any(word in said.lower() for word in ("full", "space", "room"))
            place.expect(
                f"{arguments} does not say that the disk is full: {said[-200:]}", not status or is_said
            )
            place.command("leaderboard", at=at)
            (disk / "filler").unlink()
            after = record(at)
            place.expect(f"after a full disk: {after}", {key: after.get(key) for key in before} == before)

    return fault


def fill(disk: Path) -> None:
    with suppress(OSError), (disk / "filler").open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * PAGE)


def read_only(place: Place, chance: random.Random, before: dict[str, Any]) -> None:
    with small_disk(place.folder / "disk", size="64m") as disk:
        if disk is None:
            place.outcome.notes.append("skipped: no disk of its own may be mounted here")
            return
        at = disk / "workspace"
        shutil.copytree(place.path, at)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        for arguments in (("leaderboard",), ("rm",), ("sql", "SELECT 1"), ("doctor",), ("endpoints",)):
            status, said = place.command(*arguments, at=at)
            place.expect(f"{arguments} does not work read-only: {said[-200:]}", status == 0)
        for arguments in (("import", str(place.folder / "rows.csv")), ("rebuild",), ("rm", "ex_1", "--yes")):
            status, said = place.command(*arguments, at=at)
            place.expect(f"{arguments} ended with {status} read-only", status == 1)
        place.expect("the record reads otherwise", record(at) == before)
        status, said = place.command("backup", str(place.folder / "saved"), at=at)
        place.expect(f"no backup of a read-only workspace: {said[-200:]}", status == 0)


def clock(jump_s: float) -> Callable[[Place, random.Random, dict[str, Any]], None]:
    """Work while the clock jumps; then with the right one again."""

    def fault(place: Place, chance: random.Random, before: dict[str, Any]) -> None:
        def work(say: Callable[[Any], None]) -> None:
            _jump(jump_s)
            from litmus_core.experiments import Studio

            with Studio.open(place.path) as studio:
                studio.datasets.import_file(place.folder / "rows.csv", name="in another time")
                studio.watch(every_s=0.05)
                time.sleep(0.3)
            say("done")

        done = Victim(work, place.folder / "clock.log").wait()
        place.expect("nothing can be done while the clock jumps", done == ["done"])
        use(place)
        after = record(place.path)
        place.expect(f"after a jump: {after}", {*before["tables"], "in another time"} <= set(after["tables"]))

    return fault


def _jump(seconds: float) -> None:
    from datetime import datetime, timedelta

    from litmus_core.store import _workspace

    class Jumped(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz) + timedelta(seconds=seconds)

    real = time.time
    _workspace.datetime = Jumped  # type: ignore[attr-defined]
    time.time = lambda: real() + seconds


def two_apps(place: Place, chance: random.Random, before: dict[str, Any]) -> None:
    def app(name: str) -> Callable[[Callable[[Any], None]], None]:
        def work(say: Callable[[Any], None]) -> None:
            from litmus_core.experiments import Studio

            with Studio.open(place.path) as studio:
                studio.watch(every_s=0.02)
                for number in range(5):
                    studio.datasets.import_file(place.folder / "rows.csv", name=f"{name} {number}")
                    say(f"{name} {number}")

        return work

    apps = [Victim(app(name), place.folder / f"{name}.log") for name in ("ada", "bob")]
    use(place)
    done = [name for each in apps for name in each.wait()]
    after = record(place.path)
    place.outcome.compare("tables of two apps", sorted([*before["tables"], *done]), after["tables"])
    place.expect("not all was done", len(done) == 10)


def two_restores(place: Place, chance: random.Random, before: dict[str, Any]) -> None:
    saved, to = place.folder / "saved", place.folder / "back"
    place.command("backup", str(saved))
    victims = []
    for number in range(2):

        def work(say: Callable[[Any], None]) -> None:
            from litmus_core.cli import app

            app(["restore", str(saved), "--workspace", str(to)], standalone_mode=False)

        victims.append(Victim(work, place.folder / f"restore{number}.log"))
    for victim in victims:
        victim.wait()
    place.expect("two restores at once", record(to) == before)


FAULTS: dict[str, Callable[[Place, random.Random, dict[str, Any]], None]] = {
    **{
        f"{name} {how}": damaged(name, damage)
        for name, every in DAMAGES.items()
        for how, damage in every.items()
    },
    "full disk: import": full_disk("import", "{rows}", "--name", "later"),
    "full disk: backup": full_disk("backup", "{disk}/saved"),
    "full disk: rebuild": full_disk("rebuild"),
    "full disk: rename": full_disk("rm", "ds_none", "--yes"),
    "read-only disk": read_only,
    "clock: a year ahead": clock(3.2e7),
    "clock: back to 1990": clock(-1.1e9),
    "clock: back an hour": clock(-3600),
    "two apps": two_apps,
    "two restores": two_restores,
}


def environment(name: str, template: Path) -> Callable[[random.Random, Path, Outcome], None]:
    """Return the round that does one fault to a copy of the workspace that was built in ``template``."""

    def round_(chance: random.Random, folder: Path, outcome: Outcome) -> None:
        os.environ["LITMUS_HOME"] = str(folder / "nowhere")
        shutil.copytree(template / "workspace", folder / "workspace")
        shutil.copy(template / "rows.csv", folder / "rows.csv")
        before = json.loads((template / "before.json").read_text())
        FAULTS[name](Place(folder, outcome), chance, before)

    return round_
