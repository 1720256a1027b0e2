"""Score files: in chunks, resumable, on one machine or several."""
