"""A tiny text encoder with chance weights, written as Hugging Face lays encoders out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

WORDS = ["fridge", "phone", "screen", "acme", "best", "zeta", "big", "small", "box", "lid", "##s", "a", "the"]
VOCABULARY = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    *WORDS,
    *"0123456789",
    *(f"##{d}" for d in range(10)),
]
HIDDEN, INNER, PLACES = 16, 32, 24


def weights(*, layers: int = 2, seed: int = 0) -> dict[str, np.ndarray[Any, Any]]:
    """Return chance weights by the names that Hugging Face gives them."""
    rng = np.random.default_rng(seed)

    def chance(*shape: int) -> np.ndarray[Any, Any]:
        return rng.normal(scale=0.3, size=shape).astype(np.float32)

    found = {
        "embeddings.word_embeddings.weight": chance(len(VOCABULARY), HIDDEN),
        "embeddings.position_embeddings.weight": chance(PLACES, HIDDEN),
        "embeddings.token_type_embeddings.weight": chance(2, HIDDEN),
        **_norm("embeddings", chance),
    }
    for layer in range(layers):
        own = f"encoder.layer.{layer}"
        for name in ("query", "key", "value"):
            found |= _linear(f"{own}.attention.self.{name}", HIDDEN, HIDDEN, chance)
        found |= _linear(f"{own}.attention.output.dense", HIDDEN, HIDDEN, chance)
        found |= _linear(f"{own}.intermediate.dense", INNER, HIDDEN, chance)
        found |= _linear(f"{own}.output.dense", HIDDEN, INNER, chance)
        found |= _norm(f"{own}.attention.output", chance) | _norm(f"{own}.output", chance)
    return found


def _linear(name: str, n_out: int, n_in: int, chance: Any) -> dict[str, np.ndarray[Any, Any]]:
    return {f"{name}.weight": chance(n_out, n_in), f"{name}.bias": chance(n_out)}


def _norm(name: str, chance: Any) -> dict[str, np.ndarray[Any, Any]]:
    return {f"{name}.LayerNorm.weight": 1 + chance(HIDDEN), f"{name}.LayerNorm.bias": chance(HIDDEN)}


def config(*, layers: int = 2, **changes: Any) -> dict[str, Any]:
    return {
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": HIDDEN,
        "intermediate_size": INNER,
        "num_hidden_layers": layers,
        "num_attention_heads": 4,
        "max_position_embeddings": PLACES,
        "layer_norm_eps": 1e-12,
        **changes,
    }


def write_encoder(folder: Path, *, seed: int = 0, **changes: Any) -> Path:
    """Write config.json, vocab.txt and model.safetensors into ``folder`` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config(**changes)))
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n")
    (folder / "model.safetensors").write_bytes(safetensors(weights(seed=seed)))
    return folder


def safetensors(arrays: dict[str, np.ndarray[Any, Any]]) -> bytes:
    """Return the bytes of a safetensors file of float32 arrays."""
    facts: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    content = b""
    for name, values in arrays.items():
        part = values.astype("<f4").tobytes()
        facts[name] = {
            "dtype": "F32",
            "shape": list(values.shape),
            "data_offsets": [len(content), len(content) + len(part)],
        }
        content += part
    head = json.dumps(facts).encode()
    return len(head).to_bytes(8, "little") + head + content
