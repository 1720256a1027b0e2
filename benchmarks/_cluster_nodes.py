"""A Ray cluster on this machine whose nodes can be lost: what benchmarks/cluster.py works on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any


@contextmanager
def cluster_of(n_nodes: int) -> Iterator[Any]:
    """Yield a cluster on this machine of nodes with one processor each, beside a head that has none."""
    import ray
    from ray.cluster_utils import Cluster

    # Without hooks at the end of the program: only its main thread could add nodes that have some.
    cluster = Cluster(initialize_head=True, shutdown_at_exit=False, head_node_args={"num_cpus": 0})
    try:
        for _ in range(n_nodes):
            cluster.add_node(num_cpus=1)
        cluster.wait_for_nodes()
        ray.init(address=cluster.address, log_to_driver=False, logging_level="ERROR")
        yield cluster
    finally:
        ray.shutdown()
        cluster.shutdown()


class Killer:
    """Kills a node every ``every_s`` seconds, and adds another one."""

    def __init__(self, cluster: Any, *, every_s: float) -> None:
        self.n_killed = 0
        self._cluster, self._every_s = cluster, every_s
        self._over = threading.Event()
        self._threads = ThreadPoolExecutor(1)

    def _kill(self) -> None:
        while not self._over.wait(self._every_s):
            self._cluster.remove_node(next(iter(self._cluster.worker_nodes)), allow_graceful=False)
            self.n_killed += 1
            self._cluster.add_node(num_cpus=1)

    def __enter__(self) -> Killer:
        self._killing = self._threads.submit(self._kill)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._killing.result()
