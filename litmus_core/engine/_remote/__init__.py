"""Train models on another machine: what travels, and how."""
