"""Operations of an expression graph, one module for each type of value."""
