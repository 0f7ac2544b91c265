"""The classic generation of Mosaic's API behind ``core.ports.MosaicService``."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

import httpx

from mosaic_desktop.api import protocol
from mosaic_desktop.api.address import base_address
from mosaic_desktop.api.auth import HeaderStyle, PinnedAuth
from mosaic_desktop.api.direct import RenderedVideo, open_render
from mosaic_desktop.api.exchange import Timeouts, exchange, http_client, made_of
from mosaic_desktop.api.progress import ProgressScale
from mosaic_desktop.api.wire import Answer, Request
from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.ports import RemoteFile, RemoteOutput, RunStatus, UploadTicket
from mosaic_desktop.core.run import RunSpec
from mosaic_desktop.core.secrets import Secret

T = TypeVar("T")


class ClassicMosaic:
    """One account at one Mosaic. Lives on one event loop.

    ``base_url`` is used as given; http is accepted for this computer only. The credential goes to that scheme, host and
    port and nowhere else. The constructor raises MosaicError (VALIDATION) for an unusable address or unusable
    settings of proxies and certificates, and AuthError for an unusable credential.

    Every call ends within ``timeouts`` and raises MosaicError and nothing else:

    - NetworkError where no complete answer came (UNREACHABLE, INTERRUPTED, TLS);
    - AuthError (401) where the credential is not accepted;
    - ServiceError with the code, detail and status of the contract's table (section Errors) and ``retry_after`` in
      seconds; with GATEWAY where something in between answered, with REDIRECTED for a redirect that is not followed;
    - ProtocolError (a ServiceError) for an answer outside the contract.

    Below, each call names the codes that are its own.
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
        self._http = http_client(
            self._timeouts,
            direct=self._base.on_this_computer,
            encrypted=self._base.encrypted,
            auth=auth,
            transport=transport,
        )
        self._storage: httpx.AsyncClient | None = None

    async def check(self) -> None:
        """Returns if the service accepts the credential, raises AuthError if not. Contract: section Authentication."""
        await self.list_agents(limit=1)

    async def request_upload(self, name: str, size: int, content_type: str) -> UploadTicket:
        """Where to send ``size`` bytes of ``content_type`` (MIME). Contract: POST /video/get-upload-url.

        ServiceError: VALIDATION, as for less than 1024 bytes.
        """
        return await self._ask(protocol.upload_url(name, size, content_type), protocol.read_ticket)

    async def finalize_upload(self, video_id: str) -> RemoteFile:
        """The file that the sent bytes became. May be repeated. Contract: POST /video/finalize-upload/{video_id}.

        ServiceError: NOT_FOUND, FORBIDDEN.
        """
        return await self._ask(protocol.finalize(video_id), protocol.read_file)

    async def list_agents(self, limit: int | None = None) -> tuple[Agent, ...]:
        """The account's own, newest first; ``limit`` from 1 to 100, None for all.

        Contract: GET /get-user-agents-simple.
        """
        return await self._ask(protocol.agents(limit), protocol.read_agents)

    async def start_run(self, file_id: str, spec: RunSpec) -> str:
        """Starts a run, which spends credits, and returns its id. Contract: POST /run-agent.

        NetworkError with ``seen`` False: certainly not started. With ``seen`` True, as with ProtocolError, GATEWAY or
        a status from 500: it may have started.
        ServiceError: VALIDATION, RUN_LIMIT (retryable), NO_CREDITS, FORBIDDEN, NOT_FOUND, OUT_OF_RANGE with ``field``.
        """

        def read(answer: Answer) -> str:
            return protocol.read_started(answer, spec.parameters)

        return await self._ask(protocol.run_agent(file_id, spec), read, self._timeouts.start)

    async def run_detail(self, run_id: str) -> RunStatus:
        """With the graph; progress from 0 to 1. Contract: GET /get-agent-run/{agent_run_id}.

        ServiceError: NOT_FOUND, FORBIDDEN.
        """
        return await self._ask(protocol.run_detail(run_id), self._read_status)

    async def run_status(self, run_id: str) -> RunStatus:
        """Without the graph; progress from 0 to 1. Contract: GET /get-agent-run-simple/{agent_run_id}.

        ServiceError: NOT_FOUND, FORBIDDEN.
        """
        return await self._ask(protocol.run_simple(run_id), self._read_status)

    async def run_outputs(self, run_id: str) -> tuple[RemoteOutput, ...]:
        """Sizes in bytes, durations in seconds, links fresh. Contract: GET /get-agent-run-outputs/{agent_run_id}.

        ServiceError: NOT_FOUND, FORBIDDEN.
        """
        return await self._ask(protocol.run_outputs(run_id), protocol.read_outputs)

    async def retry_node(self, node_id: str) -> None:
        """Sets a failed node and all that follows it going again. Contract: POST /retry-agent-run-node/{node_id}.

        Repeating it while under way changes nothing. ServiceError: INVALID_STATE where the node is not failed,
        TOO_MANY_RETRIES beyond three at once in one run, NOT_FOUND, FORBIDDEN.
        """
        await self._ask(protocol.retry_node(node_id), protocol.read_retried)

    def rendered_video(self, node_id: str) -> AbstractAsyncContextManager[RenderedVideo]:
        """The render of one node, open for reading. Contract: GET /download-rendered-video/{agent_run_node_id}.

        ServiceError: NOT_FOUND, FORBIDDEN. Raises StorageError too (LINK_REFUSED, STORAGE), where the storage that the
        service points to does not give it.
        """
        if self._storage is None:
            self._storage = http_client(self._timeouts, direct=self._base.on_this_computer, transport=self._transport)
        return open_render(self._http, self._storage, self._base, protocol.rendered_video(node_id), self._timeouts)

    async def aclose(self) -> None:
        """Closes the connections. No call may follow."""
        await self._http.aclose()
        if self._storage is not None:
            await self._storage.aclose()

    def _read_status(self, answer: Answer) -> RunStatus:
        return protocol.read_status(answer, self._scale)

    async def _ask(self, request: Request, read: Callable[[Answer], T], silence: float | None = None) -> T:
        silence = silence or self._timeouts.read
        return await made_of(await exchange(self._http, self._base, request, self._timeouts, silence), read)
