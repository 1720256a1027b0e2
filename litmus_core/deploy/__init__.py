"""From a candidate to production: bundles, certificates, scored files, endpoints."""

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
    Places,
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

__all__ = [
    "DEFAULT_ENVIRONMENTS",
    "FORMS",
    "LIMITS",
    "BuiltEnvironment",
    "Form",
    "Origin",
    "Places",
    "Scoring",
    "Wheel",
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
    "environment_key",
    "export_bundle",
    "export_onnx",
    "forget_partial",
    "live_endpoints",
    "predict_file",
    "probe_bundle",
    "promote_endpoint",
    "read_certificate",
    "remove_environment",
    "reproduce_code",
    "restart_endpoint",
    "rollback_endpoint",
    "sampled_requests",
    "score_file",
    "score_folder",
    "start_endpoint",
    "stop_endpoint",
    "warm_start_code",
    "write_bundle",
    "write_certificate",
    "write_form",
]
