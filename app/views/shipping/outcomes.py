"""Draw whether an endpoint still meets its bar, and the form for its outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import streamlit as st

from app import state
from app.components import permitted_button, state_text
from app.errors import guard
from app.presenters.markdown import literal
from app.presenters.shipping.outcomes import (
    POLICIES,
    AddedOutcomesView,
    CausesView,
    LiveVerdictView,
    PolicyView,
)
from app.views.tables.import_form import draw_address_fields
from litmus_core.experiments import WayBack
from litmus_core.types import DETECT_ALL, ReadOptions

__all__ = ["OutcomesOperations", "OutcomesWish", "draw_outcomes"]

_BY_ID, _BY_KEY = "Answer id", "A column of the rows"
_FILE, _ELSEWHERE = "A file", "A database, S3 or the web"
_NOTHING_STORED = "Nothing was stored. All earlier outcomes stay."
_TURN = "live.turn"  # session state: how often an address was read, so that its fields are emptied
_UNCHANGED = "What answers now goes on answering."
_WHICH_IS_BETTER = (
    "Continuing is quicker and keeps what the model knows. Train again where the world has changed."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomesWish:
    """A file of outcomes, or (None) an ``address`` that is read with ``options``.

    ``key`` "": join by the answers' ids; ``outcome`` "": read the target's column.
    """

    upload: Any = None
    address: str = ""
    options: ReadOptions = DETECT_ALL
    key: str = ""
    outcome: str = ""


class OutcomesOperations(Protocol):
    """Operations on the outcomes of an endpoint; each may raise a LitmusError."""

    def live(self, name: str, /) -> LiveVerdictView:
        """Judge an endpoint by its outcomes (seconds)."""
        ...

    def last(self, name: str, /) -> LiveVerdictView | None:
        """Return the last verdict on the version that answers now, without judging again; None: never."""
        ...

    def causes(self, name: str, /) -> CausesView:
        """Return why an endpoint got worse, or why that is unknown, with the ways back (seconds)."""
        ...

    def go_back(self, way: WayBack, /) -> None:
        """Open the page of a way back, with its action, recipe or bar ready."""
        ...

    def retrain(self, name: str, /, *, warm_start: bool) -> None:
        """Train an endpoint's model on the rows whose outcomes are known, again or further; open that run."""
        ...

    def promote(self, name: str, version: int, /) -> None:
        """Switch to another version that outcomes show to be better (seconds)."""
        ...

    def add_outcomes(self, name: str, wish: OutcomesWish, /) -> AddedOutcomesView:
        """Store the outcomes of a file or of an address (seconds)."""
        ...

    def outcomes_address(self, name: str, /) -> str | None:
        """Return the address that outcomes came from last, without secrets; None if it has none."""
        ...

    def read_again(self, name: str, /) -> AddedOutcomesView:
        """Store the outcomes that are now at the last address (seconds)."""
        ...

    def policy(self, name: str, /) -> PolicyView:
        """Return an endpoint's retraining policy."""
        ...

    def set_policy(self, name: str, policy: PolicyView, /) -> None:
        """Set an endpoint's retraining policy."""
        ...


def _store(name: str, wish: OutcomesWish | None, operations: OutcomesOperations) -> bool:
    """Store outcomes as wished for, or (None) from the last address; return whether that worked."""
    with guard(safe=_NOTHING_STORED), st.spinner("Reading and storing outcomes…"):
        added = operations.read_again(name) if wish is None else operations.add_outcomes(name, wish)
        state.keep("live.added", (name, added))
        state.keep(_TURN, state.stored(_TURN, 0) + bool(wish and wish.address))
        return True
    return False


