"""Option records: dataclasses whose fields become options of a command.

A command names a record once (``folds: FoldOptions``); on the command line each of its fields is an option. A
field is ``Annotated`` with its Typer option. Or its metadata hold the ``help`` text (and ``option``, if the
option has another name), as in :class:`litmus_core.types.TrainingOptions`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, TypeVar, get_origin, get_type_hints

import typer

Command = TypeVar("Command", bound=Callable[..., None])


def unfold_records(command: Command) -> Command:
    """Return the command with an option for each field of the records that it takes.

    The options replace their record, in the order of its fields.
    """
    hints = get_type_hints(command, include_extras=True)
    records: dict[str, type] = {}
    parameters: list[Parameter] = []
    for parameter in signature(command).parameters.values():
        hint = hints[parameter.name]
        if isinstance(hint, type) and is_dataclass(hint):
            records[parameter.name] = hint
            parameters += record_parameters(hint)
        else:
            parameters.append(parameter.replace(annotation=hint, kind=Parameter.KEYWORD_ONLY))

    def run(**arguments: Any) -> None:
        built = {name: build_record(record, arguments) for name, record in records.items()}
        command(**arguments, **built)

    run.__name__, run.__module__, run.__doc__ = command.__name__, command.__module__, command.__doc__
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {argument.name: argument.annotation for argument in parameters}
    run.__wrapped__ = command  # type: ignore[attr-defined]
    return run  # type: ignore[return-value]


def record_parameters(record: type) -> list[Parameter]:
    """Return a parameter for each field of a record."""
    hints = get_type_hints(record, include_extras=True)
    return [_parameter(field, hints[field.name]) for field in fields(record)]


def _parameter(field: Field[Any], hint: Any) -> Parameter:
    default = Parameter.empty if field.default is MISSING else field.default
    if get_origin(hint) is not Annotated:
        hint = _option(field, hint)
        default = False if field.default is False else None
    return Parameter(field.name, Parameter.KEYWORD_ONLY, default=default, annotation=hint)


def _option(field: Field[Any], hint: Any) -> Any:
    """Return the option that a field's metadata describes: a flag, or a list of whole numbers."""
    name = f"--{field.metadata.get('option', field.name.replace('_', '-'))}"
    if hint is bool:
        return Annotated[bool, typer.Option(name, help=field.metadata["help"])]
    return Annotated[list[int] | None, typer.Option(name, min=0, help=field.metadata["help"])]


def build_record(record: type, arguments: dict[str, Any]) -> Any:
    """Take the record's fields out of ``arguments``; an option that may be repeated and is not is its "
    "default."""
    values = {field.name: arguments.pop(field.name) for field in fields(record)}
    values_by_name = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    repeated = {field.name for field in fields(record) if field.default == ()}
    return record(
        **{name: value for name, value in values_by_name.items() if not (value is None and name in repeated)}
    )
