"""CSV of one column that matters, and another beside it."""


def table(name: str, cells: tuple[str, ...], mark: str = ",") -> str:
    """Return a file with a column ``name`` of these cells."""
    return f"{name}{mark}other\n" + "".join(f'"{cell}"{mark}a\n' for cell in cells)
