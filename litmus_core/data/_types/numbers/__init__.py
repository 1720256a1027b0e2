"""Numbers as people write them: formats, units, and what is lost or noted on the way."""
