"""Export: the picker of models, ways to call them, a bundle's contents, and running endpoints."""

from __future__ import annotations

import json
import shlex
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.presenters import humanize
from app.presenters.certainty import present_certainty
from app.presenters.markdown import literal
from app.presenters.results.candidates import form_sentence
from app.presenters.results.scores import named
from app.presenters.results.verdict import budget_flags, chance_text
from app.presenters.shipping.bundle_forms import FormView, present_forms
from app.presenters.shipping.endpoints import EndpointView, free_name
from app.presenters.shipping.final_model import FinalModelView, present_final_model
from litmus_core.diagnostics import Plain
from litmus_core.runtime import label_text
from litmus_core.text import format_bytes, format_count, format_milliseconds, unbroken
from litmus_core.types import BundleRecord, Candidate, Column, Experiment, Task, Verdict
from litmus_core.verdicts import as_judged, caution_sentence, unit_of

__all__ = [
    "BundleView",
    "ChoiceView",
    "DeployView",
    "ExportView",
    "Snippet",
    "TriedBundleView",
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
    note: str  # a warning before it is deployed


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A way to call an endpoint."""

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
    exported: str
    fingerprint: str
    is_there: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployView:
    """Initial values of the deployment form. ``starting`` says what is done meanwhile."""

    name: str
    behind: Mapping[str, str]  # the model currently behind each name in use
    has_certificate: bool = True
    starting: str = "Trying it as production would run it, then waiting for the first answer…"

    def note(self, name: str) -> str:
        """Return what happens to the endpoint ``name`` on deployment; "" if the name is free."""
        if name not in self.behind:
            return ""
        goes_on = f"**{name}** goes on answering with {literal(self.behind[name])}."
        if self.has_certificate:
            return (
                f"{goes_on} This model becomes a version that waits: promote it once it has passed its full "
                "certificate."
            )
        return f"{goes_on} This one becomes a version that waits until you promote it."


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportView:
    """The data of the page."""

    name: str
    target: str
    choices: tuple[ChoiceView, ...]
    picked: ChoiceView
    bundle: BundleView | None  # what is deployed of the selected model
    form: str  # the production form and why; "" if not recorded
    final: FinalModelView
    endpoint: EndpointView | None  # the newest existing one of the selected model
    deploy: DeployView | None  # None: the selected model is already served
    snippets: tuple[Snippet, ...]  # () without an endpoint
    contents: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    bundles: tuple[BundleView, ...]
    forms: tuple[FormView, ...]  # other formats of the selected model's bundle
    others: tuple[EndpointView, ...]  # other running endpoints


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedBundleView:
    """An endpoint's answer, and its time over HTTP."""

    answer: str
    sure: str
    probabilities: tuple[tuple[str, float], ...]
    duration: str
    raw: str
    certainty: str = ""


def present_export(
    experiment: Experiment,
    candidates: Sequence[Candidate],
    columns: Sequence[Column],
    *,
    picked_id: str,
    verdict: Verdict | None,
    stored: BundleRecord | None,
    bundles: Sequence[BundleRecord],
    endpoints: Sequence[EndpointView],
    retrains: str | None = None,
) -> ExportView:
    """Present the page.

    ``picked_id`` is one of the ``candidates``, and ``stored`` its bundle that is deployed. ``bundles`` are
    the experiment's; ``endpoints`` are all in the workspace, stopped ones included. ``retrains`` is the name
    of the endpoint whose model the experiment retrains.
    """
    choices = tuple(_choice(other, experiment.task, verdict) for other in candidates)
    picked = next(choice for choice in choices if choice.id == picked_id)
    names = {other.id: other.name for other in candidates}
    shown = tuple(_bundle(record, names) for record in bundles)
    candidate = next(other for other in candidates if other.id == picked.id)
    is_this = {record.id for record in bundles if record.is_final == candidate.is_final_used}
    bundle_ids = {bundle.id for bundle in shown if bundle.candidate_id == picked.id and bundle.id in is_this}
    bundle = None if stored is None else _bundle(stored, names)
    endpoint = _endpoint_of(endpoints, bundle_ids, experiment.id)
    is_behind = endpoint is not None and endpoint.is_alive and bool(bundle_ids & endpoint.bundle_ids)
    return ExportView(
        name=experiment.name,
        target=experiment.task.target,
        choices=choices,
        picked=picked,
        bundle=bundle,
        form=form_sentence(candidate.deployed),
        final=present_final_model(candidate),
        endpoint=endpoint,
        deploy=None if is_behind else _deploy(experiment, endpoints, retrains=retrains),
        snippets=()
        if endpoint is None or not endpoint.is_alive
        else snippets(endpoint.url, example_row(columns), needs_key=endpoint.needs_key),
        contents=_contents(experiment.task, candidate.deployed),
        notes=_COMPILED_NOTES if candidate.deployed.form == "compiled" else _NOTES,
        bundles=shown,
        forms=() if bundle is None else present_forms(bundle.path, candidate),
        others=tuple(view for view in endpoints if view.is_alive and view is not endpoint),
    )


def _endpoint_of(
    endpoints: Sequence[EndpointView], bundle_ids: Collection[str], experiment_id: str
) -> EndpointView | None:
    """Return the endpoint with one of the bundles, live before waiting, otherwise the experiment's."""
    ranked = [
        *(endpoint for endpoint in endpoints if endpoint.bundle_id in bundle_ids),
        *(endpoint for endpoint in endpoints if not endpoint.bundle_ids.isdisjoint(bundle_ids)),
        *(endpoint for endpoint in endpoints if endpoint.source_id == experiment_id),
    ]
    return next((candidate for candidate in ranked if candidate.is_alive), next(iter(ranked), None))


def _deploy(experiment: Experiment, endpoints: Sequence[EndpointView], *, retrains: str | None) -> DeployView:
    named = [endpoint for endpoint in endpoints if endpoint.name]
    matching = [
        endpoint for endpoint in named if endpoint.source_id == experiment.id or endpoint.name == retrains
    ]
    matching.sort(key=lambda endpoint: not endpoint.is_alive)
    return DeployView(
        name=free_name(
            experiment.name,
            {endpoint.name for endpoint in named},
            preferred=[endpoint.name for endpoint in matching],
        ),
        behind={endpoint.name: endpoint.model for endpoint in named if endpoint.is_alive},
    )


def _choice(candidate: Candidate, task: Task, verdict: Verdict | None) -> ChoiceView:
    facts = []
    for score, data in ((as_judged(candidate, verdict).test, "test"), (candidate.validation, "validation")):
        if score is not None:
            unit = "" if verdict is None else unit_of(verdict)
            facts.append(f"{data} data: {named(score, unit)}")
    deployed = candidate.deployed
    figure = deployed.latency_at(task.budget.batch_rows)
    if figure is not None:
        batch = format_count(task.budget.batch_rows, "row")
        facts.append(f"answers {batch} in {format_milliseconds(figure.p95_ms)} ({figure.p95_calls})")
    if deployed.size_bytes is not None:
        facts.append(format_bytes(deployed.size_bytes))
    sentence = " · ".join(facts)
    return ChoiceView(
        id=candidate.id,
        label=f"{candidate.name} (chosen)" if candidate.chosen else candidate.name,
        facts=sentence[:1].upper() + sentence[1:],
        note=_warning(candidate, verdict),
    )


def _warning(candidate: Candidate, verdict: Verdict | None) -> str:
    if not candidate.chosen:
        return "Litmus chose another model by its validation score and the budget. This one has no verdict."
    if verdict is None:
        return "The run ended without a verdict, so nobody knows how good this is on data it has never seen."
    warnings = [caution_sentence(caution, verdict) for caution in verdict.obstacles]
    if verdict.outcome not in ("meets", "no bar"):
        chance = chance_text(verdict)
        warnings.insert(0, f"{humanize.verdict_state(verdict).word}{f': {chance}' if chance else ''}.")
    warnings += [f"{flag}." for flag in budget_flags(verdict)]
    return unbroken(" ".join(warnings))


def _bundle(bundle: BundleRecord, names: Mapping[str, str]) -> BundleView:
    path = Path(bundle.path)
    return BundleView(
        id=bundle.id,
        candidate_id=bundle.candidate_id,
        name=names.get(bundle.candidate_id, bundle.candidate_id.removeprefix(f"{bundle.run_id}-")),
        path=bundle.path,
        file_name=path.name,
        size=format_bytes(bundle.n_bytes),
        exported=humanize.ago(bundle.created_at),
        fingerprint=bundle.sha256[:12],
        is_there=path.exists(),
    )


def example_row(columns: Sequence[Column]) -> dict[str, Plain]:
    """Return a row made of the first example of each column; None if there is none.

    >>> age = Column(name="age", original_name="age", kind="number", storage="BIGINT", examples=("41", "7"))
    >>> example_row([age])
    {'age': 41}
    """
    return {column.name: _example(column) for column in columns}


def _example(column: Column) -> Plain:
    text = next(iter(column.examples), None)
    if text is None:
        return None
    if column.traits.is_truth:
        return text.lower() in ("true", "1", "yes")
    if column.traits.is_quantity:
        return _number(text)
    return text


def _number(text: str) -> Plain:
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if value.is_integer() and "." not in text and "e" not in text.lower() else value


def snippets(url: str, row: Mapping[str, Any], *, needs_key: bool = False) -> tuple[Snippet, ...]:
    """Return ways to call an endpoint, with a real row; each works when pasted.

    If it needs a key, they read it from the environment variable LITMUS_KEY.
    """
    body = {"rows": [dict(row)]}
    return calls(f"{url}/predict", body, _python_literal(body), reply="predictions", needs_key=needs_key)


def calls(
    address: str, body: Mapping[str, Any], literal_body: str, *, reply: str, needs_key: bool
) -> tuple[Snippet, ...]:
    """Return ways to post ``body``, which ``literal_body`` is in Python, and to print the list ``reply``."""
    compact = json.dumps(body, ensure_ascii=False)
    key = '  -H "X-API-Key: $LITMUS_KEY" \\\n' if needs_key else ""
    curl = f"curl -s {address} \\\n  -H 'Content-Type: application/json' \\\n{key}  -d {shlex.quote(compact)}"
    header = ', "X-API-Key": os.environ["LITMUS_KEY"]' if needs_key else ""
    python = (
        f"import json\n{'import os' + chr(10) if needs_key else ''}"
        "from urllib.request import Request, urlopen\n\n"
        f"body = {literal_body}\n"
        "request = Request(\n"
        f'    "{address}",\n'
        "    data=json.dumps(body).encode(),\n"
        f'    headers={{"Content-Type": "application/json"{header}}},\n'
        ")\n"
        f'print(json.load(urlopen(request))["{reply}"])\n'
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


def present_tried(answer: Mapping[str, Any], *, milliseconds: float) -> TriedBundleView:
    """Present the answer of ``POST /predict`` for one row."""
    raw = json.dumps(answer, indent=2, ensure_ascii=False)
    duration = f"Answered over HTTP in {format_milliseconds(milliseconds)}."
    first = answer["predictions"][0]
    certainty = present_certainty(
        answer.get("level"),
        low=first.get("low"),
        high=first.get("high"),
        labels=[label_text(label) for label in first.get("set", ())],
    )
    if "value" in first:
        return TriedBundleView(
            answer=f"{first['value']:,.4g}",
            sure="",
            probabilities=(),
            duration=duration,
            raw=raw,
            certainty=certainty,
        )
    ranked = sorted(first["probabilities"].items(), key=lambda pair: -pair[1])
    label = first["label"]
    text = str(label).lower() if isinstance(label, bool) else str(label)
    sure = first["probabilities"].get(text)
    return TriedBundleView(
        answer=text,
        sure="" if sure is None else humanize.share(sure, decimals=1),
        probabilities=tuple(ranked[:5]),
        duration=duration,
        raw=raw,
        certainty=certainty,
    )


def _contents(task: Task, candidate: Candidate) -> tuple[tuple[str, str], ...]:
    return (
        ("The model", "compiled, ready to answer")
        if candidate.form == "compiled"
        else ("The trained model", "as it was written by the training, ready to answer"),
        (
            "The preparation of rows",
            f"the steps of the training, for {format_count(len(task.features), 'column')}, as JSON",
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
        ("What it runs on", "requirements.txt, and Litmus's own base package as a wheel"),
        ("Instructions", "README.md, a model card, and what builds a container"),
    )


_NOTES = (
    "It needs the same Python version and the same AutoGluon version as this computer: the weights are "
    "kept in AutoGluon's own form. requirements.txt names them.",
    "Opening it runs code (Python pickles). Give it to people who trust you, and open only those you trust.",
    "It holds real rows of your data: treat it as you treat the data.",
)
_COMPILED_NOTES = (
    "It needs Python and the few packages that requirements.txt names: neither AutoGluon nor pandas.",
    _NOTES[-1],
)
