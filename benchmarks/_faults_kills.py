"""Rounds of ``kill -9``: one kind of process each, killed at random moments; then all is counted."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks._faults_rounds import MARK, Outcome, Victim, marked
from benchmarks._harness import use_own_tests

Round = Callable[[random.Random, Path, Outcome], None]
Say = Callable[[Any], None]
STAGES = "quick_stages"  # of tests/jobs
N_ROWS = 3_000
_ROOT = Path(__file__).parents[1]


def apps(chance: random.Random, folder: Path, outcome: Outcome) -> None:
    """The app's own work (owning the store, folding, publishing, looking after runs) killed eight times."""
    from litmus_core.store import Journal, Workspace
    from litmus_core.types import DatasetImported, DatasetRenamed
    from tests.store import facts

    workspace = Workspace(folder / "workspace").create()
    journal = Journal(workspace)
    journal.append(DatasetImported(version=facts.version()))
    running = [_app(workspace, folder) for _ in range(2)]
    written: list[str] = []
    for _ in range(8):
        for _ in range(chance.randint(1, 5)):
            written.append(f"name {len(written)}")
            journal.append(DatasetRenamed(dataset_id="ds_1", name=written[-1]))
        time.sleep(chance.uniform(0.0, 0.25))
        running.pop(chance.randrange(2)).kill()
        outcome.kills += 1
        running.append(_app(workspace, folder))
    for app in running:
        app.kill()
    events = journal.events(types=[DatasetRenamed])
    outcome.compare("events", written, [event.fact.name for event in events])  # type: ignore[union-attr]
    journal.close()
    _compare_stores(workspace, folder, outcome)


def _app(workspace: Any, folder: Path) -> Victim:
    def work(say: Say) -> None:
        from litmus_core import jobs
        from litmus_core.store import open_store

        store = open_store(workspace)
        store.start_refreshing(0.01)
        say("up")
        while True:
            jobs.reattach(workspace, stages=STAGES)
            store._ownership._published_at = 0.0  # a snapshot at every change: more moments to be killed in
            store.summaries()
            time.sleep(0.005)

    return Victim(work, folder / "app.log")


def _compare_stores(workspace: Any, folder: Path, outcome: Outcome) -> None:
    """The store as it was left says the same as one that is folded from nothing."""
    from litmus_core.store import Workspace, copy_journal, examine, open_store
    from tests.store.story import content

    examined = examine(workspace)
    if not examined.is_sound:
        outcome.lost += 1
        outcome.notes.append(f"the journal {examined.problem} {examined.lacking} {examined.lost}")
    other = Workspace(folder / "other").create()
    copy_journal(workspace, other.journal_path)
    with open_store(workspace) as store:
        left = content(store)
    with open_store(other) as store:
        anew = content(store)
    for table, rows in anew.items():
        outcome.compare(table, rows, left[table])


def workers(chance: random.Random, folder: Path, outcome: Outcome) -> None:
    """Workers of runs killed ten times; what each had recorded is there, once."""
    from litmus_core import jobs
    from litmus_core.store import Journal, Workspace, new_id
    from litmus_core.types import CandidateTrained, DatasetImported, ExperimentCreated, RunEnded, RunQueued
    from tests.store import facts

    workspace = Workspace(folder / "workspace").create()
    journal, queued = Journal(workspace), []  # type: Journal, list[str]
    journal.append(DatasetImported(version=facts.version()))
    while outcome.kills < 10:
        if len(journal.jobs("queued")) < 2:
            experiment = facts.experiment(new_id("ex"), seed=chance.randint(2, 12))
            journal.append(ExperimentCreated(experiment=experiment))
            fact = facts.queued(new_id("run"), of=experiment)
            jobs.enqueue(workspace, journal, fact, stages=STAGES)
            queued.append(fact.run_id)
        time.sleep(chance.uniform(0.0, 1.5))
        for process in list(marked(str(folder))):
            if "litmus_core.jobs.worker" in process.cmdline():
                with suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGKILL)
                    outcome.kills += 1
        jobs.reattach(workspace, stages=STAGES)
    deadline = time.monotonic() + 120
    while journal.jobs("queued", "claimed") and time.monotonic() < deadline:
        jobs.reattach(workspace, stages=STAGES)
        time.sleep(0.05)
    told = [event.fact for event in journal.events(types=[RunQueued])]
    outcome.compare("runs", queued, [fact.run_id for fact in told])  # type: ignore[union-attr]
    ends = [event.fact for event in journal.events(types=[RunEnded])]
    outcome.compare("ends of runs", queued, [fact.run_id for fact in ends])  # type: ignore[union-attr]
    for run_id in queued:
        trained = journal.events(run_id=run_id, types=[CandidateTrained])
        names = [event.fact.candidate.model for event in trained]  # type: ignore[union-attr]
        left = [path.name.removeprefix("told-") for path in workspace.run_dir(run_id).glob("told-*")]
        outcome.compare(f"models of {run_id}", left, names, maybe=names)
    journal.close()
    _compare_stores(workspace, folder, outcome)


