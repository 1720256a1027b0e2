"""Tables: what is in them, what is wrong with them, and their versions."""
