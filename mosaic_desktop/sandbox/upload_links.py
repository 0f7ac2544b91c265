"""Where a client is told to send a video: to a signed link in one piece, or to a session that goes on after a break."""

from dataclasses import dataclass
from urllib.parse import quote

from mosaic_desktop.sandbox.link_kind import LinkKind
from mosaic_desktop.sandbox.sessions import Sessions
from mosaic_desktop.sandbox.signing import Signer

_WORTH_A_SESSION = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class UploadLinks:
    """Makes the links of one kind. Those of sessions are not signed: their secret id says it all."""

    kind: LinkKind
    signer: Signer
    sessions: Sessions

    def link(self, key: str, size: int, content_type: str) -> str:
        if self.kind is LinkKind.SESSION or (self.kind is LinkKind.AUTO and size > _WORTH_A_SESSION):
            return f"{self.signer.root}/{quote(key)}?upload_id={self.sessions.start(key, size, content_type)}"
        return self.signer.put_link(key, content_type)