def imports(chance: random.Random, folder: Path, outcome: Outcome) -> None:
    """Imports killed six times; each that was done is on record once, with its rows."""
    from litmus_core.store import Workspace

    workspace = Workspace(folder / "workspace").create()
    source = folder / "rows.csv"
    source.write_text("a,b\n" + "".join(f"{row},text {row}\n" for row in range(500)))
    done: list[str] = []
    for turn in range(6):

        def work(say: Say, turn: int = turn) -> None:
            from litmus_core.experiments import Studio

            with Studio.open(workspace.path) as studio:
                for number in range(1000):
                    say(studio.datasets.import_file(source, name=f"{turn} {number}").name)

        victim = Victim(work, folder / "import.log")
        time.sleep(chance.uniform(0.05, 1.5))
        done += victim.kill()
        outcome.kills += 1
    _compare_tables(workspace, done, outcome, n_rows=500)


def _compare_tables(
    workspace: Any, done: list[str], outcome: Outcome, *, n_rows: int, maybe: Any = None
) -> None:
    """Every data set that was acknowledged is there once; every one on record can be read in full."""
    import pyarrow.parquet as pq

    from litmus_core.experiments import Studio

    with Studio.open(workspace.path) as studio:
        found = studio.datasets.list()
        names = [each.name for each in found]
        outcome.compare("data sets", done, names, maybe=names if maybe is None else maybe)
        for each in found:
            rows = pq.read_table(workspace.path / each.path).num_rows
            if rows != n_rows:
                outcome.lost += 1
                outcome.notes.append(f"{each.name}: {rows} rows")


def commands(chance: random.Random, folder: Path, outcome: Outcome) -> None:
    """Commands (import, rm, sql, rebuild) killed six times; what they said was done is done."""
    from litmus_core.store import Workspace

    workspace = Workspace(folder / "workspace").create()
    source = folder / "rows.csv"
    source.write_text("a,b\n" + "".join(f"{row},text {row}\n" for row in range(100)))
    there: list[str] = []
    maybe: set[str] = set()
    for turn in range(6):
        seed = chance.random()

        def work(say: Say, turn: int = turn, seed: float = seed) -> None:
            _do_commands(workspace, source, random.Random(seed), say, turn)

        victim = Victim(work, folder / "command.log")
        time.sleep(chance.uniform(0.05, 2.0))
        for what, name in victim.kill():
            {"imports": maybe.add, "removes": maybe.add}.get(what, lambda _: None)(name)
            if what == "imported":
                there.append(name)
                maybe.discard(name)
            if what == "removed":
                maybe.discard(name)
                if name in there:  # else it was imported by one that was killed before it could say so
                    there.remove(name)
        outcome.kills += 1
    _compare_tables(workspace, there, outcome, n_rows=100, maybe=maybe)
    _compare_stores(workspace, folder, outcome)


def _do_commands(workspace: Any, source: Path, chance: random.Random, say: Say, turn: int) -> None:
    from litmus_core.cli import app
    from litmus_core.store import open_store

    def call(*arguments: str) -> None:
        app([*arguments, "--workspace", str(workspace.path)], standalone_mode=False)

    for number in range(1000):
        name = f"{turn} {number}"
        say(["imports", name])
        call("import", str(source), "--name", name)
        say(["imported", name])
        what = chance.choice(("remove", "sql", "rebuild", "nothing"))
        if what == "remove":
            with open_store(workspace) as store:
                version = chance.choice(store.datasets())
            say(["removes", version.name])
            call("rm", version.dataset_id, "--yes")
            say(["removed", version.name])
        elif what == "sql":
            call("sql", "SELECT count(*) FROM events")
        elif what == "rebuild":
            call("rebuild")


