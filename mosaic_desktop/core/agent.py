"""An agent as the service lists it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Agent:
    """A saved workflow. ``parameters_schema`` is JSON Schema (an object with properties), or None where unknown."""

    id: str
    name: str
    description: str = ""
    created_at: str | None = None
    parameters_schema: Mapping[str, Any] | None = None
