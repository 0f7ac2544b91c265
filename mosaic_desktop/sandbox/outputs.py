"""What a run brought, with links that are fresh each time (contract: "get-agent-run-outputs")."""

from mosaic_desktop.sandbox.runs import Runs
from mosaic_desktop.sandbox.signing import Signer


class Outputs:
    """The outputs of runs as clients see them."""

    def __init__(self, runs: Runs, signer: Signer) -> None:
        self._runs = runs
        self._signer = signer

    def of_run(self, run_id: str) -> list[dict[str, object]]:
        return [
            {
                "node_id": row["node_id"],
                "file_id": row["file_id"],
                "download_url": self._signer.get_link(row["object_key"], attachment=row["file_name"]),
                "thumbnail_url": self._signer.get_link(row["thumbnail_key"]),
                "duration_ms": row["duration_ms"],
                "file_size": row["file_size"],
                "status": "success",
            }
            for row in self._runs.renders(run_id)
        ]
