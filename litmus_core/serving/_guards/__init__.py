"""The checks that each request passes before the model: its connection, host, origin and key."""
