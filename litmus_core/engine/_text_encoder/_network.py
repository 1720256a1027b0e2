"""The encoder itself in torch: BERT's layers, then the mean over a text's tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from litmus_core.engine._text_encoder._pretrained import EncoderShape, Pretrained

Array = np.ndarray[Any, Any]
_DROPPED = 0.1


class Network(nn.Module):  # type: ignore[misc]  # torch has no types here
    """From ids (b, t) and their mask (b, t) to (b, hidden)."""

    def __init__(self, shape: EncoderShape, *, n_pieces: int, most_tokens: int) -> None:
        super().__init__()
        self.word = nn.Embedding(n_pieces, shape.hidden)
        self.place = nn.Embedding(most_tokens, shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, eps=shape.eps)
        self.layers = nn.ModuleList(_Layer(shape) for _ in range(shape.n_layers))
        self.drop = nn.Dropout(_DROPPED)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the mean of the last layer over the unmasked tokens."""
        places = torch.arange(ids.shape[1], device=ids.device)
        values = self.drop(self.norm(self.word(ids) + self.place(places)))
        attention_mask = None if bool(mask.all()) else mask[:, None, None, :]
        for layer in self.layers:
            values = layer(values, attention_mask)
        counted = mask.unsqueeze(-1).to(values.dtype)
        return (values * counted).sum(dim=1) / counted.sum(dim=1)


class _Layer(nn.Module):  # type: ignore[misc]
    def __init__(self, shape: EncoderShape) -> None:
        super().__init__()
        self.n_heads = shape.n_heads
        self.query_key_value = nn.Linear(shape.hidden, 3 * shape.hidden)
        self.attention_output = nn.Linear(shape.hidden, shape.hidden)
        self.attention_norm = nn.LayerNorm(shape.hidden, eps=shape.eps)
        self.wide = nn.Linear(shape.hidden, shape.inner)
        self.narrow = nn.Linear(shape.inner, shape.hidden)
        self.narrow_norm = nn.LayerNorm(shape.hidden, eps=shape.eps)
        self.drop = nn.Dropout(_DROPPED)

    def forward(self, values: Tensor, mask: Tensor | None) -> Tensor:
        n_rows, n_tokens, hidden = values.shape
        split = (
            self.query_key_value(values).view(n_rows, n_tokens, 3, self.n_heads, -1).permute(2, 0, 3, 1, 4)
        )
        heads = functional.scaled_dot_product_attention(split[0], split[1], split[2], attn_mask=mask)
        attended = self.attention_output(heads.transpose(1, 2).reshape(n_rows, n_tokens, hidden))
        values = self.attention_norm(values + self.drop(attended))
        wide = functional.gelu(self.wide(values))
        return self.narrow_norm(values + self.drop(self.narrow(wide)))


def network_of(encoder: Pretrained) -> Network:
    """Return the encoder's network in evaluation mode."""
    network = Network(
        encoder.shape, n_pieces=len(encoder.weights["word.weight"]), most_tokens=encoder.most_tokens
    )
    network.load_state_dict(
        {name: torch.from_numpy(weight.astype(np.float32)) for name, weight in encoder.weights.items()}
    )
    network.eval()
    return network


def weights_of(network: Network) -> dict[str, Array]:
    """Return a network's weights as float16, for :class:`Pretrained`."""
    far = float(np.finfo(np.float16).max)
    tensors: Mapping[str, Tensor] = network.state_dict()
    return {
        name: np.clip(tensor.detach().cpu().numpy(), -far, far).astype(np.float16)
        for name, tensor in tensors.items()
    }


def filled(rows: Sequence[Sequence[int]], *, device: str = "cpu") -> tuple[Tensor, Tensor]:
    """Return ids (b, t), with rows padded to the longest, and their mask."""
    longest = max(map(len, rows))
    ids = np.zeros((len(rows), longest), dtype=np.int64)
    mask = np.zeros((len(rows), longest), dtype=bool)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = row
        mask[at, : len(row)] = True
    return torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device)


def by_tokens(lengths: Sequence[int], *, most: int) -> list[list[int]]:
    """Return positions in batches of rows of similar length, with at most ``most`` tokens (or one row)."""
    batches: list[list[int]] = []
    for place in np.argsort(np.asarray(lengths), kind="stable").tolist():
        if not batches or (len(batches[-1]) + 1) * lengths[place] > most:
            batches.append([])
        batches[-1].append(place)
    return batches
