"""Runs as processes: the queue, starting and stopping, and what a run does from split to verdict."""

from litmus_core.jobs._advice import advising, start_advising
from litmus_core.jobs._certifying import certifying, start_certifying
from litmus_core.jobs._context import RunContext, Stages
from litmus_core.jobs._continue import check_all_there
from litmus_core.jobs._judge import also_on_test, model_info, raw_prediction, score_on_test
from litmus_core.jobs._more_rows import known_of
from litmus_core.jobs._plugin_checks import plugin_checks, start_checking
from litmus_core.jobs._processes import is_alive
from litmus_core.jobs._queue import dispatch, enqueue, finish, reattach, stop
from litmus_core.jobs._queue_trust import is_queue_row_trusted, sign_queued
from litmus_core.jobs._recipe_tests import SCRATCH, recipe_tests, start_recipe_tests, stop_recipe_tests
from litmus_core.jobs._recipe_tests import TEXT_FILE as RECIPE_TEXT_FILE
from litmus_core.jobs._request import own_models
from litmus_core.jobs._retention import retention
from litmus_core.jobs._run_data import RunData, n_rows_by_part, reopen
from litmus_core.jobs._sample import sample_words
from litmus_core.jobs._scorings import (
    delete_scoring,
    dispatch_scorings,
    list_scorings,
    read_scoring,
    resume_scoring,
    start_scoring,
    stop_scoring,
)
from litmus_core.jobs._validated import has_validated, read_validated
from litmus_core.jobs._walks import start_walking, walking

__all__ = [
    "RECIPE_TEXT_FILE",
    "SCRATCH",
    "RunContext",
    "RunData",
    "Stages",
    "advising",
    "also_on_test",
    "certifying",
    "check_all_there",
    "delete_scoring",
    "dispatch",
    "dispatch_scorings",
    "enqueue",
    "finish",
    "has_validated",
    "is_alive",
    "is_queue_row_trusted",
    "known_of",
    "list_scorings",
    "model_info",
    "n_rows_by_part",
    "own_models",
    "plugin_checks",
    "raw_prediction",
    "read_scoring",
    "read_validated",
    "reattach",
    "recipe_tests",
    "reopen",
    "resume_scoring",
    "retention",
    "sample_words",
    "score_on_test",
    "sign_queued",
    "start_advising",
    "start_certifying",
    "start_checking",
    "start_recipe_tests",
    "start_scoring",
    "start_walking",
    "stop",
    "stop_recipe_tests",
    "stop_scoring",
    "walking",
]
