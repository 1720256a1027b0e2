"""Recipes of a workspace: edited, tested and followed step by step."""
