"""Tools for agents over one workspace, with a budget of test-set evaluations."""
