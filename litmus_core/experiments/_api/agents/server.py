"""The tools as a server of the Model Context Protocol, over standard input and output."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from litmus_core.errors import LitmusError, MissingExtraError
from litmus_core.experiments._api.agents.tools import AgentTools

_INSTRUCTIONS = (
    "Litmus trains and judges models of the tables in one workspace. Begin with tables and check, train "
    "with a bar as the goal, then wait for the verdict. Each training scores the table's test rows once, "
    "and these scores are limited. Improve by the listed actions, not by trying seeds. Report the "
    "verdict's sentence and interval, not the best score that you saw."
)


def agent_server(tools: AgentTools) -> Any:
    """Return an ``MCPServer`` with the tools; raises MissingExtraError without the library."""
    try:
        from mcp.server.mcpserver import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
    except ModuleNotFoundError as error:
        raise MissingExtraError(subject="The server for agents", extra="agents") from error
    from litmus_core import __version__

    def reporting(tool: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(tool)
        def call(*arguments: Any, **named: Any) -> Any:
            try:
                return tool(*arguments, **named)
            except LitmusError as error:
                raise ToolError(str(error)) from error

        return call

    server: Any = MCPServer("litmus", instructions=_INSTRUCTIONS, version=__version__, log_level="ERROR")
    for tool in (tools.tables, tools.check, tools.train, tools.verdict, tools.improve, tools.predict):
        server.tool()(reporting(tool))
    return server
