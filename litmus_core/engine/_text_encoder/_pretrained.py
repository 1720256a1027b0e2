"""An encoder's shape, weights and vocabulary as arrays, read without the library that wrote them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from litmus_core.engine._text_encoder._source import VOCABULARY, WEIGHTS, is_uncased, read_config
from litmus_core.errors import UsageError
from litmus_core.frame import WordPieces

Array = np.ndarray[Any, Any]
_DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderShape:
    """The architecture of a BERT-like encoder; ``hidden`` is the size of its embeddings."""

    hidden: int
    n_layers: int
    n_heads: int
    inner: int
    eps: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pretrained:
    """An encoder: its ``weights`` by the names of ``_network.Network``, float16 to save space.

    Only these weights are ever used, so that what is stored and shipped is what was trained. ``digest`` (16
    hex digits) identifies the weights and everything that determines how a text reaches them.
    """

    shape: EncoderShape
    weights: Mapping[str, Array]
    vocabulary: tuple[str, ...]
    lower: bool
    most_tokens: int
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        digest = hashlib.sha256(repr((self.shape, self.lower, self.most_tokens)).encode())
        digest.update("\n".join(self.vocabulary).encode())
        for name in sorted(self.weights):
            digest.update(name.encode() + np.ascontiguousarray(self.weights[name]).tobytes())
        object.__setattr__(self, "digest", digest.hexdigest()[:16])

    def pieces(self) -> WordPieces:
        """Return its tokenizer."""
        return WordPieces(self.vocabulary, lower=self.lower)


def read_pretrained(folder: Path, *, most_tokens: int) -> Pretrained:
    """Return the encoder in a folder with at most ``most_tokens``, or fewer if it was built so.

    Raises UsageError if a file is missing or invalid.
    """
    config = read_config(folder)
    shape = EncoderShape(
        hidden=config["hidden_size"],
        n_layers=config["num_hidden_layers"],
        n_heads=config["num_attention_heads"],
        inner=config["intermediate_size"],
        eps=config.get("layer_norm_eps", 1e-12),
    )
    vocabulary = tuple((folder / VOCABULARY).read_text(encoding="utf-8").rstrip("\n").split("\n"))
    most = min(most_tokens, int(config["max_position_embeddings"]))
    try:
        weights = dict(_renamed_weights(_read_weights(folder), shape, most))
        encoder = Pretrained(
            shape=shape,
            weights={name: _to_float16(values) for name, values in weights.items()},
            vocabulary=vocabulary,
            lower=is_uncased(folder),
            most_tokens=most,
        )
        encoder.pieces()
    except KeyError as error:
        raise UsageError(
            f"The encoder in '{folder}' lacks {error.args[0]!r}.", hint="Fetch its folder again, whole."
        ) from error
    if len(vocabulary) > len(weights["word.weight"]):
        raise UsageError(
            f"The vocabulary in '{folder}' has more pieces than the encoder knows.",
            hint="Fetch its folder again, whole.",
        )
    return encoder


def _to_float16(values: Array) -> Array:
    far = float(np.finfo(np.float16).max)
    return np.clip(values, -far, far).astype(np.float16)


def _renamed_weights(
    read: Mapping[str, Array], shape: EncoderShape, most: int
) -> Iterator[tuple[str, Array]]:
    """Yield Network's names and their weights. A text is one sentence: its segment embedding is added to the
    positions.
    """
    head = "bert." if any(name.startswith("bert.") for name in read) else ""

    def of(name: str) -> Array:
        return read[head + name]

    yield "word.weight", of("embeddings.word_embeddings.weight")
    places = of("embeddings.position_embeddings.weight")[:most]
    yield "place.weight", places + of("embeddings.token_type_embeddings.weight")[0]
    for side in ("weight", "bias"):
        yield f"norm.{side}", of(f"embeddings.LayerNorm.{side}")
        for layer in range(shape.n_layers):
            prefix = f"encoder.layer.{layer}"
            projections = [of(f"{prefix}.attention.self.{part}.{side}") for part in ("query", "key", "value")]
            yield f"layers.{layer}.query_key_value.{side}", np.concatenate(projections)
            yield f"layers.{layer}.attention_output.{side}", of(f"{prefix}.attention.output.dense.{side}")
            yield f"layers.{layer}.attention_norm.{side}", of(f"{prefix}.attention.output.LayerNorm.{side}")
            yield f"layers.{layer}.wide.{side}", of(f"{prefix}.intermediate.dense.{side}")
            yield f"layers.{layer}.narrow.{side}", of(f"{prefix}.output.dense.{side}")
            yield f"layers.{layer}.narrow_norm.{side}", of(f"{prefix}.output.LayerNorm.{side}")


def _read_weights(folder: Path) -> Mapping[str, Array]:
    if (folder / WEIGHTS[0]).is_file():
        return _read_safetensors(folder / WEIGHTS[0])
    import torch

    # Only tensors: a pickle that holds anything else is refused.
    tensors = torch.load(folder / WEIGHTS[1], map_location="cpu", weights_only=True)
    return {name: tensor.float().numpy() for name, tensor in tensors.items()}


def _read_safetensors(path: Path) -> dict[str, Array]:
    """Return the arrays of a safetensors file: eight bytes of length, JSON, then the numbers."""
    content = path.read_bytes()
    try:
        start = 8 + int.from_bytes(content[:8], "little")
        facts = json.loads(content[8:start])
        facts.pop("__metadata__", None)
        return {
            name: _array(content, fact, start) for name, fact in facts.items() if fact["dtype"] in _DTYPES
        }
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"'{path}' is not whole.", hint="Fetch the encoder's folder again.") from error


def _array(content: bytes, facts: Mapping[str, Any], start: int) -> Array:
    dtype, (low, high) = facts["dtype"], facts["data_offsets"]
    flat: Array = np.frombuffer(content[start + low : start + high], dtype=_DTYPES[dtype])
    if dtype == "BF16":
        flat = (flat.astype(np.uint32) << 16).view(np.float32)
    return flat.astype(np.float32).reshape(facts["shape"])
