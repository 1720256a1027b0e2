"""Recipes of a workspace: edit them, test them, and follow them step by step."""
