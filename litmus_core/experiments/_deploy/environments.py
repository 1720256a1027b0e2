"""Deployment environments: descriptions of production machines, for certificates."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.experiments._context import Context
from litmus_core.types import DeploymentEnvironment, EnvironmentDeleted, EnvironmentSaved


@dataclass(frozen=True, slots=True)
class EnvironmentsService:
    """The deployment environments of a workspace, and environments with installed bundles."""

    context: Context

    def get(self, name: str) -> DeploymentEnvironment:
        """Return one deployment environment; UnknownNameError suggests similar names."""
        environments = {environment.name: environment for environment in self.list()}
        if name not in environments:
            raise UnknownNameError(kind="deployment environment", name=name, names=environments)
        return environments[name]

    def save(self, environment: DeploymentEnvironment) -> None:
        """Save a deployment environment; one of the same name is replaced. Raises UsageError for invalid
        values.
        """
        memory, price = environment.memory_mb, environment.price_per_hour_usd
        if not environment.name.strip():
            raise UsageError("An environment needs a name.", hint="Nothing was changed.")
        if environment.cpus < 1 or (memory is not None and memory < 1) or (price is not None and price < 0):
            raise UsageError(
                "An environment has one processor at least, some memory, and a price of 0 or more.",
                hint="Leave memory or price empty where there is no limit, or it is not known.",
            )
        self.context.record(EnvironmentSaved(environment=environment))

    def delete(self, name: str) -> None:
        """Delete a deployment environment; its certificates stay."""
        self.context.record(EnvironmentDeleted(name=self.get(name).name))

    def delete_built(self, key: str) -> None:
        """Remove an environment with a bundle's installed requirements; see :meth:`sizes`."""
        from litmus_core.deploy import remove_environment

        remove_environment(self.context.workspace.environments, key)

    def list(self) -> list[DeploymentEnvironment]:
        """Return the deployment environments: built-in ones, as changed here, and custom ones."""
        return list_environments(self.context)


def list_environments(context: Context) -> list[DeploymentEnvironment]:
    """Return the deployment environments of a workspace."""
    from litmus_core.deploy import DEFAULT_ENVIRONMENTS

    environments = {
        environment.name: environment for environment in DEFAULT_ENVIRONMENTS
    } | context.store.environments()
    return [environment for environment in environments.values() if environment is not None]
