"""What an agent is: a graph of nodes and a JSON Schema of its parameters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from mosaic_desktop.sandbox.errors import ApiError

Schema = Mapping[str, object]
# What parameters that are colors have in common.
A_COLOR: Schema = {"type": "string", "format": "color", "pattern": "^#[0-9A-Fa-f]{6}$", "maxLength": 7}
_MOST_SHOWN = 60
Condition = Callable[[Mapping[str, object]], bool]


def _always(_: Mapping[str, object]) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Node:
    """One step of an agent. `type` names the step and is unique within the agent; `after` are types it waits for.

    `price` is in credits for each started minute of the video. `when` tells from all parameters whether it is wanted.
    """

    type: str
    name: str
    price: float
    after: tuple[str, ...] = ()
    when: Condition = _always


@dataclass(frozen=True, slots=True, eq=False)
class Agent:
    """`kind` is the stable name under which runs remember their agent; `properties` are JSON Schemas by name."""

    kind: str
    name: str
    description: str
    nodes: tuple[Node, ...]
    properties: Mapping[str, Schema]

    @property
    def parameters_schema(self) -> Schema:
        return {"type": "object", "properties": self.properties, "additionalProperties": False}

    @property
    def defaults(self) -> dict[str, object]:
        return {name: schema["default"] for name, schema in self.properties.items()}

    def nodes_for(self, parameters: Mapping[str, object]) -> tuple[Node, ...]:
        """Those that are wanted with these parameters, which may leave out what is at its default."""
        all_of_them = {**self.defaults, **parameters}
        wanted = [node for node in self.nodes if node.when(all_of_them)]
        types = {node.type for node in wanted}
        return tuple(replace(node, after=tuple(type for type in node.after if type in types)) for node in wanted)

    def check(self, parameters: Mapping[str, object]) -> None:
        """Raises 422 `parameter_out_of_range` with the name of the first parameter that does not fit."""
        # The library takes a third of a second to load, which the start of the server need not wait for.
        from jsonschema import Draft202012Validator

        for name, value in parameters.items():
            schema = self.properties.get(name)
            if schema is None:
                known = ", ".join(self.properties)
                raise _out_of_range(name, f"{self.name} has no parameter '{name[:_MOST_SHOWN]}'. It knows {known}.")
            if not Draft202012Validator(schema).is_valid(value):
                raise _out_of_range(name, f"{name}: {schema['title']} must be {_wanted(schema)}.")


def _wanted(schema: Schema) -> str:
    """What a parameter takes, in words."""
    choices = schema.get("enum")
    if isinstance(choices, list):
        return f"one of {', '.join(map(str, choices))}"
    match schema["type"]:
        case "boolean":
            return "true or false"
        case "string" if schema.get("format") == "color":
            return "a color like #FFD400"
        case "string":
            return f"text of at most {schema['maxLength']} characters"
        case kind:
            number = "a whole number" if kind == "integer" else "a number"
            return f"{number} from {schema['minimum']} to {schema['maximum']} {schema.get('x-unit', '')}".strip()


def _out_of_range(field: str, detail: str) -> ApiError:
    return ApiError(422, "parameter_out_of_range", detail, field)
