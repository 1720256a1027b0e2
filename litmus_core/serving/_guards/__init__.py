"""What each request passes before the model: the connection, its host, origin and key."""
