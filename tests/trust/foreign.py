"""A workspace that somebody sent, with a payload in every place where code can lie.

Each makes a file of its own in the folder ``canaries`` when it runs, so that the name says which one did.
"""

from __future__ import annotations

import json
import pickle
import shutil
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from litmus_core import Studio
from litmus_core.jobs import sign_queued
from litmus_core.plugins import PlugInState
from litmus_core.runtime import read_manifest
from litmus_core.runtime._seal.hashes import seal_folder
from litmus_core.store import new_id
from litmus_core.trust import sign_files
from litmus_core.types import (
    Answer,
    CustomModel,
    EndpointVersion,
    HandoffAnswered,
    HandoffOpened,
    PluginRef,
    RunQueued,
    ScoringJob,
    to_plain,
)
from tests.trained import Trained, table

_STEP = {"module": "os", "name": "system", "parameters": {}}


@dataclass(frozen=True)
class Foreign:
    """The workspace, the folder where canaries appear, and what is named to commands."""

    path: Path
    canaries: Path
    experiment: str
    run: str
    candidate: str
    dataset: str
    bundle: Path
    rows: Path
    recipe: Path

    def fired(self) -> list[str]:
        """Return the payloads that ran."""
        return sorted(path.name for path in self.canaries.iterdir())


class _Payload:
    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.canary,)


class Nest:
    """Writes payloads, each with a canary of its own."""

    def __init__(self, canaries: Path) -> None:
        self.canaries = canaries

    def pickled(self, name: str) -> bytes:
        return pickle.dumps(_Payload(self.canaries / name))

    def source(self, name: str) -> str:
        return f"open({str(self.canaries / name)!r}, 'a').close()\n"

    def shell(self, name: str) -> str:
        return f"touch {self.canaries / name}"


def make(trained: Trained, folder: Path, *, caches: bool) -> Foreign:
    """Copy a workspace, and put payloads into it, as its owner could: signed with the key that is set now.

    ``caches``: also in place of what is JSON, arrays and states, which is damaged then.
    """
    home = Path(shutil.copytree(trained.workspace, folder / "sent"))
    (folder / "canaries").mkdir()
    nest = Nest(folder / "canaries")
    run = home / "runs" / trained.run.id
    with Studio.open(home) as studio:
        candidate = studio.candidates.chosen(trained.run.id).id
        dataset = studio.datasets.list()[0]
        _name(studio, nest, trained)
        bundle = _bundle(studio, nest, candidate, home)
        _queue(studio, nest, trained)
    rows = home / "rows.csv"
    table().to_csv(rows, index=False)
    _pickles(nest, run)
    _source(nest, run, home)
    _environment(nest, home)
    if caches:
        _states(nest, run)
        _caches(nest, run, home)
    _jobs(nest, home, bundle, rows)
    recipe = _texts(nest, home)
    sign_files(run)  # by whoever sent it
    for gone in ("experiments.duckdb", "snapshot.duckdb"):  # not all is copied
        (home / gone).unlink(missing_ok=True)
    return Foreign(
        path=home,
        canaries=nest.canaries,
        experiment=trained.experiment.id,
        run=trained.run.id,
        candidate=candidate,
        dataset=dataset.id,
        bundle=bundle,
        rows=rows,
        recipe=recipe,
    )


def _name(studio: Studio, nest: Nest, trained: Trained) -> None:
    said = f"$({nest.shell('dollar')}) `{nest.shell('backtick')}`; {nest.shell('semicolon')}"
    studio.experiments.rename(
        trained.experiment.id, f"{said} __import__('os').system('{nest.shell('eval')}')"
    )
    studio.datasets.rename(
        studio.datasets.list()[0].dataset_id, f'"; {nest.shell("quote")} #{{7*7}} {{{{7*7}}}}'
    )


def _bundle(studio: Studio, nest: Nest, candidate: str, home: Path) -> Path:
    """Export natively, and seal it again with payloads; zip it, with entries whose names lead outside."""
    studio.bundles.export(candidate, to=home / "bundles" / "plain", form="native", zipped=False)
    folder = home / "bundles" / "evil"
    shutil.copytree(home / "bundles" / "plain", folder)
    for path in (folder / "model").rglob("*.pkl"):
        path.write_bytes(nest.pickled(f"bundle-{path.parent.name}-{path.stem}"))
    seal_folder(folder, read_manifest(folder))
    zipped = home / "bundles" / "evil.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.write(path, path.relative_to(folder).as_posix())
        for name in ("../../sitecustomize.py", "/tmp/evil.py", "modules/evil.py"):
            archive.writestr(name, nest.source("entry-name"))
    return folder


