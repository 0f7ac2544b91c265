"""The classic generation of Mosaic's API behind ``core.ports.MosaicService``."""

from contextlib import AbstractAsyncContextManager

import httpx

from mosaic_desktop.api import protocol
from mosaic_desktop.api.address import base_address
from mosaic_desktop.api.auth import HeaderStyle, PinnedAuth
from mosaic_desktop.api.direct import RenderedVideo, open_render
from mosaic_desktop.api.exchange import Timeouts, exchange, http_client
from mosaic_desktop.api.progress import ProgressScale
from mosaic_desktop.api.wire import Answer, Request
from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.ports import RemoteFile, RemoteOutput, RunStatus, UploadTicket
from mosaic_desktop.core.run import RunSpec
from mosaic_desktop.core.secrets import Secret


class ClassicMosaic:
    """One account at one Mosaic. Lives on one event loop.

    ``base_url`` is used as given; http is accepted for this computer only. The credential goes to that scheme, host and
    port and nowhere else. Every method raises MosaicError: NetworkError where no complete answer came, AuthError,
    ServiceError with the contract's codes, ProtocolError for answers outside the contract. The constructor raises
    MosaicError (VALIDATION) for an unusable address and AuthError for an unusable credential.
    """

    def __init__(
        self,
        base_url: str,
        credential: Secret,
        *,
        header: HeaderStyle = HeaderStyle.BEARER,
        timeouts: Timeouts | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._base = base_address(base_url)
        self._timeouts = timeouts or Timeouts()
        self._transport = transport
        self._scale = ProgressScale()
        auth = PinnedAuth(credential, header, self._base.origin)
        self._http = http_client(self._timeouts, direct=self._base.on_this_computer, auth=auth, transport=transport)
        self._storage: httpx.AsyncClient | None = None

    async def check(self) -> None:
        """Returns if the service accepts the credential. Raises AuthError if not."""
        await self.list_agents(limit=1)

    async def request_upload(self, name: str, size: int, content_type: str) -> UploadTicket:
        """``size``: bytes. Contract: POST /video/get-upload-url."""
        return protocol.read_ticket(await self._send(protocol.upload_url(name, size, content_type)))

    async def finalize_upload(self, video_id: str) -> RemoteFile:
        """May be repeated. Contract: POST /video/finalize-upload."""
        return protocol.read_file(await self._send(protocol.finalize(video_id)))

    async def list_agents(self, limit: int | None = None) -> tuple[Agent, ...]:
        """Newest first; ``limit`` from 1 to 100. Contract: GET /get-user-agents-simple."""
        return protocol.read_agents(await self._send(protocol.agents(limit)))

    async def start_run(self, file_id: str, spec: RunSpec) -> str:
        """Starts a run, which spends credits, and returns its id. Contract: POST /run-agent.

        NetworkError with ``seen`` False: certainly not started. ProtocolError: taken, but the answer is unreadable.
        """
        request = protocol.run_agent(file_id, spec)
        return protocol.read_started(await self._send(request, self._timeouts.start), spec.parameters)

    async def run_detail(self, run_id: str) -> RunStatus:
        """With the graph; progress from 0 to 1. Contract: GET /get-agent-run."""
        return protocol.read_status(await self._send(protocol.run_detail(run_id)), self._scale)

    async def run_status(self, run_id: str) -> RunStatus:
        """Progress from 0 to 1. Contract: GET /get-agent-run-simple."""
        return protocol.read_status(await self._send(protocol.run_simple(run_id)), self._scale)

    async def run_outputs(self, run_id: str) -> tuple[RemoteOutput, ...]:
        """Sizes in bytes, durations in seconds, links fresh. Contract: GET /get-agent-run-outputs."""
        return protocol.read_outputs(await self._send(protocol.run_outputs(run_id)))

    async def retry_node(self, node_id: str) -> None:
        """Contract: POST /retry-agent-run-node."""
        protocol.read_retried(await self._send(protocol.retry_node(node_id)))

    def rendered_video(self, node_id: str) -> AbstractAsyncContextManager[RenderedVideo]:
        """The render of one node, open for reading. Contract: GET /download-rendered-video.

        Raises StorageError too, where the storage refuses the link it was sent to.
        """
        if self._storage is None:
            self._storage = http_client(self._timeouts, direct=self._base.on_this_computer, transport=self._transport)
        return open_render(self._http, self._storage, self._base, protocol.rendered_video(node_id))

    async def aclose(self) -> None:
        """Closes the connections. No call may follow."""
        await self._http.aclose()
        if self._storage is not None:
            await self._storage.aclose()

    async def _send(self, request: Request, read: float | None = None) -> Answer:
        return await exchange(self._http, self._base, request, self._timeouts, read or self._timeouts.read)