@st.fragment
def draw_outcomes(name: str, operations: OutcomesOperations) -> None:
    """Draw the last live verdict, and the buttons that request a new one."""
    st.markdown("**Does it still meet its bar?**")
    verdict = st.container()
    wish = _draw_form(name)
    again = _draw_source(name, operations)
    asks = st.button("Judge it by its outcomes", key=f"live.judge.{name}", icon=":material/balance:")
    if wish is not None or again:
        asks = _store(name, wish, operations)
    if asks:
        with guard(), st.spinner("Judging…"):
            state.keep("live.verdict", (name, operations.live(name)))
            state.keep("live.causes", ("", None))
            if wish is not None and wish.address:
                st.rerun()  # with an empty field where a password may have been
    with verdict:
        _draw_last(name, operations)
    _draw_policy(name, operations)


def _draw_policy(name: str, operations: OutcomesOperations) -> None:
    """Draw the retraining policy in a folded section, which reads it when it is opened."""
    folded = st.expander(
        "Train again by itself",
        icon=":material/autorenew:",
        key=f"live.policy.{name}",
        on_change="rerun",
    )
    if not folded.open:
        return
    with folded, guard(safe=_UNCHANGED):
        policy = operations.policy(name)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            kinds = list(POLICIES)
            when = st.selectbox(
                "When",
                kinds,
                index=kinds.index(policy.when),
                format_func=POLICIES.__getitem__,
                key=f"live.policy.when.{name}",
                width=320,
            )
            count = policy.count
            if when in ("after", "every"):
                label = "New outcomes" if when == "after" else "Days"
                first = policy.count if when == policy.when else 500 if when == "after" else 30
                key = f"live.policy.{when}.{name}"
                count = int(st.number_input(label, min_value=1, value=first, key=key, width=160))
            warm_start = when != "never" and st.checkbox(
                "Continue from the model that answers",
                value=policy.warm_start,
                key=f"live.policy.continue.{name}",
                help=f"{_WHICH_IS_BETTER} A model that cannot continue is trained from scratch.",
            )
            if permitted_button("Save", action="policies.set", key=f"live.policy.save.{name}"):
                operations.set_policy(name, PolicyView(when=when, count=count, warm_start=warm_start))
                st.toast(f"Saved: {POLICIES[when].lower()}.", icon=":material/check:")
        st.caption("The new model waits as a version beside the live one. Nothing is promoted by itself.")


def _draw_form(name: str) -> OutcomesWish | None:
    with st.expander("Add outcomes", icon=":material/upload_file:", expanded=True):
        come_from = st.segmented_control(
            "What came true is in", [_FILE, _ELSEWHERE], default=_FILE, required=True, key=f"live.from.{name}"
        )
        upload, address, options = None, "", DETECT_ALL
        if come_from == _FILE:
            upload = st.file_uploader(
                "A file of what came true: CSV, Excel, JSON, Parquet, SQLite or DuckDB",
                key=f"live.file.{name}",
            )
        else:
            address, options = draw_address_fields(
                key=f"live.{name}.{state.stored(_TURN, 0)}",
                example="sales.came_true, or SELECT id, outcome FROM sales.came_true",
            )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            by = st.selectbox(
                "Joined by",
                [_BY_ID, _BY_KEY],
                key=f"live.by.{name}",
                width=220,
                help="Each answer has an id, in the column `id` of your file. A column that you sent along "
                "with each row, such as the customer's number, works as well.",
            )
            key = st.text_input("That column", key=f"live.key.{name}", disabled=by == _BY_ID, width=220)
            outcome = st.text_input(
                "Column of outcomes", key=f"live.outcome.{name}", placeholder="the target's name", width=220
            )
        is_ready = (upload is not None or address) and (by == _BY_ID or key.strip())
        if permitted_button(
            "Add them", action="outcomes.add", key=f"live.add.{name}", type="primary", disabled=not is_ready
        ):
            return OutcomesWish(
                upload=upload,
                address=address,
                options=options,
                key="" if by == _BY_ID else key.strip(),
                outcome=outcome.strip(),
            )
    return None


