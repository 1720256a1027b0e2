"""``litmus deploy --wait``: what is said when nothing certifies the bundle any more."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from litmus_core.cli import _endpoints


class Certificates:
    """One that certifies for three looks, and has this certificate then."""

    def __init__(self, certificate: Any, problem: str = "") -> None:
        self.said = ["Installing numpy", "Installing numpy", "Starting it", None]
        self.found, self.said_last = certificate, problem

    def progress(self, bundle_id: str) -> str | None:
        return self.said.pop(0)

    def get(self, bundle_id: str) -> Any:
        assert self.said == []
        return self.found

    def problem(self, bundle_id: str) -> str:
        return self.said_last


def certificate(*failures: str, form: str = "full") -> Any:
    lines = [SimpleNamespace(text=text) for text in failures]
    return SimpleNamespace(form=form, passed=not failures, failures=lines)


@pytest.mark.parametrize(
    ("certificates", "told"),
    [
        (
            Certificates(certificate()),
            {"form": "full", "passed": True, "sentence": "Its full certificate is passed."},
        ),
        (
            Certificates(certificate("It takes 90 ms, not 20.")),
            {
                "form": "full",
                "passed": False,
                "sentence": "Its full certificate is not passed: It takes 90 ms, not 20.",
            },
        ),
        (
            Certificates(certificate(form="short"), problem="The disk is full."),
            {
                "form": "short",
                "passed": False,
                "sentence": "It has no full certificate. The disk is full.",
            },
        ),
        (
            Certificates(None),
            {"form": None, "passed": False, "sentence": "It has no full certificate. It was ended."},
        ),
    ],
)
def test_the_full_certificate_is_awaited_and_said(monkeypatch, capsys, certificates, told):
    monkeypatch.setattr(_endpoints, "_POLL_S", 0.0)
    assert _endpoints._wait_for_certificate(SimpleNamespace(certificates=certificates), "bd_1") == told
    assert capsys.readouterr().err.splitlines() == ["Installing numpy", "Starting it"]
