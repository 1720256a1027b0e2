"""``litmus deploy --wait``: what is said when nothing certifies the bundle any more."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from litmus_core.cli import _endpoints


class Studio:
    """One that certifies for three looks, and has this certificate then."""

    def __init__(self, certificate: Any, problem: str = "") -> None:
        self.said = ["Installing numpy", "Installing numpy", "Starting it", None]
        self.found, self.problem = certificate, problem

    def certifying(self, bundle_id: str) -> str | None:
        return self.said.pop(0)

    def certificate(self, bundle_id: str) -> Any:
        assert self.said == []
        return self.found

    def certifying_problem(self, bundle_id: str) -> str:
        return self.problem


def certificate(*failures: str, form: str = "full") -> Any:
    lines = [SimpleNamespace(text=text) for text in failures]
    return SimpleNamespace(form=form, passed=not failures, failures=lines)


@pytest.mark.parametrize(
    ("studio", "told"),
    [
        (
            Studio(certificate()),
            {"form": "full", "passed": True, "sentence": "Its full certificate is passed."},
        ),
        (
            Studio(certificate("It takes 90 ms, not 20.")),
            {
                "form": "full",
                "passed": False,
                "sentence": "Its full certificate is not passed: It takes 90 ms, not 20.",
            },
        ),
        (
            Studio(certificate(form="short"), problem="The disk is full."),
            {
                "form": "short",
                "passed": False,
                "sentence": "It has no full certificate. The disk is full.",
            },
        ),
        (
            Studio(None),
            {"form": None, "passed": False, "sentence": "It has no full certificate. It was ended."},
        ),
    ],
)
def test_the_full_certificate_is_awaited_and_said(monkeypatch, capsys, studio, told):
    monkeypatch.setattr(_endpoints, "_POLL_S", 0.0)
    assert _endpoints._certified(studio, "bd_1") == told
    assert capsys.readouterr().err.splitlines() == ["Installing numpy", "Starting it"]