def _queue(studio: Studio, nest: Nest, trained: Trained) -> None:
    """Put runs into the queue, and answers to questions, whose plans name what is installed everywhere."""
    command = {"command": nest.shell("queue-model")}
    model = CustomModel(reference="os:system", module="os", name="system", parameters=command)
    part = PluginRef(
        point="preprocess", reference="os:system", module="os", name="system", parameters=command
    )
    for number, plan in enumerate(
        (
            replace(trained.run.plan, models=(model,)),
            replace(trained.run.plan, preprocess=(part,)),
            replace(trained.run.plan, hooks=(replace(part, point="hook"),)),
        ),
        start=2,
    ):
        fact = RunQueued(run_id=new_id("run"), number=number, experiment=trained.experiment, plan=plan)
        folder = studio.workspace.run_dir(fact.run_id)
        (folder / "modules").mkdir(parents=True)
        (folder / "modules" / "numpy.py").write_text(nest.source("queue-module"))
        sign_queued(studio.workspace, fact)
        sign_files(folder)
        studio.context.record(fact)
    for name, answer in (
        ("ho_0", Answer(words="so", plugin="evil", plan=replace(trained.run.plan, models=(model,)))),
        ("ho_1", Answer(words="so", recipe="evil", version=1)),
    ):
        asked = HandoffOpened(handoff_id=name, experiment_id=trained.experiment.id, question="why?")
        studio.context.record(asked, HandoffAnswered(handoff_id=name, answer=answer))


def _pickles(nest: Nest, run: Path) -> None:
    for path in [*run.rglob("*.pkl"), run / "unknown.pkl", run / "predictor" / "kept.pkl"]:
        name = "-".join(path.relative_to(run).with_suffix("").parts)
        path.write_bytes(nest.pickled(f"run-{name}"))


def _states(nest: Nest, run: Path) -> None:
    """Have what is read as JSON name code: steps before and after the model, the scale, the metric."""
    for place in (run / "preprocess", run / "scale" / "postprocess", *(run / "post").glob("*")):
        place.mkdir(parents=True, exist_ok=True)
        (place / "step.pkl").write_bytes(nest.pickled(f"step-{place.name}"))
    pipeline = json.loads((run / "pipeline.json").read_text())
    code = {**_STEP, "file": "step.pkl", "columns": []}
    (run / "pipeline.json").write_text(json.dumps({**pipeline, "codes": [code], "code": [code]}))
    part = {"point": "task_type", "reference": "os:system", **_STEP}
    step = {
        "kind": "os:system",
        "module": "os",
        "name": "system",
        "file": "postprocess/step.pkl",
        "decodes": True,
    }
    (run / "scale" / "scale.json").write_text(json.dumps({"part": part, "post": [step]}))
    (run / "metrics.json").write_text(
        json.dumps([{"name": "evil", "point": "metric", "reference": "os:system"}])
    )


def _source(nest: Nest, run: Path, home: Path) -> None:
    """Put modules where a run and the workspace keep source, trusted by whoever sent it."""
    (run / "modules").mkdir(exist_ok=True)
    for name in ("sitecustomize", "json", "numpy", "evil"):
        (run / "modules" / f"{name}.py").write_text(nest.source(f"module-{name}"))
        (home / f"{name}.py").write_text(nest.source(f"home-{name}"))
        (run / f"{name}.py").write_text(nest.source(f"beside-{name}"))
    plugin = home / "plugins" / "evil.py"
    plugin.parent.mkdir(exist_ok=True)
    plugin.write_text(
        nest.source("plugin")
        + "from litmus_core.plugins import metric\n\n\n@metric\ndef evil(y, p):\n    return 1.0\n"
    )
    PlugInState(home).trust(plugin)


