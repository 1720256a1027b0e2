"""The Export page's outcomes of an endpoint."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from app import navigation, services
from app.presenters.shipping.outcomes import (
    AddedOutcomesView,
    CausesView,
    LiveVerdictView,
    PolicyView,
    present_causes,
    present_live,
    present_outcomes,
    present_policy,
)
from app.uploads import check_address
from app.views.results.decision import open_bar
from app.views.shipping.outcomes import OutcomesWish
from litmus_core.connectors import as_address
from litmus_core.errors import LitmusError
from litmus_core.experiments import WayBack
from litmus_core.types import LiveComparison

__all__ = ["OutcomesController"]


class OutcomesController:
    """The page's operations on the outcomes of an endpoint."""

    def live(self, name: str) -> LiveVerdictView:
        """Judge an endpoint by its outcomes, and compare its newest waiting version (seconds)."""
        verdict = services.studio().outcomes.verdict(name)
        return present_live(verdict, self._comparison(name, verdict.version))

    def last(self, name: str) -> LiveVerdictView | None:
        """Return the last verdict on the version that answers now, without judging again; None: never."""
        verdict = services.studio().outcomes.last_verdict(name)
        return None if verdict is None else present_live(verdict)

    def _comparison(self, name: str, live: int) -> LiveComparison | None:
        """Compare the newest version with the live one; None if it is the live one, or cannot predict."""
        studio = services.studio()
        if all(version.number <= live for version in studio.endpoints.stats(name).versions):
            return None
        try:
            return studio.retraining.compare(name)
        except LitmusError:  # the version's Compare button shows the reason
            return None

    def causes(self, name: str) -> CausesView:
        """Return why an endpoint got worse, or why that is unknown, with the ways back (seconds)."""
        studio = services.studio()
        causes = studio.outcomes.causes(name)
        return present_causes(causes, studio.ways_back.list(name, causes))

    def go_back(self, way: WayBack) -> None:
        """Open the page of a way back, with its action, recipe or bar ready."""
        home, run = way.experiment_id, way.run_id
        match way.kind:
            case "bar":
                open_bar(run)
                navigation.go("results", experiment=home, run=run)
            case "recipe":
                navigation.go("improve", experiment=home, run=run, recipe=way.name)
            case _:
                navigation.go("improve", experiment=home, run=run, action=way.name)

    def retrain(self, name: str, *, warm_start: bool) -> None:
        """Train an endpoint's model on the rows whose outcomes are known, again or further; open that run."""
        run = services.studio().retraining.start(name, warm_start=warm_start)
        navigation.go("train", experiment=run.experiment_id, run=run.id)

    def policy(self, name: str) -> PolicyView:
        """Return an endpoint's retraining policy."""
        return present_policy(services.studio().policies.get(name))

    def set_policy(self, name: str, policy: PolicyView) -> None:
        """Set an endpoint's retraining policy."""
        services.studio().policies.set(name, policy.command, warm_start=policy.warm_start)

    def add_outcomes(self, name: str, wish: OutcomesWish) -> AddedOutcomesView:
        """Store the outcomes of a file, which is not kept, or of an address that may be read here."""
        key, outcome, add = wish.key or None, wish.outcome or None, services.studio().outcomes.add
        if wish.upload is None:
            check_address(wish.address)
            counts = add(name, wish.address, key=key, outcome=outcome, options=wish.options)
            return present_outcomes(counts)
        with tempfile.TemporaryDirectory(prefix="litmus-outcomes-") as folder:
            path = Path(folder) / Path(wish.upload.name).name
            with path.open("wb") as file:
                shutil.copyfileobj(wish.upload, file)
            return present_outcomes(add(name, path, key=key, outcome=outcome))

    def outcomes_address(self, name: str) -> str | None:
        """Return the address that outcomes came from last; None for files and for a plug-in's location."""
        source = services.studio().outcomes.source(name)
        return source if source is not None and as_address(source) is not None else None

    def read_again(self, name: str) -> AddedOutcomesView:
        """Store the outcomes that are now at the last address, if it may be read here."""
        check_address(services.studio().outcomes.source(name) or "")
        return present_outcomes(services.studio().outcomes.refresh(name))
