"""From a candidate to production: bundles, scored files, endpoints."""

from litmus_core.deploy._endpoints import endpoint_alive, endpoint_log, start_endpoint, stop_endpoint
from litmus_core.deploy._export import draft_manifest, export_bundle
from litmus_core.deploy._exporters import FORMS, write_form
from litmus_core.deploy._predict_file import Scoring, check_target, forget_partial, predict_file, score_file
from litmus_core.deploy._write import write_bundle

__all__ = [
    "FORMS",
    "Scoring",
    "check_target",
    "draft_manifest",
    "endpoint_alive",
    "endpoint_log",
    "export_bundle",
    "forget_partial",
    "predict_file",
    "score_file",
    "start_endpoint",
    "stop_endpoint",
    "write_bundle",
    "write_form",
]
