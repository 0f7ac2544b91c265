"""The OpenAPI description of the local Mosaic: valid, complete, and true."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import schemathesis
from starlette.routing import BaseRoute, Mount, Route

from mosaic_desktop.sandbox.app import build_routes
from mosaic_desktop.sandbox.building import build_services
from mosaic_desktop.sandbox.database import open_database
from mosaic_desktop.sandbox.openapi import description
from mosaic_desktop.sandbox.options import Options
from tests.sandbox.client import answer
from tests.support.sandbox_server import RunningSandbox
from tests.support.waiting import PATIENCE


def test_it_is_valid_and_the_server_tells_it_to_everybody(server: RunningSandbox) -> None:
    told = answer(httpx.get(f"{server.base_url.removesuffix('/api')}/openapi.json", timeout=PATIENCE))
    assert told == description()
    assert told["openapi"].startswith("3.1.")
    schemathesis.openapi.from_dict(told).validate()


def test_every_call_is_described_and_nothing_else(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "sandbox.db", 1, lambda: False)) as database:
        routes = build_routes(build_services(database, Options(tmp_path), "http://127.0.0.1:1"))
    assert set(_described()) == set(_served(routes))


def test_every_operation_has_its_own_name() -> None:
    names = [operation["operationId"] for operation in _described().values()]
    assert len(set(names)) == len(names)


def _described() -> dict[tuple[str, str], dict[str, object]]:
    """Operations by method and path, whose parameters have lost their names."""
    paths = description()["paths"]
    assert isinstance(paths, dict)
    return {
        (method.upper(), _nameless(path)): operation
        for path, item in paths.items()
        for method, operation in item.items()
    }


def _served(routes: list[BaseRoute], root: str = "") -> Iterator[tuple[str, str]]:
    for route in routes:
        if isinstance(route, Mount):
            yield from _served(route.routes, route.path)
        else:
            assert isinstance(route, Route)
            # Starlette adds HEAD to every GET; storage means it.
            methods = (route.methods or set()) - (set() if root == "/storage" else {"HEAD"})
            yield from ((method, _nameless(root + route.path)) for method in methods)


def _nameless(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))
