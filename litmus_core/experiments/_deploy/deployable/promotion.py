"""What speaks against letting a version answer, and the reason of a person who lets it answer anyway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from litmus_core.errors import LitmusError, UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.deployable.certification import BundleCertification
from litmus_core.experiments._deploy.deployable.comparison import compare_versions
from litmus_core.types import EndpointVersion, LiveComparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Why a version answers: the ``proof`` by outcomes, or a person's ``reason`` ("": none)."""

    proof: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionChange:
    """A request that another version of ``name`` answers, for a person's ``reason`` ("": none)."""

    context: Context
    certification: BundleCertification
    name: str
    version: EndpointVersion
    reason: str

    def check_promotion(self, comparison: LiveComparison | None) -> Grounds:
        """Return the grounds of a promotion.

        Outcomes show that the version is better: by ``comparison`` if it is one of this version, otherwise,
        and without a reason, by a new one. If they do not, or it breaks an assertion, a person has said why
        it is promoted anyway. Raises UsageError without a reason, which says what would give one.
        """
        why_not = ""
        wanted = self.name, self.version.number
        if comparison is not None and (comparison.name, comparison.challenger) != wanted:
            comparison = None
        if comparison is None and not self.reason:
            comparison, why_not = self._compared()
        is_better = comparison is not None and comparison.state == "better"
        sentence = why_not if comparison is None else comparison.sentence
        self._check("promote", unproven="" if is_better else sentence)
        return Grounds(proof=sentence if is_better else "", reason=self.reason)

    def check_return(self, way: Literal["promote", "rollback"]) -> Grounds:
        """Return the grounds of going back to a version that answered before, which needs no proof.

        Raises UsageError where it breaks an assertion and there is no reason.
        """
        self._check(way)
        return Grounds(reason=self.reason)

    def _compared(self) -> tuple[LiveComparison | None, str]:
        """Return the comparison with the live version, or None and why there is none."""
        try:
            return compare_versions(self.context, self.name, self.version.number), ""
        except (LitmusError, OSError) as error:  # such as a model whose run was deleted
            return None, str(error)

    def _check(self, way: Literal["promote", "rollback"], *, unproven: str = "") -> None:
        """Raise UsageError where something speaks against the version, and nobody says why it answers."""
        if self.reason:
            return
        broken = self.certification.broken_assertions(self.version.bundle_id)
        against = [unproven] if unproven else []
        against += ["It breaks what must hold of its answers.", *broken] if broken else []
        if not against:
            return
        version = f"Version {self.version.number} of '{self.name}'"
        became, command = (
            ("promoted", f"promote {self.name} {self.version.number}")
            if way == "promote"
            else ("brought back", f"rollback {self.name}")
        )
        raise UsageError(
            f"{version} was not {became}. {' '.join(against)}",
            hint=f"Say why it answers anyway: litmus endpoints {command} --because REASON.",
        )
