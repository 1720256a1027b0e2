"""Full fine-tuning: all of the encoder's weights are trained, with AdamW, a warm-up and early stopping."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from litmus_core.engine._text_encoder._embedding import embed_with
from litmus_core.engine._text_encoder._head import Head
from litmus_core.engine._text_encoder._network import filled, network_of, weights_of
from litmus_core.engine._text_encoder._pretrained import Pretrained
from litmus_core.engine._text_models.linear_fit import Pace, UnfinishedError

Array = np.ndarray[Any, Any]
_HEAD_FASTER = 10.0  # times the encoder's learning rate: the head starts untrained
_PATIENCE = 2  # epochs without improvement
_LONGEST_STEP = 1.0  # gradients are clipped to this length
_TRAINING_SHARE = 0.8  # of the remaining time; the rest is for validation and predictions
_SIMILAR = 50  # batches whose rows are sorted by length together
_MOST_CHECKED = 2_000


@dataclass(frozen=True, slots=True)
class Texts:
    """Rows of ids, their target (n,) and weights (n,) or None."""

    ids: Sequence[Sequence[int]]
    y: Array
    weight: Array | None = None

    def some(self, places: Array) -> Texts:
        """Return the rows at ``places``."""
        weight = None if self.weight is None else self.weight[places]
        return Texts([self.ids[place] for place in places], self.y[places], weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class FineTuneSettings:
    """Training settings: ``n_outputs`` 0 means values. ``score`` rates a head's margins."""

    n_outputs: int
    learning_rate: float
    epochs: int
    batch_rows: int
    weight_decay: float
    warm_up: float
    seed: int
    device: str
    score: Callable[[Array, Array], float]


def fine_tune(
    encoder: Pretrained, texts: Texts, validation: Texts, settings: FineTuneSettings, pace: Pace
) -> tuple[Pretrained, Head, int]:
    """Return the encoder at its best on the held-out rows, its head, and the number of epochs.

    The learning rate rises, then falls to zero by the end of the epochs or of the pace's time. The same
    seed, rows and sufficient time give the same weights on one machine. Raises UnfinishedError if the time
    allows no step.
    """
    devices = [] if settings.device == "cpu" else [torch.cuda.current_device()]
    with torch.random.fork_rng(devices=devices):
        torch.manual_seed(settings.seed)
        return _Training(encoder, texts, validation, settings, pace).run()


class _Training:
    def __init__(
        self, encoder: Pretrained, texts: Texts, validation: Texts, settings: FineTuneSettings, pace: Pace
    ) -> None:
        self.encoder, self.texts, self.settings, self.pace = encoder, texts, settings, pace
        self.rng = np.random.default_rng(settings.seed)
        self.held = validation.some(np.sort(self.rng.permutation(len(validation.y))[:_MOST_CHECKED]))
        self.network = network_of(encoder).to(settings.device)
        self.head = nn.Linear(encoder.shape.hidden, max(1, settings.n_outputs)).to(settings.device)
        self.center, self.scale = 0.0, 1.0
        if not settings.n_outputs:
            self.center, self.scale = float(texts.y.mean()), float(texts.y.std()) or 1.0
        self.optimizer = torch.optim.AdamW(
            [
                {"params": self.network.parameters(), "share": 1.0},
                {"params": self.head.parameters(), "share": _HEAD_FASTER},
            ],
            weight_decay=settings.weight_decay,
            fused=True,
        )
        self.n_steps = settings.epochs * -(-len(texts.y) // settings.batch_rows)
        self.started, self.training_s = time.monotonic(), _TRAINING_SHARE * pace.left_s()
        self.step = 0
        self.best: tuple[float, dict[str, Array], Head, int] | None = None

    def run(self) -> tuple[Pretrained, Head, int]:
        since = 0
        for epoch in range(1, self.settings.epochs + 1):
            self._epoch()
            since = 0 if self._is_better(epoch) else since + 1
            if since >= _PATIENCE or self._progress() >= 1.0:
                break
        if self.best is None:
            raise UnfinishedError
        _, weights, head, epochs = self.best
        return replace(self.encoder, weights=weights), head, epochs

    def _progress(self) -> float:
        used = (time.monotonic() - self.started) / self.training_s
        return max(self.step / self.n_steps, used)

    def _epoch(self) -> None:
        self.network.train()
        for places in self._batches():
            progress = self._progress()
            if progress >= 1.0:
                return
            rate = self.settings.learning_rate * _slope(progress, self.settings.warm_up)
            for group in self.optimizer.param_groups:
                group["lr"] = rate * group["share"]
            self._learn(self.texts.some(places))
            self.step += 1

    def _learn(self, texts: Texts) -> None:
        ids, mask = filled(texts.ids, device=self.settings.device)
        margins = self.head(self.network(ids, mask))
        loss = self._loss(margins, texts)
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_([*self.network.parameters(), *self.head.parameters()], _LONGEST_STEP)
        self.optimizer.step()

    def _loss(self, margins: Tensor, texts: Texts) -> Tensor:
        device = self.settings.device
        if self.settings.n_outputs > 1:
            truth = torch.from_numpy(texts.y.astype(np.int64)).to(device)
            losses = functional.cross_entropy(margins, truth, reduction="none")
        else:
            truth = torch.from_numpy(((texts.y - self.center) / self.scale).astype(np.float32)).to(device)
            loss = functional.binary_cross_entropy_with_logits
            compared = loss if self.settings.n_outputs else functional.mse_loss
            losses = compared(margins[:, 0], truth, reduction="none")
        if texts.weight is not None:
            losses = losses * torch.from_numpy(texts.weight.astype(np.float32)).to(device)
        return losses.mean()

    def _is_better(self, epoch: int) -> bool:
        """Score the held-out rows with the weights as they would be stored; keep better ones."""
        if not self.step:
            return False
        weights = weights_of(self.network)
        head = self._plain_head()
        network = network_of(replace(self.encoder, weights=weights))
        score = self.settings.score(self.held.y, head.margins(embed_with(network, self.held.ids)))
        if self.best is not None and not score > self.best[0]:
            return False
        self.best = score, weights, head, epoch
        return True

    def _plain_head(self) -> Head:
        weights = self.head.weight.detach().cpu().numpy().T.astype(np.float64)
        offsets = self.head.bias.detach().cpu().numpy().astype(np.float64)
        return Head(weights * self.scale, offsets * self.scale + self.center)

    def _batches(self) -> Iterator[Array]:
        """Yield random positions of rows, with rows of similar length together."""
        order = self.rng.permutation(len(self.texts.y))
        lengths = np.array([len(row) for row in self.texts.ids])
        size = self.settings.batch_rows
        for start in range(0, len(order), size * _SIMILAR):
            part = order[start : start + size * _SIMILAR]
            part = part[np.argsort(lengths[part], kind="stable")]
            batches = [part[at : at + size] for at in range(0, len(part), size)]
            for place in self.rng.permutation(len(batches)):
                yield batches[place]


def _slope(progress: float, warm_up: float) -> float:
    """Return the share of the learning rate: up to 1 during the warm-up, then down to 0 at the end."""
    if progress < warm_up:
        return max(progress, 0.01 * warm_up) / warm_up
    return (1.0 - progress) / (1.0 - warm_up)
