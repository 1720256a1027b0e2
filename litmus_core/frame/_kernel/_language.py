"""The kernel's language: a subset of Python that means the same run by Python and compiled by LLVM.

64-bit integers, buffers of them, ``for … in range``, ``while``, ``if``, ``return``, ``break``, ``continue``,
arithmetic without division, comparisons, and calls of functions in the same source and of those below. A
buffer's type is its annotation; stored values are truncated to its width. Everything else is refused, so
nothing can be interpreted differently.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, MutableSequence

Bytes = MutableSequence[int]  # 8 bits each
Codes = MutableSequence[int]  # 32 bits each
Wholes = MutableSequence[int]  # 64 bits each, signed
Floats = MutableSequence[float]  # doubles; written only


def eight(buffer: Bytes, place: int) -> int:
    """Return the number formed by eight bytes, lowest first, without the last byte."""
    return int.from_bytes(bytes(buffer[place : place + 8]), "little", signed=True)


def put_eight(buffer: Bytes, place: int, number: int) -> int:
    """Write a number as eight bytes, the lowest first; return 0."""
    buffer[place : place + 8] = number.to_bytes(8, "little", signed=True)
    return 0


def ones(number: int) -> int:
    """Return how many bits of a number are set; 0 for negative ones."""
    return number.bit_count()


def trailing_zeros(number: int) -> int:
    """Return how many zero bits are below the lowest set one; the number is not 0."""
    return (number & -number).bit_length() - 1


_ELEMENTS = {"Bytes": "i8", "Codes": "i32", "Wholes": "i64", "Floats": "double"}
_SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.BitAnd: "and",
    ast.BitOr: "or",
    ast.BitXor: "xor",
    ast.LShift: "shl",
    ast.RShift: "ashr",
}
_COMPARISONS: dict[type[ast.AST], str] = {
    ast.Eq: "eq",
    ast.NotEq: "ne",
    ast.Lt: "slt",
    ast.LtE: "sle",
    ast.Gt: "sgt",
    ast.GtE: "sge",
}


def translated(source: str, *, entry: str) -> str:
    """Return a module's source as LLVM text; ``entry`` can be called from outside.

    Raises SyntaxError for anything outside the language.
    """
    tree = ast.parse(source)
    constants = {
        statement.targets[0].id: str(ast.literal_eval(statement.value))
        for statement in tree.body
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    }
    functions = [statement for statement in tree.body if isinstance(statement, ast.FunctionDef)]
    names = {function.name for function in functions}
    declarations = "declare i64 @llvm.cttz.i64(i64, i1)\ndeclare i64 @llvm.ctpop.i64(i64)\n"
    return declarations + "\n".join(
        _Function(function, constants, names).text("" if function.name == entry else "internal ")
        for function in functions
    )


class _Function:
    """One function during translation: ``lines`` so far, and the kind and address of each variable."""

    def __init__(self, tree: ast.FunctionDef, constants: dict[str, str], functions: set[str]) -> None:
        self._tree, self._constants, self._functions = tree, constants, functions
        self._lines: list[str] = []
        self._head: list[str] = []
        self._kinds: dict[str, str] = {}
        self._n_made = 0
        self._loops: list[tuple[str, str]] = []  # targets of ``continue`` and ``break``
        self._statements: dict[type[ast.AST], Callable[..., None]] = {
            ast.Assign: self._assign,
            ast.AugAssign: self._augment,
            ast.If: self._if,
            ast.While: self._while,
            ast.For: self._for,
            ast.Return: lambda node: self._end(f"ret i64 {self._number(node.value)}"),
            ast.Break: lambda _: self._end(f"br label %{self._loops[-1][1]}"),
            ast.Continue: lambda _: self._end(f"br label %{self._loops[-1][0]}"),
        }
        self._expressions: dict[type[ast.AST], Callable[..., tuple[str, str]]] = {
            ast.Name: self._name,
            ast.Constant: lambda node: ("int", str(int(node.value))),
            ast.Subscript: self._element,
            ast.BinOp: self._binary,
            ast.UnaryOp: self._unary,
            ast.Compare: self._compare,
            ast.BoolOp: self._both,
            ast.IfExp: self._choice,
            ast.Call: self._call,
        }

    def text(self, linkage: str) -> str:
        arguments = [(arg.arg, ast.unparse(arg.annotation or arg)) for arg in self._tree.args.args]
        for name, kind in arguments:
            self._store(name, kind, f"%{name}")
        self._block(self._tree.body)
        self._end("ret i64 0")
        parameters = ", ".join(f"{_type(kind)} %{name}" for name, kind in arguments)
        body = "\n".join([".entry:", *self._head, *self._lines[:-1]])  # the last label has no code
        return f"define {linkage}i64 @{self._tree.name}({parameters}) nounwind {{\n{body}\n}}\n"

    def _emit(self, line: str) -> str:
        self._n_made += 1
        self._lines.append(f"  %.{self._n_made} = {line}")
        return f"%.{self._n_made}"

    def _labels(self, *names: str) -> list[str]:
        self._n_made += 1
        return [f"{name}.{self._n_made}" for name in names]

    def _end(self, line: str) -> None:
        """End the current block, and start one that nothing leads to yet."""
        self._lines.append(f"  {line}")
        self._lines.append(f"{self._labels('after')[0]}:")

    def _begin(self, label: str) -> None:
        self._lines += [f"  br label %{label}", f"{label}:"]

    def _store(self, name: str, kind: str, value: str) -> None:
        if name not in self._kinds:
            self._kinds[name] = kind
            self._head.append(f"  %{name}.at = alloca {_type(kind)}")
        if self._kinds[name] != kind:
            raise self._unknown(f"'{name}' of two kinds")
        self._lines.append(f"  store {_type(kind)} {value}, ptr %{name}.at")

    def _unknown(self, construct: str) -> SyntaxError:
        return SyntaxError(f"The kernel's language has no {construct} (in '{self._tree.name}').")

    # Statements.

    def _block(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            if isinstance(statement, ast.Expr):
                if not isinstance(statement.value, ast.Constant):  # skip docstrings
                    self._value(statement.value)
            elif type(statement) in self._statements:
                self._statements[type(statement)](statement)
            else:
                raise self._unknown(type(statement).__name__)

    def _assign(self, node: ast.Assign) -> None:
        [target] = node.targets
        kind, value = self._value(node.value)
        if isinstance(target, ast.Name):
            self._store(target.id, kind, value)
            return
        if not isinstance(target, ast.Subscript):
            raise self._unknown(ast.unparse(node))
        _, element, place = self._place(target)
        if element == "double":
            value = self._emit(f"sitofp i64 {value} to double")
        elif element != "i64":
            value = self._emit(f"trunc i64 {value} to {element}")
        self._lines.append(f"  store {element} {value}, ptr {place}")

    def _augment(self, node: ast.AugAssign) -> None:
        if not isinstance(node.target, ast.Name):
            raise self._unknown(ast.unparse(node))
        changed = ast.BinOp(ast.Name(node.target.id), node.op, node.value)
        self._store(node.target.id, *self._value(changed))

    def _if(self, node: ast.If) -> None:
        yes, no, following = self._labels("yes", "no", "then")
        self._branch(node.test, yes, no)
        for label, body in ((yes, node.body), (no, node.orelse)):
            self._lines.append(f"{label}:")
            self._block(body)
            self._lines.append(f"  br label %{following}")
        self._lines.append(f"{following}:")

    def _while(self, node: ast.While) -> None:
        again, body, following = self._labels("again", "body", "done")
        self._begin(again)
        self._branch(node.test, body, following)
        self._lines.append(f"{body}:")
        self._loops.append((again, following))
        self._block(node.body)
        self._loops.pop()
        self._lines += [f"  br label %{again}", f"{following}:"]

    def _for(self, node: ast.For) -> None:
        if not (isinstance(node.iter, ast.Call) and ast.unparse(node.iter.func) == "range"):
            raise self._unknown(f"'for' over {ast.unparse(node.iter)}")
        bounds = node.iter.args
        first, last = (ast.Constant(0), *bounds) if len(bounds) == 1 else bounds[:2]
        again, body, step, following = self._labels("again", "body", "step", "done")
        stop, by = self._number(last), self._number(bounds[2]) if len(bounds) == 3 else "1"
        counter = f"{ast.unparse(node.target)}.{self._n_made}"
        self._store(counter, "int", self._number(first))
        self._begin(again)
        now = self._emit(f"load i64, ptr %{counter}.at")
        more = self._emit(f"icmp slt i64 {now}, {stop}")
        self._lines += [f"  br i1 {more}, label %{body}, label %{following}", f"{body}:"]
        self._store(ast.unparse(node.target), "int", now)
        self._loops.append((step, following))
        self._block(node.body)
        self._loops.pop()
        self._begin(step)
        self._store(counter, "int", self._emit(f"add i64 {now}, {by}"))
        self._lines += [f"  br label %{again}", f"{following}:"]

    def _branch(self, test: ast.expr, yes: str, no: str) -> None:
        """Continue at ``yes`` or ``no``; ``and`` and ``or`` short-circuit."""
        if isinstance(test, ast.BoolOp):
            for value in test.values[:-1]:
                [further] = self._labels("further")
                is_and = isinstance(test.op, ast.And)
                self._branch(value, *((further, no) if is_and else (yes, further)))
                self._lines.append(f"{further}:")
            self._branch(test.values[-1], yes, no)
            return
        holds = self._emit(f"icmp ne i64 {self._number(test)}, 0")
        self._lines.append(f"  br i1 {holds}, label %{yes}, label %{no}")

    # Expressions: each returns its kind and the name of its value.

    def _value(self, node: ast.expr) -> tuple[str, str]:
        if type(node) not in self._expressions:
            raise self._unknown(ast.unparse(node))
        return self._expressions[type(node)](node)

    def _number(self, node: ast.expr | None) -> str:
        if node is None:
            return "0"
        kind, value = self._value(node)
        if kind != "int":
            raise self._unknown(f"number {ast.unparse(node)}")
        return value

    def _name(self, node: ast.Name) -> tuple[str, str]:
        if node.id in self._kinds:
            kind = self._kinds[node.id]
            return kind, self._emit(f"load {_type(kind)}, ptr %{node.id}.at")
        if node.id in self._constants:
            return "int", self._constants[node.id]
        raise self._unknown(f"name '{node.id}'")

    def _place(self, node: ast.Subscript) -> tuple[str, str, str]:
        """Return a buffer's kind, and its element's type and address."""
        kind, buffer = self._value(node.value)
        element = _ELEMENTS.get(kind, "ptr")
        place = self._emit(f"getelementptr {element}, ptr {buffer}, i64 {self._number(node.slice)}")
        return kind, element, place

    def _element(self, node: ast.Subscript) -> tuple[str, str]:
        kind, element, place = self._place(node)
        value = self._emit(f"load {element}, ptr {place}")
        if element == "ptr":
            return kind.removeprefix("Sequence[").removesuffix("]"), value
        return "int", value if element == "i64" else self._emit(f"zext {element} {value} to i64")

    def _binary(self, node: ast.BinOp) -> tuple[str, str]:
        if type(node.op) not in _SIGNS:
            raise self._unknown(ast.unparse(node))
        left, right = self._number(node.left), self._number(node.right)
        return "int", self._emit(f"{_SIGNS[type(node.op)]} i64 {left}, {right}")

    def _unary(self, node: ast.UnaryOp) -> tuple[str, str]:
        value = self._number(node.operand)
        if isinstance(node.op, ast.Not):
            return "int", self._truth(f"icmp eq i64 {value}, 0")
        if isinstance(node.op, ast.Invert):
            return "int", self._emit(f"xor i64 {value}, -1")
        if isinstance(node.op, ast.USub):
            return "int", self._emit(f"sub i64 0, {value}")
        raise self._unknown(ast.unparse(node))

    def _truth(self, line: str) -> str:
        return self._emit(f"zext i1 {self._emit(line)} to i64")

    def _compare(self, node: ast.Compare) -> tuple[str, str]:
        sign = type(node.ops[0])
        if sign not in _COMPARISONS or len(node.ops) > 1:
            raise self._unknown(ast.unparse(node))
        left, right = self._number(node.left), self._number(node.comparators[0])
        return "int", self._truth(f"icmp {_COMPARISONS[sign]} i64 {left}, {right}")

    def _both(self, node: ast.BoolOp) -> tuple[str, str]:
        return self._choice(ast.IfExp(node, ast.Constant(1), ast.Constant(0)))

    def _choice(self, node: ast.IfExp) -> tuple[str, str]:
        yes, no, following = self._labels("yes", "no", "then")
        answer = f"answer.{self._n_made}"
        self._branch(node.test, yes, no)
        for label, value in ((yes, node.body), (no, node.orelse)):
            self._lines.append(f"{label}:")
            self._store(answer, "int", self._number(value))
            self._lines.append(f"  br label %{following}")
        self._lines.append(f"{following}:")
        return "int", self._emit(f"load i64, ptr %{answer}.at")

    def _call(self, node: ast.Call) -> tuple[str, str]:
        name, arguments = ast.unparse(node.func), [self._value(value) for value in node.args]
        if name in self._functions:
            listed = ", ".join(f"{_type(kind)} {value}" for kind, value in arguments)
            return "int", self._emit(f"call i64 @{name}({listed})")
        if name == "trailing_zeros":
            return "int", self._emit(f"call i64 @llvm.cttz.i64(i64 {arguments[0][1]}, i1 true)")
        if name == "ones":
            return "int", self._emit(f"call i64 @llvm.ctpop.i64(i64 {arguments[0][1]})")
        if name not in ("eight", "put_eight"):
            raise self._unknown(f"function '{name}'")
        place = self._emit(f"getelementptr i8, ptr {arguments[0][1]}, i64 {arguments[1][1]}")
        if name == "eight":
            return "int", self._emit(f"load i64, ptr {place}, align 1")
        self._lines.append(f"  store i64 {arguments[2][1]}, ptr {place}, align 1")
        return "int", "0"


def _type(kind: str) -> str:
    return "i64" if kind in ("int", "None") else "ptr"
