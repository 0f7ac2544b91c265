"""A Mosaic that is there as soon as it is needed: for a server whose address is known only after it started."""

from collections.abc import Awaitable, Callable

from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.ports import MosaicService, RemoteFile, RemoteOutput, RunStatus, UploadTicket
from mosaic_desktop.core.run import RunSpec


class DeferredService:
    """Implements MosaicService by asking ``current`` for the real one at each call.

    ``current`` may raise MosaicError; then nothing was sent.
    """

    def __init__(self, current: Callable[[], Awaitable[MosaicService]]) -> None:
        self._current = current

    async def request_upload(self, name: str, size: int, content_type: str) -> UploadTicket:
        return await (await self._current()).request_upload(name, size, content_type)

    async def finalize_upload(self, video_id: str) -> RemoteFile:
        return await (await self._current()).finalize_upload(video_id)

    async def list_agents(self, limit: int | None = None) -> tuple[Agent, ...]:
        return await (await self._current()).list_agents(limit)

    async def start_run(self, file_id: str, spec: RunSpec) -> str:
        return await (await self._current()).start_run(file_id, spec)

    async def run_detail(self, run_id: str) -> RunStatus:
        return await (await self._current()).run_detail(run_id)

    async def run_status(self, run_id: str) -> RunStatus:
        return await (await self._current()).run_status(run_id)

    async def run_outputs(self, run_id: str) -> tuple[RemoteOutput, ...]:
        return await (await self._current()).run_outputs(run_id)

    async def retry_node(self, node_id: str) -> None:
        await (await self._current()).retry_node(node_id)

    async def aclose(self) -> None:
        """The real services are closed by whoever made them."""
