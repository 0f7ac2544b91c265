"""The rules of DESIGN's rooms as a function from one module's source to the sentences that say what it breaks."""

import ast
import sys
from collections.abc import Iterator

PACKAGE = "mosaic_desktop"
OUTER = frozenset({"api", "transfers", "storage", "media", "sandbox", "webhooks"})
# The rooms each room may import besides itself.
MAY_IMPORT: dict[str, frozenset[str]] = {
    "core": frozenset(),
    **dict.fromkeys(OUTER, frozenset({"core"})),
    "jobs": frozenset({"core"}),
    "account": frozenset({"core"}),
    "gui": frozenset({"core", "jobs", "account"}),
    "cli": frozenset({"core", "jobs"}),
    "app": frozenset({"core", "jobs", "account", "gui", "cli", *OUTER}),
    "__main__": frozenset({"app"}),
    "__init__": frozenset(),
}
# The rooms each library may be imported in; sqlite3 is the standard library's, but memory is a matter of few rooms.
HOMES: dict[str, frozenset[str]] = {
    "PySide6": frozenset({"gui", "app"}),
    "qasync": frozenset({"gui", "app"}),
    "shiboken6": frozenset({"gui", "app"}),
    "httpx": frozenset({"api"}),
    "aiolimiter": frozenset({"api"}),
    "sniffio": frozenset({"api"}),  # for httpx, which finds it by itself
    "truststore": frozenset({"api"}),
    "pycurl": frozenset({"transfers"}),
    "blake3": frozenset({"transfers"}),
    "google_crc32c": frozenset({"transfers", "sandbox"}),
    "keyring": frozenset({"storage"}),
    "jeepney": frozenset({"storage"}),
    "secretstorage": frozenset({"storage"}),
    "sqlite3": frozenset({"storage", "sandbox"}),
    "av": frozenset({"media", "sandbox"}),
    "jsonschema": frozenset({"sandbox"}),
    "numpy": frozenset({"sandbox"}),
    "PIL": frozenset({"sandbox"}),
    "onnxruntime": frozenset({"sandbox"}),
    "pocketsphinx": frozenset({"sandbox"}),
    "starlette": frozenset({"sandbox", "webhooks"}),
    "uvicorn": frozenset({"sandbox", "webhooks"}),
    "platformdirs": frozenset({"app"}),
    "wakepy": frozenset({"app"}),
}
TASKS = f"{PACKAGE}.core.tasks"
ASK = f"{PACKAGE}.gui.ask"
# qasync's decorators make tasks too.
MAKES_TASKS = frozenset({"create_task", "ensure_future", "asyncSlot", "asyncClose"})
# These run a loop of their own inside the caller, in which other tasks stand still.
DIALOG_CLASSES = frozenset({"QMessageBox", "QFileDialog", "QInputDialog", "QColorDialog", "QFontDialog"})
STATIC_DIALOGS = frozenset({"about", "aboutQt", "critical", "information", "question", "warning"})


def breaches(source: str, module: str, is_package: bool = False) -> list[str]:
    """What the module named `module` (dotted, `__init__` left out) breaks; empty when it keeps every rule."""
    return [f"{module}:{line}: {words}" for line, words in sorted(_all(ast.parse(source), module, is_package))]


def _all(tree: ast.Module, module: str, is_package: bool) -> Iterator[tuple[int, str]]:
    room = room_of(module)
    if room not in MAY_IMPORT:
        yield 1, f"{room} is a room the rules do not know"
        return
    for node in ast.walk(tree):
        for line, target in _imports(node, module, is_package):
            words = _import_breach(room, target)
            if words:
                yield line, words
        yield from _use_breaches(node, module, room)


def room_of(module: str) -> str:
    """The room a module of ours is in; the package's own file counts as `__init__`."""
    return [*module.split("."), "__init__"][1]


def _imports(node: ast.AST, module: str, is_package: bool) -> Iterator[tuple[int, str]]:
    """Line and absolute dotted name of what this node imports, one for each name after `from ... import`."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield node.lineno, alias.name
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            parts = module.split(".")
            kept = len(parts) - node.level + is_package
            base = ".".join([*parts[:kept], *([base] if base else [])])
        for alias in node.names:
            yield node.lineno, f"{base}.{alias.name}"
    elif isinstance(node, ast.Call) and _name(node.func) in ("import_module", "__import__"):
        argument = node.args[0] if node.args else None
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield node.lineno, argument.value
        else:
            yield node.lineno, "a name made at run time"


def _import_breach(room: str, target: str) -> str:
    top = target.split(".")[0]
    if top == PACKAGE:
        other = room_of(target)
        if other not in MAY_IMPORT or other in (room, "__init__") or other in MAY_IMPORT[room]:
            return ""  # an unknown second part is a name of the package's own file, such as __version__
        return f"{room} imports {other}"
    if top in HOMES:
        return "" if room in HOMES[top] else f"{room} imports {top}, whose home is {' and '.join(sorted(HOMES[top]))}"
    return "" if top in sys.stdlib_module_names else f"{room} imports {top}, which has no home"


def _use_breaches(node: ast.AST, module: str, room: str) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Global):
        yield node.lineno, "global state"
    if isinstance(node, ast.Attribute | ast.Name) and _name(node) in MAKES_TASKS and module != TASKS:
        yield node.lineno, f"{_name(node)} outside core/tasks.py"
    if isinstance(node, ast.Attribute | ast.Name) and _name(node) == "QMessageBox" and module != ASK:
        yield node.lineno, "QMessageBox outside gui/ask.py"
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    name, owner = node.func.attr, _name(node.func.value)
    if name in ("exec", "exec_"):
        yield node.lineno, f".{name}() runs a loop inside the loop"
    if owner in DIALOG_CLASSES and (name in STATIC_DIALOGS or name.startswith("get")):
        yield node.lineno, f"{owner}.{name}() runs a loop inside the loop"
    if name == "instance" and room != "app":
        yield node.lineno, "instance() instead of a constructor's argument"


def _name(node: ast.AST) -> str:
    """The last part of a dotted name, empty for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
