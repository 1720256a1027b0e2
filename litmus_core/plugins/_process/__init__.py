"""The child process that a plug-in runs in."""
