"""Find the plug-ins of a file or package in a separate process."""
