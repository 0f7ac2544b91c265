"""What a person at a terminal reads once the server answers: where it is, and commands from upload to download.

They work in bash and in zsh, which takes no comments where people type, and whose own variable PROMPT is.
"""

from mosaic_desktop.sandbox.accounts import Credentials

_HINTS = """\
The local Mosaic answers at {origin}/api. Ctrl-C ends it.

Try it in another terminal, in the folder of a video. Its name goes into the second line, the rest is pasted as it is:

  API={origin}/api KEY={key}
  VIDEO=video.mp4
  WORDS='{prompt}'
  mosaic() {{ curl -sS -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' "$@"; }}
  field() {{ python3 -c 'import json, sys; a = json.load(sys.stdin); print(a.get("'$1'") or sys.exit(a["detail"]))'; }}

  echo '1. Upload: ask for a link, send the bytes, say that they are there'
  WISH="{{\\"filename\\": \\"$VIDEO\\", \\"file_size\\": $(wc -c < "$VIDEO"), \\"content_type\\": \\"video/mp4\\"}}"
  UPLOAD=$(mosaic $API/video/get-upload-url -d "$WISH")
  curl -sS -T "$VIDEO" -H 'Content-Type: video/mp4' "$(echo "$UPLOAD" | field upload_url)"
  FILE=$(mosaic $API/video/finalize-upload/$(echo "$UPLOAD" | field video_id) -d '{{}}' | field file_uuid)

  echo "2. Run: in words, or with agent_id and parameters from $API/get-user-agents-simple"
  RUN=$(mosaic $API/run-agent -d "{{\\"file_id\\": \\"$FILE\\", \\"prompt\\": \\"$WORDS\\"}}" | field agent_run_id)
  while [ "$(mosaic $API/get-agent-run-simple/$RUN | field status)" = running ]; do sleep 1; done
  mosaic $API/get-agent-run-simple/$RUN | field status_message

  echo '3. Download'
  first() {{ python3 -c 'import json, sys; print(*(o["'$1'"] for o in json.load(sys.stdin).get("outputs", [])[:1]))'; }}
  LINK=$(mosaic $API/get-agent-run-outputs/$RUN | first download_url)
  if [ "$LINK" ]; then curl -sS -o edited.mp4 "$LINK"; else echo 'There is no video. What is said above tells why.'; fi

The API is described at {origin}/openapi.json.
Keys and credits are for people who signed in ({auth_url}, public key {anon_key}):
  {email}, password {password}
Faults can be ordered at {origin}/admin/faults with the token {admin_token}
"""


def hints(origin: str, account: Credentials, anon_key: str, admin_token: str) -> str:
    """The whole text, several lines."""
    return _HINTS.format(
        origin=origin,
        key=account.api_key,
        prompt="louder, without noise",
        auth_url=f"{origin}/auth/v1",
        anon_key=anon_key,
        email=account.email,
        password=account.password,
        admin_token=admin_token,
    )
