"""Operations of an expression graph, one module a type of value."""
