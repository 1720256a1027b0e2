"""``litmus mcp``: the tools of a workspace for agents, by the Model Context Protocol."""

from __future__ import annotations

from typing import Annotated

import typer

from litmus_core.cli._session import Session, studio_command


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("mcp")(serve_agents)


@studio_command
def serve_agents(
    session: Session,
    evaluations: Annotated[
        int, typer.Option(min=1, help="Test scores that each table may have; agents start no run beyond.")
    ] = 10,
    minutes: Annotated[float, typer.Option(min=0.1, help="The longest training of an agent.")] = 10,
) -> None:
    """Offer check, train, improve, predict and verdict to an agent, over standard input and output."""
    from litmus_core.experiments import AgentTools, EvaluationBudget, agent_server

    budget = EvaluationBudget(session.studio, evaluations)
    agent_server(AgentTools(session.studio, budget, minutes)).run()
