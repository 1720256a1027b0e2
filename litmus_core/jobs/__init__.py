"""Runs as processes: the queue, starting and stopping, and a run's stages from split to verdict."""

from litmus_core.jobs._background.jobs import (
    action_job,
    certificate_job,
    final_model_job,
    forecast_job,
    live_job,
    plugin_checks,
    recipe_job,
)
from litmus_core.jobs._background.process import Background
from litmus_core.jobs._background.recipe_tests import (
    SCRATCH,
    keep_recipe_text,
    recipe_tests,
    stop_recipe_tests,
)
from litmus_core.jobs._background.recipe_tests import TEXT_FILE as RECIPE_TEXT_FILE
from litmus_core.jobs._context import RunContext, Stages, imported_versions
from litmus_core.jobs._final.fit import fit_final
from litmus_core.jobs._final.plan import expected_seconds, final_folder, final_folders, obstacle_of
from litmus_core.jobs._judging.assertions import judged_assertions, try_assertions
from litmus_core.jobs._judging.calibration import calibrate_candidate, judged_coverage
from litmus_core.jobs._judging.scores import (
    TestPredictions,
    also_on_test,
    predictions_on_test,
    score_predictions,
)
from litmus_core.jobs._judging.test_set_history import JudgedRun, other_evaluations
from litmus_core.jobs._outer.numbers import check_judged_by_test_set
from litmus_core.jobs._outer.run import at_once, rounds, usual_outer_folds
from litmus_core.jobs._queue.processes import YIELDS, is_alive
from litmus_core.jobs._queue.queue import dispatch, enqueue, finish, reattach, stop
from litmus_core.jobs._queue.signatures import is_queue_row_trusted, sign_queued
from litmus_core.jobs._retention import retention
from litmus_core.jobs._run_data import RunData, n_rows_by_part, reopen
from litmus_core.jobs._sample import sample_message
from litmus_core.jobs._scorings import (
    delete_scoring,
    dispatch_scorings,
    list_scorings,
    resume_scoring,
    start_scoring,
    stop_scoring,
)
from litmus_core.jobs._stages.fit_request import custom_models
from litmus_core.jobs._stages.larger_sample import trial_data_of
from litmus_core.jobs._stages.stored_predictions import has_validated, read_validated
from litmus_core.jobs._stages.warm_start import check_all_present

__all__ = [
    "RECIPE_TEXT_FILE",
    "SCRATCH",
    "YIELDS",
    "Background",
    "JudgedRun",
    "RunContext",
    "RunData",
    "Stages",
    "TestPredictions",
    "action_job",
    "also_on_test",
    "at_once",
    "calibrate_candidate",
    "certificate_job",
    "check_all_present",
    "check_judged_by_test_set",
    "custom_models",
    "delete_scoring",
    "dispatch",
    "dispatch_scorings",
    "enqueue",
    "expected_seconds",
    "final_folder",
    "final_folders",
    "final_model_job",
    "finish",
    "fit_final",
    "forecast_job",
    "has_validated",
    "imported_versions",
    "is_alive",
    "is_queue_row_trusted",
    "judged_assertions",
    "judged_coverage",
    "keep_recipe_text",
    "list_scorings",
    "live_job",
    "n_rows_by_part",
    "obstacle_of",
    "other_evaluations",
    "plugin_checks",
    "predictions_on_test",
    "read_validated",
    "reattach",
    "recipe_job",
    "recipe_tests",
    "reopen",
    "resume_scoring",
    "retention",
    "rounds",
    "sample_message",
    "score_predictions",
    "sign_queued",
    "start_scoring",
    "stop",
    "stop_recipe_tests",
    "stop_scoring",
    "trial_data_of",
    "try_assertions",
    "usual_outer_folds",
]
