"""Recipes of a workspace: edit, test and follow them step by step."""
