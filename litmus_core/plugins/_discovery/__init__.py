"""What plug-ins a file or package offers, found by a process of its own."""