def _caches(nest: Nest, run: Path, home: Path) -> None:
    """Write pickles where JSON and arrays are expected."""
    for name in ("rows.npz", "validated.npz"):
        np.savez(run / name, fold=np.array([_Payload(nest.canaries / name)], dtype=object))
    for path in (
        home / "leading.json",
        run / "actions.json",
        run / "grown.json",
        run / "diagnostics.json",
        *home.glob("datasets/*/*.json"),
        *(
            home / "forecasts" / "fc_0" / name
            for name in ("request.json", "report.json", "model/forecast.json")
        ),
        *(home / "targets" / "mt_0" / name for name in ("request.json", "report.json", "model/targets.json")),
        home / "checks" / "evil.json",
        home / "datasets" / "checks" / "evil.json",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(nest.pickled(f"cache-{path.name}"))
    for folder in (run / "compiled").glob("*"):
        if folder.is_dir():
            np.savez(folder / "arrays.npz", a=np.array([_Payload(nest.canaries / "compiled")], dtype=object))


def _environment(nest: Nest, home: Path) -> None:
    """Put a Python where a bundle's environment would have one."""
    python = home / "environments" / "env_0123456789abcdef01234567" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\n{nest.shell('environment')}\n")
    python.chmod(0o755)
    (python.parents[1] / "litmus-environment.json").write_text('{"n_bytes": 1}')


def _jobs(nest: Nest, home: Path, bundle: Path, rows: Path) -> None:
    """Have a scoring wait, and an endpoint that was answering when the machine went down."""
    job = ScoringJob(
        id="sc_0123456789",
        bundle_id="bd_0",
        bundle=str(bundle),
        source=str(rows),
        to=str(home / "scored.csv"),
        created_at="2026-01-01T00:00:00+00:00",
        status="waiting",
    )
    folder = home / "scorings" / job.id
    folder.mkdir(parents=True)
    (folder / "scoring.json").write_text(json.dumps(to_plain(job)))
    version = EndpointVersion(
        number=1, bundle_id="bd_0", path=str(bundle), sha256="0" * 64, added_at=job.created_at
    )
    place = home / "endpoints" / "shop"
    place.mkdir(parents=True)
    state = {"id": "ep_0", "name": "shop", "versions": [to_plain(version)], "live": 1, "state": "answering"}
    (place / "state.json").write_text(json.dumps(state))
    (place / "sitecustomize.py").write_text(nest.source("endpoint"))


def _texts(nest: Nest, home: Path) -> Path:
    """Write recipes and a hand-off that name commands, and a folder as MLflow has it."""
    evil = (
        "format: 1\nname: evil\nversion: 1\ntitle: Evil\ndescription: Evil\nproblems: [binary]\npipelines:\n"
        "  plain:\n    words: Evil\n    algorithms:\n"
        f"      - 'os:system': {{command: '{nest.shell('recipe')}'}}\n"
        f"      - '{home}/plugins/evil.py:evil'\n"
        f"    pre: ['os:system(command=\"{nest.shell('recipe-step')}\")']\n"
        "steps:\n  - try: plain\n    words: Evil\n    minutes: 0.1\n"
    )
    tagged = evil + f"  - !!python/object/apply:os.system ['{nest.shell('yaml')}']\n"
    (home / "recipes" / "tagged").mkdir(parents=True)
    (home / "recipes" / "tagged" / "v1.yaml").write_text(tagged.replace("name: evil", "name: tagged"))
    for name in ("recipes/evil/v1.yaml", "handoffs/ho_0/recipe.yaml", "handoffs/ho_0/handoff.json"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(evil)
    _mlflow(nest, home / "bundles" / "mlflow")
    return home / "recipes" / "evil" / "v1.yaml"


def _mlflow(nest: Nest, folder: Path) -> None:
    folder.mkdir()
    (folder / "MLmodel").write_text("flavors:\n  python_function:\n    loader_module: evil\n")
    (folder / "evil.py").write_text(nest.source("mlflow"))
    (folder / "model.pkl").write_bytes(nest.pickled("mlflow"))


def commands(sent: Foreign, out: Path) -> dict[str, Iterable[list[str]]]:
    """Return how each command is used on it."""
    file, rows, bundle, zipped = map(str, (out / "out", sent.rows, sent.bundle, f"{sent.bundle}.zip"))
    recipe = str(sent.recipe)
    return {
        "import": [[rows]],
        "sql": [["select * from runs"]],
        "rebuild": [[]],
        "doctor": [[], ["--fix"]],
        "backup": [[f"{file}.litmus"]],
        "restore": [[f"{file}.litmus", "--workspace", f"{file}-restored"]],
        "rm": [[]],
        "append": [[sent.dataset, rows]],
        "refresh": [[sent.dataset]],
        "correct": [[sent.dataset, rows, "--key", "size", "--column", "sold"]],
        "diff": [[sent.dataset, sent.dataset]],
        "check": [[rows, "--target", "sold"], [sent.dataset]],
        "report": [[sent.dataset, "--to", f"{file}.html"], [sent.experiment, "--to", f"{file}2.html"]],
        "train": [
            [rows, "--target", "sold", "--time-limit", "5"],
            [rows, "--target", "sold", "--metric", "evil"],
            [rows, "--target", "sold", "--pre", "evil"],
        ],
        "leaderboard": [[], [sent.experiment], [sent.run]],
        "gate": [[sent.experiment], [sent.run, "--junit", f"{file}.xml"]],
        "intervals": [[sent.run], [sent.candidate, "--by", "size"]],
        "assertions": [[sent.run], [sent.candidate, "--set", "unchanged by size"], [sent.experiment]],
        "improve": [[sent.run], [sent.run, "--start", "longer"], [sent.run, "--rows", rows]],
        "bar": [[sent.run], [sent.run, "0.6"]],
        "use-anyway": [[sent.run, "--because", "we know it"], [sent.run, "--withdraw"]],
        "postprocess": [[sent.candidate, "threshold(at=0.3)"]],
        "runs": [
            ["repeat", sent.run],
            ["stop", sent.run],
            ["stop", sent.run, "--hard"],
            ["finish", sent.run],
            ["code", sent.run],
            ["code", sent.run, "--notebook", f"{file}.ipynb"],
        ],
        "continue": [[sent.candidate]],
        "compress": [[sent.run]],
        "recipes": [
            ["list"],
            ["show", "evil"],
            ["check", recipe],
            ["check", recipe, "--tests"],
            ["check", recipe, "--save"],
            ["next", sent.experiment],
            ["apply", sent.experiment],
            ["apply", sent.experiment, "--recipe", "evil"],
        ],
        "handoffs": [
            ["list"],
            ["show", "ho_0"],
            *(["start", "ho_0"], ["start", "ho_1"], ["close", "ho_1"], ["name", "Eve"]),
            ["ask", sent.experiment, "why?"],
            ["answer", "ho_0", "so", "--recipe", "evil"],
            ["answer", "ho_0", "so", "--plugin", "evil"],
        ],
        "predict": [[bundle, rows, "--to", f"{file}.csv"], [zipped, rows, "--to", f"{file}.csv"]],
        "export": [
            [sent.candidate, "--form", form, "--as", kind, "--to", f"{file}-{form}-{kind}{end}"]
            for form, kind, end in (
                ("native", "bundle", ""),
                ("compiled", "bundle", ".zip"),
                ("auto", "docker", ""),
                ("auto", "mlflow", ""),
                ("auto", "onnx", ".onnx"),
            )
        ],
        "serve": [[bundle], [zipped], ["mt_0"]],
        "certify": [[bundle], [bundle, "--short"]],
        "explain": [[sent.candidate, rows]],
        "probe": [[bundle]],
        "deploy": [[sent.candidate], [sent.run, "--wait"]],
        "trust": [[], [sent.run]],
        "endpoints": [[], ["outcomes", "shop", rows], ["outcomes", "shop"]]
        + [[verb, "shop"] for verb in ("start", "promote", "rollback", "history", "verdict", "log", "stop")],
        "forecast": [[rows, "--time", "day", "--value", "price", "--horizon", "2"]],
        "forecasts": [["list"], ["show", "fc_0"], ["answer", "fc_0"], ["export", f"{file}-forecast"]],
        "targets": [
            *(["train", rows, "--target", "sold", "--target", "size"], ["list"], ["show", "mt_0"]),
            *(["answer", "mt_0", rows], ["export", f"{file}-targets"], ["stop", "mt_0"]),
        ],
        "mlflow": [[sent.run]],
        "mcp": [[]],
        "plugins": [["list"], ["list", "--all"], ["check", "evil"], ["enable", "evil"], ["disable", "evil"]],
        "cluster": [[]],
    }