def scorers(chance: random.Random, folder: Path, outcome: Outcome) -> None:
    """Scorings killed five times, each going on where it was; every row is answered once, in its order."""
    import pandas as pd

    from litmus_core.deploy import score_file
    from litmus_core.runtime import load_bundle
    from litmus_core.runtime._files import tables as _files
    from tests import tiny

    tiny.bundle(folder / "bundle")
    _files._MAX_CHUNK_ROWS = 20
    source = folder / "rows.csv"
    source.write_text("size,zip,day,new\n" + "".join(f"{size},x,,\n" for size in range(N_ROWS)))
    ending = chance.choice((".csv", ".parquet", ".sqlite"))
    to = folder / f"out{ending}"

    def work(say: Say) -> None:
        with load_bundle(folder / "bundle") as model:
            score_file(model, source, to)

    for _ in range(5):
        to.unlink(missing_ok=True)
        victim = Victim(work, folder / "scorer.log")
        time.sleep(chance.uniform(0.01, 0.8))
        victim.kill()
        outcome.kills += 1
    if not to.exists():
        Victim(work, folder / "scorer.log").wait()
    if ending == ".sqlite":
        import sqlite3

        with closing(sqlite3.connect(to)) as db:
            sizes = [int(size) for (size,) in db.execute("SELECT size FROM predictions ORDER BY rowid")]
    else:
        table = pd.read_csv(to) if ending == ".csv" else pd.read_parquet(to)
        sizes = table["size"].astype(int).tolist()
    missing, twice = set(range(N_ROWS)) - set(sizes), len(sizes) - len(set(sizes))
    outcome.acknowledged += N_ROWS
    outcome.lost += len(missing) + (sizes != sorted(sizes))
    outcome.doubled += twice
    if missing or twice:
        outcome.notes.append(f"{ending}: {len(missing)} rows lost, {twice} twice")


def keepers(chance: random.Random, folder: Path, outcome: Outcome) -> None:
    """An endpoint's keeper or its server killed three times: it comes back, or is known to be dead."""
    import urllib.request

    from litmus_core.deploy import start_endpoint, stop_endpoint
    from litmus_core.store import Journal, Workspace
    from tests import elsewhere, tiny

    site = folder / "site"
    site.mkdir()
    executor = Path(tiny.__file__).with_name("tiny_executor.py")
    (site / "sitecustomize.py").write_text(elsewhere._SITE.format(tiny=str(executor)), encoding="utf-8")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])
    workspace = Workspace(folder / "workspace").create()
    with closing(Journal(workspace)) as journal:  # whoever makes it owns what is in it
        journal.last_id()
    record = tiny.bundle(folder / "bundle")
    endpoint = start_endpoint(workspace, record, name="shop")

    def answers() -> bool:
        with suppress(OSError), urllib.request.urlopen(f"{endpoint.url}/health", timeout=5) as answer:
            return bool(answer.status == 200)
        return False

    try:
        while outcome.kills < 3:
            time.sleep(chance.uniform(0.0, 1.0))
            mine = [each.pid for each in marked(str(folder))]
            victim = chance.choice([endpoint.pid, *(pid for pid in mine if pid != endpoint.pid)])
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
            outcome.kills += 1
            if victim == endpoint.pid:
                _wait(lambda: not list(marked(str(folder))), 15)
                left = len(list(marked(str(folder))))
                outcome.orphans += left
                outcome.notes += [f"{left} servers outlived their keeper"] if left else []
                endpoint = start_endpoint(workspace, record, name="shop")
            elif not _wait(answers, 60):
                outcome.lost += 1
                outcome.notes.append("the endpoint did not come back after its server was killed")
    finally:
        stop_endpoint(endpoint)


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not (holds := condition()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return holds


# How many rounds of each: kills are 8, 10, 6, 6, 5 and 3 a round.
ROUNDS: dict[str, tuple[Round, int]] = {
    "app": (apps, 34),
    "worker": (workers, 16),
    "import": (imports, 36),
    "command": (commands, 26),
    "scorer": (scorers, 34),
    "keeper": (keepers, 12),
}
TIMEOUT_S = 400.0


def import_all() -> None:
    """Load everything that victims use, once, before any is forked; use nothing of it."""
    for name in ("duckdb", "pandas", "pyarrow.parquet"):
        import_module(name)
    use_own_tests()

    import litmus_core.cli
    import litmus_core.deploy
    import litmus_core.experiments  # noqa: F401
    from tests import elsewhere, tiny  # noqa: F401
    from tests.store import facts, story  # noqa: F401

    known = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(_ROOT / "tests" / "jobs"), known]))
    assert MARK not in os.environ, sys.argv
