"""The draft of a task: target, task type, metric and goal."""
