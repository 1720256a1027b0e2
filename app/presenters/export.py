"""Export: which model, how to call it, what is in its bundle, what is answering now."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.presenters import words
from app.presenters.scores import named
from litmus_core.diagnostics import Plain
from litmus_core.types import BundleRecord, Candidate, Column, Endpoint, Experiment, Task, Verdict

__all__ = [
    "BundleView",
    "ChoiceView",
    "EndpointView",
    "ExportView",
    "Snippet",
    "TriedView",
    "example_row",
    "present_export",
    "present_tried",
    "snippets",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceView:
    """One model in the picker."""

    id: str
    label: str
    facts: str
    note: str  # a warning worth reading before it is put to work


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A way to call it."""

    title: str
    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleView:
    """One exported bundle."""

    id: str
    candidate_id: str
    name: str
    path: str
    file_name: str
    size: str
    made: str
    fingerprint: str
    is_there: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointView:
    """One bundle being served on this machine."""

    id: str
    bundle_id: str
    name: str
    url: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportView:
    """All that the page shows."""

    name: str
    target: str
    choices: tuple[ChoiceView, ...]
    picked: ChoiceView
    bundle: BundleView | None  # the newest of the picked model that is still there
    endpoint: EndpointView | None  # of the picked model
    snippets: tuple[Snippet, ...]  # () without an endpoint
    contents: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    bundles: tuple[BundleView, ...]
    endpoints: tuple[EndpointView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedView:
    """What an endpoint answered, and how long it took over HTTP."""

    answer: str
    sure: str
    probabilities: tuple[tuple[str, float], ...]
    took: str
    raw: str


def present_export(
    experiment: Experiment,
    candidates: Sequence[Candidate],
    columns: Sequence[Column],
    *,
    picked_id: str | None,
    verdict: Verdict | None,
    bundles: Sequence[BundleRecord],
    endpoints: Sequence[Endpoint],
    every_bundle: Mapping[str, BundleRecord],
) -> ExportView:
    """Phrase the page; ``candidates`` is not empty, its first is picked unless ``picked_id`` is one of them.

    ``bundles`` are the experiment's, ``every_bundle`` all of the workspace by id: endpoints of other
    experiments are listed too.
    """
    choices = tuple(_choice(each, experiment.task, verdict) for each in candidates)
    picked = next((each for each in choices if each.id == picked_id), choices[0])
    names = {each.id: each.name for each in candidates}
    shown = tuple(_bundle(each, names) for each in bundles)
    served = tuple(_endpoint(each, every_bundle, names) for each in endpoints)
    own = {each.id for each in shown if each.candidate_id == picked.id}
    endpoint = next((each for each in served if each.bundle_id in own), None)
    return ExportView(
        name=experiment.name,
        target=experiment.task.target,
        choices=choices,
        picked=picked,
        bundle=next((each for each in shown if each.id in own and each.is_there), None),
        endpoint=endpoint,
        snippets=() if endpoint is None else snippets(endpoint.url, example_row(columns)),
        contents=_contents(experiment.task),
        notes=_NOTES,
        bundles=shown,
        endpoints=served,
    )


def _choice(candidate: Candidate, task: Task, verdict: Verdict | None) -> ChoiceView:
    facts = []
    if candidate.validation is not None:
        facts.append(f"{named(candidate.validation)} on validation rows")
    if candidate.test is not None:
        facts.append(f"{named(candidate.test)} on test rows")
    figure = candidate.latency_at(task.budget.batch_rows)
    if figure is not None:
        batch = words.counted(task.budget.batch_rows, "row")
        facts.append(f"answers {batch} in {words.latency(figure.p95_ms)} (p95)")
    if candidate.size_bytes is not None:
        facts.append(words.size(candidate.size_bytes))
    if candidate.form is not None:
        facts.append("compiled" if candidate.form == "compiled" else "with the libraries it was trained with")
    sentence = ", ".join(facts)
    return ChoiceView(
        id=candidate.id,
        label=f"{candidate.name} (chosen)" if candidate.chosen else candidate.name,
        facts=sentence[:1].upper() + sentence[1:],
        note=_warning(candidate, verdict),
    )


def _warning(candidate: Candidate, verdict: Verdict | None) -> str:
    if not candidate.chosen:
        return (
            "Litmus chose another model by validation inside the budget. This one has no verdict: "
            "its score on the test rows was never part of a judgement."
        )
    if verdict is None:
        return "The run ended without a verdict, so nobody knows how good this is on unseen rows."
    if verdict.outcome in ("misses", "misses narrowly"):
        return words.unbroken(f"It does not reach the bar. {verdict.sentence}")
    if verdict.outcome == "undecided":
        return words.unbroken(f"Whether it reaches the bar is not certain. {verdict.sentence}")
    if verdict.too_slow or verdict.too_big:
        return "It is outside the budget that was set."
    return ""


def _bundle(bundle: BundleRecord, names: Mapping[str, str]) -> BundleView:
    path = Path(bundle.path)
    return BundleView(
        id=bundle.id,
        candidate_id=bundle.candidate_id,
        name=_model_name(bundle, names),
        path=bundle.path,
        file_name=path.name,
        size=words.size(bundle.n_bytes),
        made=words.ago(bundle.created_at),
        fingerprint=bundle.sha256[:12],
        is_there=path.exists(),
    )


def _model_name(bundle: BundleRecord | None, names: Mapping[str, str]) -> str:
    if bundle is None:
        return "a bundle that was deleted"
    return names.get(bundle.candidate_id, bundle.candidate_id.removeprefix(f"{bundle.run_id}-"))


def _endpoint(
    endpoint: Endpoint, every_bundle: Mapping[str, BundleRecord], names: Mapping[str, str]
) -> EndpointView:
    return EndpointView(
        id=endpoint.id,
        bundle_id=endpoint.bundle_id,
        name=_model_name(every_bundle.get(endpoint.bundle_id), names),
        url=endpoint.url.rstrip("/"),
        since=words.ago(endpoint.started_at),
    )


def example_row(columns: Sequence[Column]) -> dict[str, Plain]:
    """Return a row made of the first example of each column; None where there is none.

    >>> age = Column(name="age", original_name="age", kind="number", storage="BIGINT", examples=("41", "7"))
    >>> example_row([age])
    {'age': 41}
    """
    return {column.name: _example(column) for column in columns}


def _example(column: Column) -> Plain:
    text = next(iter(column.examples), None)
    if text is None:
        return None
    if column.kind == "boolean":
        return text.lower() in ("true", "1", "yes")
    if column.kind == "number":
        return _number(text)
    return text


def _number(text: str) -> Plain:
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if value.is_integer() and "." not in text and "e" not in text.lower() else value


def snippets(url: str, row: Mapping[str, Any]) -> tuple[Snippet, ...]:
    """Return ways to call an endpoint, with a real row; each works when pasted."""
    body = {"rows": [dict(row)]}
    compact = json.dumps(body, ensure_ascii=False)
    curl = f"curl -s {url}/predict \\\n  -H 'Content-Type: application/json' \\\n  -d {shlex.quote(compact)}"
    python = (
        "import json\n"
        "from urllib.request import Request, urlopen\n\n"
        f"body = {_python_literal(body)}\n"
        "request = Request(\n"
        f'    "{url}/predict",\n'
        "    data=json.dumps(body).encode(),\n"
        '    headers={"Content-Type": "application/json"},\n'
        ")\n"
        'print(json.load(urlopen(request))["predictions"])\n'
    )
    return (
        Snippet(title="Shell", language="bash", text=curl),
        Snippet(title="Python", language="python", text=python),
    )


def _python_literal(body: Mapping[str, Any]) -> str:
    rows = ",\n        ".join(
        f"{json.dumps(name, ensure_ascii=False)}: {value!r}" for name, value in body["rows"][0].items()
    )
    return '{\n    "rows": [{\n        ' + rows + "\n    }]\n}"


def present_tried(answer: Mapping[str, Any], *, milliseconds: float) -> TriedView:
    """Phrase what ``POST /predict`` answered for one row."""
    raw = json.dumps(answer, indent=2, ensure_ascii=False)
    took = f"Answered over HTTP in {words.latency(milliseconds)}."
    first = answer["predictions"][0]
    if "value" in first:
        return TriedView(answer=f"{first['value']:,.4g}", sure="", probabilities=(), took=took, raw=raw)
    ranked = sorted(first["probabilities"].items(), key=lambda pair: -pair[1])
    label = first["label"]
    text = str(label).lower() if isinstance(label, bool) else str(label)
    sure = first["probabilities"].get(text)
    return TriedView(
        answer=text,
        sure="" if sure is None else words.share(sure, decimals=1),
        probabilities=tuple(ranked[:5]),
        took=took,
        raw=raw,
    )


def _contents(task: Task) -> tuple[tuple[str, str], ...]:
    return (
        ("The trained model", "as it was written by the training, ready to answer"),
        (
            "The preparation of rows",
            f"the steps of the training, for {words.counted(len(task.features), 'column')}, as readable JSON",
        ),
        ("A description", "columns and what each may hold, scores, verdict, versions (manifest.json)"),
        (
            "Real rows with their answers",
            "up to 50 validation rows, so that any machine can check that it answers the same (golden.json)",
        ),
        (
            "A fingerprint of every file",
            "SHA-256: a damaged or altered bundle is refused before it is opened",
        ),
        ("Instructions", "README.md and requirements.txt"),
    )


_NOTES = (
    "It needs the same Python version and the same AutoGluon version as this computer: the weights are "
    "kept in AutoGluon's own form. requirements.txt names them.",
    "Opening it runs code (Python pickles). Give it to people who trust you, and open only those you trust.",
    "It holds real rows of your data: treat it as you treat the data.",
)
