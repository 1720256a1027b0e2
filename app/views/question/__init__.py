"""The question in the making: target, task type, metric and goal."""
