"""From a candidate to production: bundles, scored files, endpoints."""

from litmus_core.deploy._endpoint_stats import all_endpoint_stats, endpoint_log_tail, endpoint_stats
from litmus_core.deploy._endpoints import (
    add_version,
    endpoint_alive,
    endpoint_log,
    living_endpoints,
    promote_endpoint,
    rollback_endpoint,
    start_endpoint,
    stop_endpoint,
)
from litmus_core.deploy._export import draft_manifest, export_bundle
from litmus_core.deploy._predict_file import predict_file
from litmus_core.deploy._write import write_bundle

__all__ = [
    "add_version",
    "all_endpoint_stats",
    "draft_manifest",
    "endpoint_alive",
    "endpoint_log",
    "endpoint_log_tail",
    "endpoint_stats",
    "export_bundle",
    "living_endpoints",
    "predict_file",
    "promote_endpoint",
    "rollback_endpoint",
    "start_endpoint",
    "stop_endpoint",
    "write_bundle",
]
