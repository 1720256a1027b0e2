"""Tables: their contents, problems and versions."""
