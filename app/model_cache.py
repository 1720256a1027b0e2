"""Bounded caches for Results and Export, keyed by ids: opened models, validation rows, diagnoses.

A model takes seconds and memory to open, so only two stay open, each opened on request.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from app import services
from litmus_core.diagnostics import Diagnostics, Plain, WhatIf, plain_value, what_if
from litmus_core.experiments import Studio
from litmus_core.runtime import label_text

__all__ = [
    "CachedRows",
    "OpenModels",
    "ask",
    "classes",
    "diagnosis",
    "has_diagnosis",
    "is_open",
    "n_folds",
    "tuning_importances",
    "validation_rows",
]

_MAX_MODELS = 2
_MAX_ROWS = 200
_EVERY_ROW = 1_000_000_000


@dataclass(frozen=True)
class CachedRows:
    """Validation rows as examples: the data frame, and its cells as JSON values by column."""

    frame: Any  # a pandas data frame
    columns: dict[str, list[Plain]]
    n_rows: int

    def row(self, at: int) -> dict[str, Plain]:
        """Return one row's values, including the target's."""
        return {name: cells[at] for name, cells in self.columns.items()}


class OpenModels:
    """The ``n`` most recently opened models; each predicts one request at a time."""

    def __init__(self, *, n: int = _MAX_MODELS) -> None:
        self._n = n
        self._models: OrderedDict[tuple[str, str], tuple[Any, threading.Lock]] = OrderedDict()
        self._lock = threading.Lock()

    def holds(self, workspace: str, candidate_id: str) -> bool:
        """Return whether a model is open."""
        return (workspace, candidate_id) in self._models

    def ask(
        self, studio: Studio, candidate_id: str, row: Mapping[str, Any], background: Any, *, seed: int = 0
    ) -> WhatIf:
        """Predict ``row`` with a candidate, opening it first if needed (seconds)."""
        key = (str(studio.workspace.path), candidate_id)
        with self._lock:
            if key not in self._models:
                self._models[key] = (studio.candidates.predictor(candidate_id), threading.Lock())
            self._models.move_to_end(key)
            while len(self._models) > self._n:
                self._models.popitem(last=False)
            predictor, lock = self._models[key]
        with lock:
            return what_if(predictor, row, background, seed=seed)


@st.cache_resource(show_spinner=False)
def _opened() -> OpenModels:
    return OpenModels()


def is_open(candidate_id: str) -> bool:
    """Return whether a candidate can predict at once."""
    return _opened().holds(str(services.studio().workspace.path), candidate_id)


def ask(candidate_id: str, row: Mapping[str, Any], background: CachedRows) -> WhatIf:
    """Predict one row with contributions; the first call of a model takes seconds."""
    return _opened().ask(services.studio(), candidate_id, row, background.frame)


def validation_rows(run_id: str) -> CachedRows:
    """Return up to 200 random validation rows of a run: files are often sorted."""
    return _rows(str(services.studio().workspace.path), run_id)


@st.cache_resource(max_entries=8, show_spinner=False)
def _rows(workspace: str, run_id: str) -> CachedRows:
    del workspace  # part of the key
    frame = services.studio().runs.validation_rows(run_id, _EVERY_ROW)
    frame = frame.sample(n=min(_MAX_ROWS, len(frame)), random_state=0).reset_index(drop=True)
    columns = {
        str(name): [plain_value(value, max_text=None) for value in frame[name]] for name in frame.columns
    }
    return CachedRows(frame=frame, columns=columns, n_rows=len(frame))


def classes(run_id: str) -> tuple[str, ...]:
    """Return the labels of a run's models, as texts in their order; () if there are none."""
    path = services.studio().workspace.run_dir(run_id) / "model.json"
    return _classes(str(path), path.stat().st_mtime_ns) if path.exists() else ()


@st.cache_resource(max_entries=32, show_spinner=False)
def _classes(path: str, changed_ns: int) -> tuple[str, ...]:
    del changed_ns  # part of the key
    labels = json.loads(Path(path).read_text(encoding="utf-8"))["classes"]
    return tuple(label_text(label) for label in labels)


def n_folds(run_id: str) -> int:
    """Return the number of folds of a run's models; 0: one validation part."""
    from litmus_core import engine

    return engine.n_folds(services.studio().workspace.run_dir(run_id))


def _diagnosis_path(run_id: str) -> Path:
    return services.studio().workspace.run_dir(run_id) / "diagnostics.json"


def has_diagnosis(run_id: str) -> bool:
    """Return whether a run's chosen candidate has a diagnosis, without reading it."""
    return _diagnosis_path(run_id).exists()


def diagnosis(run_id: str) -> Diagnostics | None:
    """Return the diagnosis of a run's chosen candidate, None while there is none."""
    path = _diagnosis_path(run_id)
    if not path.exists():
        return None
    return _diagnosis(str(path), run_id, path.stat().st_mtime_ns)


@st.cache_resource(max_entries=32, show_spinner=False)
def _diagnosis(path: str, run_id: str, changed_ns: int) -> Diagnostics | None:
    del path, changed_ns  # part of the key: a finished run may be finished again
    return services.studio().runs.diagnostics(run_id)


def tuning_importances(run_id: str) -> dict[str, dict[str, float]]:
    """Return hyperparameter importances by algorithm (about a second for many trials)."""
    opened = services.studio()
    return _importances(str(opened.workspace.path), run_id, len(opened.tuning.trials(run_id)))


@st.cache_resource(max_entries=32, show_spinner=False)
def _importances(workspace: str, run_id: str, n_trials: int) -> dict[str, dict[str, float]]:
    del workspace, n_trials  # part of the key: a resumed run has more trials
    return services.studio().tuning.importances(run_id)
