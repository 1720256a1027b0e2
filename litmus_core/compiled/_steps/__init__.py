"""What runs a plan's steps: the module of a step's kind, whose ``RUNNER`` is made of the step."""
