"""Text embeddings, computed once for each text in a process and shared by folds and trials."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

import numpy as np
import torch

from litmus_core.engine._text_encoder._network import Network, by_tokens, filled, network_of
from litmus_core.engine._text_encoder._pretrained import Pretrained

Array = np.ndarray[Any, Any]
_TOKENS = 2_048  # in a batch
_MOST_BYTES = 300_000_000  # of cached embeddings
_MOST_NETWORKS = 2
_BYTES_PER_KEY = 300

_networks: OrderedDict[str, Network] = OrderedDict()
_cache: dict[tuple[str, tuple[int, ...]], Array] = {}
_lock = Lock()


def embed(encoder: Pretrained, rows: Sequence[Sequence[int]]) -> Array:
    """Return (n, hidden) float32 embeddings of rows of ids."""
    keys = [(encoder.digest, tuple(row)) for row in rows]
    with _lock:
        embeddings = {key: _cache[key] for key in dict.fromkeys(keys) if key in _cache}
    new = [key for key in dict.fromkeys(keys) if key not in embeddings]
    if new:
        new_vectors = embed_with(_network(encoder), [key[1] for key in new])
        embeddings |= dict(zip(new, new_vectors, strict=True))
        _store(dict(zip(new, new_vectors, strict=True)))
    out = np.empty((len(rows), encoder.shape.hidden), dtype=np.float32)
    for place, key in enumerate(keys):
        out[place] = embeddings[key]
    return out


def embed_with(network: Network, rows: Sequence[Sequence[int]]) -> Array:
    """Return (n, hidden) float32 embeddings by ``network``, which is left in evaluation mode."""
    network.eval()
    device = str(network.word.weight.device)
    parts: list[Array] = []
    order: list[int] = []
    with torch.inference_mode():
        for places in by_tokens([len(row) for row in rows], most=_TOKENS):
            ids, mask = filled([rows[place] for place in places], device=device)
            parts.append(network(ids, mask).float().cpu().numpy())
            order += places
    out: Array = np.concatenate(parts)
    vectors = np.empty_like(out)
    vectors[order] = out
    return vectors


@contextmanager
def threads(n_cpus: int) -> Iterator[None]:
    """Limit torch to this many threads within the block."""
    before = torch.get_num_threads()
    torch.set_num_threads(max(1, n_cpus))
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _network(encoder: Pretrained) -> Network:
    with _lock:
        network = _networks.get(encoder.digest)
        if network is None:
            network = _networks[encoder.digest] = network_of(encoder)
            if len(_networks) > _MOST_NETWORKS:
                _networks.popitem(last=False)
        _networks.move_to_end(encoder.digest)
    return network


def _store(vectors: dict[tuple[str, tuple[int, ...]], Array]) -> None:
    with _lock:
        hidden = len(next(iter(vectors.values())))
        most = _MOST_BYTES // (4 * hidden + _BYTES_PER_KEY)
        if len(_cache) + len(vectors) > most:
            _cache.clear()
        if len(vectors) <= most:
            _cache.update((key, vector.copy()) for key, vector in vectors.items())
