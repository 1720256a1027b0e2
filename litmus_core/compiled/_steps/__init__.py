"""One module for each kind of step; its ``RUNNER`` is the class that runs such a step."""
