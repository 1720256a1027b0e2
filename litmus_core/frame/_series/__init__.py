"""The symbolic column: pandas' methods, accessors and operators."""
