"""From a candidate to production: bundles, certificates, scored files, endpoints."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from litmus_core.deploy._bundles.export import draft_manifest, export_bundle
    from litmus_core.deploy._bundles.model_card import LIMITS, Origin
    from litmus_core.deploy._bundles.weights import Form
    from litmus_core.deploy._bundles.wheel import Wheel, base_wheel
    from litmus_core.deploy._bundles.write import write_bundle
    from litmus_core.deploy._certificates.certify import DEFAULT_ENVIRONMENTS, certify_bundle, probe_bundle
    from litmus_core.deploy._certificates.environment import (
        BuiltEnvironment,
        build_environment,
        built_environments,
        environment_key,
        remove_environment,
    )
    from litmus_core.deploy._certificates.file import read_certificate, write_certificate
    from litmus_core.deploy._code_templates import (
        RunSources,
        compression_code,
        reproduce_code,
        warm_start_code,
    )
    from litmus_core.deploy._endpoints.endpoints import (
        add_version,
        deploy_bundle,
        endpoint_alive,
        endpoint_log,
        live_endpoints,
        promote_endpoint,
        restart_endpoint,
        rollback_endpoint,
        sampled_requests,
        start_endpoint,
        stop_endpoint,
    )
    from litmus_core.deploy._endpoints.outcomes import (
        LiveRows,
        OutcomeColumns,
        add_outcomes,
        live_rows,
        outcomes_in_file,
        target_of,
    )
    from litmus_core.deploy._endpoints.records import (
        OutcomeSource,
        Retraining,
        RetrainingPolicy,
        endpoints_to_judge,
        store_outcome_source,
        store_policy,
        store_retraining,
        store_verdict,
        stored_outcome_source,
        stored_policy,
        stored_retraining,
        stored_retrainings,
        stored_verdict,
    )
    from litmus_core.deploy._endpoints.samples import EndpointSamples, sampled_rows
    from litmus_core.deploy._endpoints.statistics import all_endpoint_stats, endpoint_log_tail, endpoint_stats
    from litmus_core.deploy._exporters import FORMS, write_form
    from litmus_core.deploy._exporters.onnx_file import export_onnx
    from litmus_core.deploy._scoring.distributed import score_folder
    from litmus_core.deploy._scoring.predict_file import (
        Scoring,
        check_target,
        forget_partial,
        predict_file,
        score_file,
    )
    from litmus_core.deploy._served import Servable, ServedKind, ServerRun, folder_sha256, served_kind

__all__ = [
    "DEFAULT_ENVIRONMENTS",
    "FORMS",
    "LIMITS",
    "BuiltEnvironment",
    "EndpointSamples",
    "Form",
    "LiveRows",
    "Origin",
    "OutcomeColumns",
    "OutcomeSource",
    "Retraining",
    "RetrainingPolicy",
    "RunSources",
    "Scoring",
    "Servable",
    "ServedKind",
    "ServerRun",
    "Wheel",
    "add_outcomes",
    "add_version",
    "all_endpoint_stats",
    "base_wheel",
    "build_environment",
    "built_environments",
    "certify_bundle",
    "check_target",
    "compression_code",
    "deploy_bundle",
    "draft_manifest",
    "endpoint_alive",
    "endpoint_log",
    "endpoint_log_tail",
    "endpoint_stats",
    "endpoints_to_judge",
    "environment_key",
    "export_bundle",
    "export_onnx",
    "folder_sha256",
    "forget_partial",
    "live_endpoints",
    "live_rows",
    "outcomes_in_file",
    "predict_file",
    "probe_bundle",
    "promote_endpoint",
    "read_certificate",
    "remove_environment",
    "reproduce_code",
    "restart_endpoint",
    "rollback_endpoint",
    "sampled_requests",
    "sampled_rows",
    "score_file",
    "score_folder",
    "served_kind",
    "start_endpoint",
    "stop_endpoint",
    "store_outcome_source",
    "store_policy",
    "store_retraining",
    "store_verdict",
    "stored_outcome_source",
    "stored_policy",
    "stored_retraining",
    "stored_retrainings",
    "stored_verdict",
    "target_of",
    "warm_start_code",
    "write_bundle",
    "write_certificate",
    "write_form",
]

# Imported on first use: an endpoint's supervisor does without most of it.
_LATE = {
    "BuiltEnvironment": "_certificates.environment",
    "DEFAULT_ENVIRONMENTS": "_certificates.certify",
    "FORMS": "_exporters",
    "Form": "_bundles.weights",
    "LiveRows": "_endpoints.outcomes",
    "LIMITS": "_bundles.model_card",
    "Origin": "_bundles.model_card",
    "OutcomeColumns": "_endpoints.outcomes",
    "OutcomeSource": "_endpoints.records",
    "EndpointSamples": "_endpoints.samples",
    "Retraining": "_endpoints.records",
    "RetrainingPolicy": "_endpoints.records",
    "RunSources": "_code_templates",
    "Scoring": "_scoring.predict_file",
    "Servable": "_served",
    "ServedKind": "_served",
    "ServerRun": "_served",
    "Wheel": "_bundles.wheel",
    "add_outcomes": "_endpoints.outcomes",
    "add_version": "_endpoints.endpoints",
    "all_endpoint_stats": "_endpoints.statistics",
    "base_wheel": "_bundles.wheel",
    "build_environment": "_certificates.environment",
    "built_environments": "_certificates.environment",
    "certify_bundle": "_certificates.certify",
    "check_target": "_scoring.predict_file",
    "compression_code": "_code_templates",
    "deploy_bundle": "_endpoints.endpoints",
    "draft_manifest": "_bundles.export",
    "endpoint_alive": "_endpoints.endpoints",
    "endpoint_log": "_endpoints.endpoints",
    "endpoint_log_tail": "_endpoints.statistics",
    "endpoint_stats": "_endpoints.statistics",
    "endpoints_to_judge": "_endpoints.records",
    "environment_key": "_certificates.environment",
    "export_bundle": "_bundles.export",
    "export_onnx": "_exporters.onnx_file",
    "folder_sha256": "_served",
    "forget_partial": "_scoring.predict_file",
    "live_endpoints": "_endpoints.endpoints",
    "live_rows": "_endpoints.outcomes",
    "outcomes_in_file": "_endpoints.outcomes",
    "predict_file": "_scoring.predict_file",
    "probe_bundle": "_certificates.certify",
    "promote_endpoint": "_endpoints.endpoints",
    "read_certificate": "_certificates.file",
    "remove_environment": "_certificates.environment",
    "reproduce_code": "_code_templates",
    "restart_endpoint": "_endpoints.endpoints",
    "rollback_endpoint": "_endpoints.endpoints",
    "sampled_requests": "_endpoints.endpoints",
    "sampled_rows": "_endpoints.samples",
    "score_file": "_scoring.predict_file",
    "score_folder": "_scoring.distributed",
    "served_kind": "_served",
    "start_endpoint": "_endpoints.endpoints",
    "stop_endpoint": "_endpoints.endpoints",
    "store_outcome_source": "_endpoints.records",
    "store_policy": "_endpoints.records",
    "store_retraining": "_endpoints.records",
    "store_verdict": "_endpoints.records",
    "stored_outcome_source": "_endpoints.records",
    "stored_policy": "_endpoints.records",
    "stored_retraining": "_endpoints.records",
    "stored_retrainings": "_endpoints.records",
    "stored_verdict": "_endpoints.records",
    "target_of": "_endpoints.outcomes",
    "warm_start_code": "_code_templates",
    "write_bundle": "_bundles.write",
    "write_certificate": "_certificates.file",
    "write_form": "_exporters",
}


def __getattr__(name: str) -> Any:
    if name in _LATE:
        return getattr(import_module(f"litmus_core.deploy.{_LATE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
