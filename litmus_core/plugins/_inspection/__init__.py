"""How a plug-in's classes look inside, read by a process of its own."""