def _draw_source(name: str, operations: OutcomesOperations) -> bool:
    """Draw the address that outcomes came from last, and whether its button was pressed to read it again."""
    with guard():
        address = operations.outcomes_address(name)
        if address is None:
            return False
        with st.container(
            border=True, horizontal=True, vertical_alignment="center", key=f"live.source.{name}"
        ):
            st.markdown(f"Outcomes came from {literal(address)}", width="stretch")
            return permitted_button(
                "Read again",
                action="outcomes.refresh",
                key=f"live.again.{name}",
                icon=":material/refresh:",
                help="Adds the outcomes that are new or corrected there, joined as before.",
            )
    return False


def _draw_last(name: str, operations: OutcomesOperations) -> None:
    added_to, added = state.stored("live.added", ("", None))
    if added is not None and added_to == name:
        st.caption(literal(added.stored))
        for problem in added.problems:
            st.caption(literal(problem))
    judged, live = state.stored("live.verdict", ("", None))
    if judged != name:
        live = None
        with guard():
            live = operations.last(name)
    if live is not None:
        with st.container(border=True, key="live"):
            st.markdown(state_text(live.state.word, live.state.icon, live.state.tone))
            st.markdown(literal(live.sentence))
            if live.judged:
                st.caption(live.judged)
            if live.comparison:
                _draw_comparison(name, live, operations)
            if live.has_fallen:
                _draw_causes(name, operations)


def _draw_comparison(name: str, live: LiveVerdictView, operations: OutcomesOperations) -> None:
    st.markdown(literal(live.comparison))
    if live.better is None:
        return
    key = f"live.promote.{name}"
    if permitted_button(
        f"Promote version {live.better}",
        action="endpoints.promote",
        key=key,
        type="primary",
        icon=":material/publish:",
    ):
        with guard(safe=_UNCHANGED), st.spinner("Switching versions; no request is lost…"):
            operations.promote(name, live.better)
            state.keep("live.verdict", ("", None))
            st.rerun()


def _draw_causes(name: str, operations: OutcomesOperations) -> None:
    if st.button("Why?", key=f"live.why.{name}", icon=":material/troubleshoot:"):
        with guard(), st.spinner("Comparing with the validation rows…"):
            state.keep("live.causes", (name, operations.causes(name)))
    of, causes = state.stored("live.causes", ("", None))
    if of != name or causes is None:
        return
    st.markdown("\n".join(f"- {literal(sentence)}" for sentence in causes.sentences))
    _draw_retraining(name, operations, can_continue=causes.can_continue)
    _draw_ways_back(name, causes, operations)


def _draw_retraining(name: str, operations: OutcomesOperations, *, can_continue: bool) -> None:
    """Draw the buttons that train on the new rows: from scratch and, if the model can, from where it is."""
    with st.container(horizontal=True, gap="small"):
        again = permitted_button(
            "Train again with the new rows",
            action="retraining.start",
            key=f"live.retrain.{name}",
            type="primary",
            icon=":material/model_training:",
            help=f"On its table and the kept rows whose outcomes are known. {_UNCHANGED}",
        )
        further = can_continue and permitted_button(
            "Continue from this model",
            action="retraining.start",
            key=f"live.continue.{name}",
            icon=":material/resume:",
            help=f"Its boosted trees stay, and more are added that learn from the new rows. {_UNCHANGED}",
        )
    if can_continue:
        st.caption(_WHICH_IS_BETTER)
    if again or further:
        with guard(safe=_UNCHANGED), st.spinner("Adding the rows…"):
            operations.retrain(name, warm_start=further)


def _draw_ways_back(name: str, causes: CausesView, operations: OutcomesOperations) -> None:
    """Draw a button for each way back beside training again; each opens the page where it is started."""
    if not causes.ways:
        return
    st.caption("Or try another way. What answers now goes on answering.")
    with st.container(horizontal=True, gap="small", key="live.ways"):
        for at, view in enumerate(causes.ways):
            key = f"live.way.{name}.{at}"
            if st.button(literal(view.title), key=key, icon=view.icon, help=literal(view.help)):
                operations.go_back(view.way)
