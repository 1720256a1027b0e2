"""The Python API: ``train``, its arguments, and the handles that it returns."""
