"""The folder that answers a horizon: plain numbers, read without the libraries that trained."""
