"""Further formats of a bundle, and their paths."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from litmus_core.text import format_bytes
from litmus_core.types import Candidate

__all__ = ["OTHER_FORMS", "FormView", "form_path", "present_forms"]

OTHER_FORMS = {
    "mlflow": (
        "MLflow folder",
        "A .tar of an MLflow model (pyfunc): for teams that register and serve models with MLflow.",
    ),
    "docker": (
        "Docker context",
        "A .tar to build an image from: for any place that runs containers.",
    ),
    "onnx": (
        "ONNX file",
        "One file from raw columns to the answer, for programs in any language that run ONNX models. "
        "It cannot hold models that read texts.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    """The bundle in another format. ``path`` None: not exported yet."""

    key: str
    title: str
    sentence: str
    path: Path | None
    size: str


def present_forms(bundle: str, candidate: Candidate) -> tuple[FormView, ...]:
    """Return the formats of the bundle at a path; a model that needs its own library has no ONNX format."""
    keys = [key for key in OTHER_FORMS if key != "onnx" or candidate.form == "compiled"]
    return tuple(_form(bundle, key) for key in keys)


def _form(bundle: str, key: str) -> FormView:
    path, (title, sentence) = form_path(bundle, key), OTHER_FORMS[key]
    exists = path.is_file()
    size = format_bytes(path.stat().st_size) if exists else ""
    return FormView(key=key, title=title, sentence=sentence, path=path if exists else None, size=size)


def form_path(bundle: str, form: str) -> Path:
    """Return the path of a bundle's other format: beside the bundle.

    >>> form_path("/w/bundles/churn.zip", "mlflow").as_posix()
    '/w/bundles/churn-mlflow.tar'
    >>> form_path("/w/bundles/churn.zip", "onnx").as_posix()
    '/w/bundles/churn.onnx'
    """
    path = Path(bundle)
    stem = path.name.removesuffix(".zip")
    return path.with_name(f"{stem}.onnx" if form == "onnx" else f"{stem}-{form}.tar")
