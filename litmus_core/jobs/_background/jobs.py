"""The background jobs: for each, its folder and the mark of its processes."""

from __future__ import annotations

import hashlib

from litmus_core.jobs._background.process import Background
from litmus_core.plugins import PlugInState
from litmus_core.store import Workspace


def action_job(workspace: Workspace, run_id: str) -> Background:
    """Return the job that makes a run's list of actions."""
    return Background(folder=workspace.run_dir(run_id), name="actions", mark=f"actions-{run_id}")


def certificate_job(workspace: Workspace, bundle_id: str) -> Background:
    """Return the job that makes a bundle's full certificate."""
    return Background(folder=workspace.bundle_dir(bundle_id), name="certify", mark=bundle_id)


def final_model_job(workspace: Workspace, candidate_id: str) -> Background:
    """Return the job that retrains a candidate on all rows."""
    folder = workspace.run_dir(candidate_id.partition("-")[0])
    return Background(folder=folder, name=f"worker.{candidate_id}", mark=f"final-{candidate_id}")


def forecast_job(workspace: Workspace, forecast_id: str) -> Background:
    """Return the job that trains a forecast."""
    return Background(
        folder=workspace.forecast_dir(forecast_id), name="train", mark=f"forecast-{forecast_id}"
    )


def live_job(workspace: Workspace, name: str) -> Background:
    """Return the job that judges the endpoint ``name`` by its outcomes, and applies its retraining policy."""
    return Background(folder=workspace.endpoints / name, name="live", mark=f"live-{name}")


def plugin_checks(workspace: Workspace, plugin: str) -> Background:
    """Return the job that checks ``plugin``, a file of the workspace or an installed plug-in's name."""
    folder = PlugInState(workspace.path).checking_folder(plugin)
    mark = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    return Background(folder=folder, name="check", mark=f"check-{mark}")


def recipe_job(workspace: Workspace, experiment_id: str) -> Background:
    """Return the job that follows an experiment's recipe."""
    return Background(folder=workspace.recipes, name=f"{experiment_id}.walk", mark=f"walk-{experiment_id}")
