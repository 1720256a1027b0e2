"""What a bundle has to pass before an endpoint serves it, and before it is promoted."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from litmus_core.errors import BundleError, LitmusError, NotFoundError, UsageError
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.assertions import candidate_assertions
from litmus_core.experiments._deploy.certificates import CertificatesService

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BundleCertification:
    """Certificates and assertions of the bundles that endpoints serve."""

    context: Context
    certificates: CertificatesService

    def check(self, bundle_id: str) -> None:
        """Make the short certificate unless there is one.

        Raises BundleError if predictions differ from those at export, or a check of the workspace's own
        fails. Other failures, such as an exceeded budget, are recorded in the certificate for whoever
        promotes.
        """
        certificate = self.certificates.current(bundle_id) or self.certificates.create(bundle_id, full=False)
        wrong = [line for line in certificate.failures if line.key == "golden"]
        refused = [line for line in certificate.failures if line.plugin]
        if refused and not wrong:
            raise BundleError(
                f"The bundle was not deployed. {' '.join(line.text for line in refused)}",
                hint="Deploy another model, or disable the check: litmus plugins disable "
                f"{refused[0].plugin}.",
            )
        if wrong:
            raise BundleError(
                f"The bundle was not deployed. {wrong[0].text}",
                hint="Export the model again, then deploy that.",
            )

    def start(self, bundle_id: str) -> None:
        """Start making the full certificate unless there is one."""
        certificate = self.certificates.get(bundle_id)
        if (certificate is None or certificate.form != "full") and self.certificates.progress(
            bundle_id
        ) is None:
            try:
                self.certificates.start(bundle_id)
            except (
                LitmusError,
                OSError,
            ) as error:  # the endpoint serves already; promoting requires the certificate
                _log.warning("The full certificate of %s could not be started: %s", bundle_id, error)

    def broken_assertions(self, bundle_id: str) -> list[str]:
        """Return the experiment's present assertions that a bundle's model breaks, as sentences."""
        try:
            results = candidate_assertions(self.context, self.context.store.bundle(bundle_id).candidate_id)
        except (NotFoundError, OSError):  # the run was deleted, so its certificate counts
            certificate = self.certificates.get(bundle_id)
            lines = () if certificate is None else certificate.failures
            return [line.text for line in lines if line.key == "assertion"]
        return [result.sentence for result in results if result.state == "broken"]

    def check_certified(self, bundle_id: str) -> None:
        """Raise UsageError before a bundle has passed its full certificate."""
        certificate = self.certificates.current(bundle_id)
        if certificate is None or certificate.form != "full":
            progress = self.certificates.progress(bundle_id)
            raise UsageError(
                "This version has not earned its full certificate yet.",
                hint=f"It is being certified: {progress}"
                if progress
                else f"Certify it: litmus certify {bundle_id}",
            )
        failures = [
            line for line in certificate.failures if line.key != "assertion"
        ]  # tried again on promotion
        if failures:
            failed = " ".join(line.text for line in failures)
            raise UsageError(
                f"This version did not pass its certificate. {failed}", hint="Deploy another model."
            )
