"""The door for agents: tools over one workspace, with a budget of test-set evaluations."""
