"""The tools as a server of the Model Context Protocol, over standard input and output."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any

from litmus_core.errors import LitmusError, MissingExtraError, UnknownNameError, UsageError
from litmus_core.experiments._api.agents.tools import AgentTools

_INSTRUCTIONS = (
    "Litmus trains and judges models of the tables in one workspace. Begin with tables and check, train "
    "with a bar as the goal, then wait for the verdict. Each training scores the table's test rows once, "
    "and these scores are limited. Improve by the listed actions, not by trying seeds. Report the "
    "verdict's sentence and interval, not the best score that you saw."
)

_MOST_LETTERS = 1_000

_TYPE_WORDS = {
    "str": "a text",
    "str | None": "a text",
    "float": "a number",
    "list[str] | None": "a list of texts",
    "list[dict[str, Any]]": "a list of rows, objects of columns and values",
}


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
                raise ToolError(_short(error)) from error

        return call

    functions = (tools.tables, tools.check, tools.train, tools.verdict, tools.improve, tools.predict)
    by_name: dict[str, Callable[..., Any]] = {tool.__name__: tool for tool in functions}

    class Server(MCPServer):  # type: ignore[misc]
        """Refuse arguments that no tool has: the library ignores them, and a run costs an evaluation."""

        async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
            try:
                if name in by_name:
                    _check_arguments(by_name[name], arguments)
                return await super().call_tool(name, arguments, context)
            except LitmusError as error:
                raise ToolError(_short(error)) from error
            except ToolError as error:
                cause = error.__cause__
                raise ToolError(_type_error(by_name.get(name), arguments, cause) or str(error)) from cause

    server: Any = Server("litmus", instructions=_INSTRUCTIONS, version=__version__, log_level="ERROR")
    for tool in functions:
        server.tool()(reporting(tool))
    return server


def _short(error: LitmusError) -> str:
    """Return an error's message; one that repeats a huge argument without its middle."""
    message, end = str(error), _MOST_LETTERS // 2
    return message if len(message) <= _MOST_LETTERS else f"{message[:end]} … {message[-end:]}"


def _check_arguments(tool: Callable[..., Any], arguments: dict[str, Any]) -> None:
    """Raise UsageError for an argument that the tool does not take, or that it lacks."""
    parameters = signature(tool).parameters
    for name in arguments:
        if name not in parameters:
            raise UnknownNameError(kind="argument", name=name, names=parameters)
    for name, parameter in parameters.items():
        if parameter.default is parameter.empty and name not in arguments:
            raise UsageError(f"'{tool.__name__}' needs '{name}'.", hint=f"Give {', '.join(parameters)}.")


def _type_error(tool: Callable[..., Any] | None, arguments: dict[str, Any], cause: Any) -> str | None:
    """Return the sentence on an argument of another type; None if ``cause`` is no error of the library's."""
    from pydantic import ValidationError

    if tool is None or not isinstance(cause, ValidationError):
        return None
    name = str(cause.errors()[0]["loc"][0])
    words = _TYPE_WORDS[signature(tool).parameters[name].annotation]
    return f"'{name}' of '{tool.__name__}' is {words}, not {arguments.get(name)!r:.60}."
