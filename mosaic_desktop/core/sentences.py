"""Every problem as a sentence: what happened, what the application does, what the user can do."""

from mosaic_desktop.core.errors import Code, Problem

_SENTENCES: dict[str, str] = {
    Code.VALIDATION: "Mosaic did not accept this request.",
    Code.OUT_OF_RANGE: "A parameter is outside of what the agent takes.",
    Code.INVALID_KEY: "Mosaic does not accept this API key. Enter a valid one in Settings.",
    Code.RUN_LIMIT: "All runs of your plan are in use. This one starts when one of them ends.",
    Code.NO_CREDITS: "There are not enough credits. Nothing that costs credits starts until you top up and go on.",
    Code.FORBIDDEN: "This belongs to another account.",
    Code.TOO_MANY_RETRIES: "Three steps of this run are already being retried. Wait for one of them.",
    Code.NOT_FOUND: "Mosaic does not know this any more.",
    Code.INVALID_STATE: "This step is not in a state that can be retried.",
    Code.RATE_LIMIT: "Mosaic asked for a pause. The app goes on by itself.",
    Code.SERVER: "Mosaic had an internal error.",
    Code.SERVER_NODE: "Mosaic had an internal error.",
    Code.UNREACHABLE: "Mosaic cannot be reached. The app keeps trying.",
    Code.INTERRUPTED: "The connection broke.",
    Code.TLS: "The connection is not secure, so nothing was sent. Check this computer’s date and certificates.",
    Code.GATEWAY: "Something between here and Mosaic answered instead of it.",
    Code.UNREADABLE_ANSWER: "Mosaic gave an answer that this app cannot read.",
    Code.REDIRECTED: "Mosaic pointed to another address, which this app does not follow.",
    Code.LINK_EXPIRED: "The link ran out. The app asks for another one.",
    Code.LINK_REFUSED: "The link to the storage was refused.",
    Code.STORAGE: "The storage had an error.",
    Code.STARTS_OVER: "The connection broke. The storage keeps nothing of a broken upload, so the app sends it anew.",
    Code.WRONG_SIZE: "The file that came is not the size that was announced, so it was not kept.",
    Code.WRONG_CONTENT: "The file that came differs from what was announced, so it was not kept.",
    Code.FILE_MISSING: "The file is not there any more.",
    Code.FILE_AWAY: "The folder that holds this file is not there. Connect its disk and the upload goes on by itself.",
    Code.FILE_UNREADABLE: "The file cannot be read. Check its permissions and its disk.",
    Code.FILE_CHANGED: "The file changed since it was added. Retry sends it as it is now.",
    Code.FILE_EMPTY: "The file is empty.",
    Code.FILE_TOO_SMALL: "The file is smaller than 1 KB, which is no video.",
    Code.FILE_TOO_LARGE: "The file is larger than 10 GiB, the most that Mosaic takes.",
    Code.NOT_A_VIDEO: "This is not a video that can be read.",
    Code.NO_VIDEOS_IN_FOLDER: "There are no videos in this folder.",
    Code.ALREADY_QUEUED: "This is already in the queue.",
    Code.UNKNOWN_LINK: "Only links to single YouTube videos can be added.",
    Code.VIDEO_REMOVED: "The video was taken out of the queue before it was uploaded.",
    Code.FOLDER_UNWRITABLE: (
        "The output folder cannot be written to. What has come is kept: make it writable and retry, "
        "or choose another folder in Settings and download again."
    ),
    Code.FOLDER_MISSING: (
        "The folder that holds what has come so far is not there. Connect its disk and retry, "
        "or download again from the beginning."
    ),
    Code.DISK_FULL: "The disk is full. What has come is kept: free some space, then retry.",
    Code.NO_KEY: "There is no API key for this work. Enter it in the window.",
    Code.NO_KEYRING: "This system has no keyring service, so the key cannot be kept safely.",
    Code.KEYRING_LOCKED: "Your keyring is locked. Unlock it, then try again.",
    Code.KEYRING_SILENT: "Your keyring did not answer. It may be waiting for you to unlock it.",
    Code.KEYRING_FAILED: "The keyring did not work.",
    Code.KEYRING_GONE: "The keyring that holds your key is not there any more.",
    Code.KEYRING_DENIED: "Your keyring did not give this app access.",
    Code.SECRET_TOO_LONG: "This is too long to be a key or a token of Mosaic, so it was not kept.",
    Code.SIGNED_OUT: "Sign in to see your credits and your API keys. Your work goes on without it.",
    Code.SESSION_ENDED: "Your sign-in has ended. Sign in again to see credits and keys; your work goes on without it.",
    Code.INVALID_LOGIN: "The email or the password is not right.",
    Code.EMAIL_NOT_CONFIRMED: "This email is not confirmed yet. Open the link in the mail that Mosaic sent you.",
    Code.SIGN_IN_REFUSED: "Mosaic does not accept this sign-in. Sign in again, or paste a fresh session token.",
    Code.NO_SIGN_IN: "This account has no address to sign in at. Add it in the account’s settings.",
    Code.PORT_TAKEN: "Another program uses this port. Choose another one.",
    Code.PORT_REFUSED: "This computer does not let the app use this port. Choose another one, above 1023.",
    Code.RECEIVER_OFF: "The receiver is off. Turn it on first.",
    Code.RECEIVER_FAILED: "The receiver stopped. Runs are still watched; turn it on again to hear of them at once.",
    Code.JOURNAL: "The list of your work cannot be written to disk.",
    Code.IN_USE: "Mosaic Desktop is already open with this data folder.",
    Code.DATA_FOLDER: "The folder in which this app keeps its data cannot be used.",
    Code.SANDBOX: "The local Mosaic did not start.",
    Code.RUN_FAILED: "The run failed.",
    Code.NO_OUTPUTS: "The run finished without any video.",
    Code.UNEXPECTED: "Something unexpected happened. The log has the details.",
}

_DETAIL_SAYS_MORE = frozenset(
    {
        Code.VALIDATION,
        Code.OUT_OF_RANGE,
        Code.RUN_FAILED,
        Code.SERVER,
        Code.SERVER_NODE,
        Code.INVALID_STATE,
        Code.SANDBOX,
        Code.NO_KEY,
        Code.DATA_FOLDER,
    }
)

_WITH_DETAIL = frozenset(
    {
        Code.LINK_REFUSED,
        Code.STORAGE,
        Code.GATEWAY,
        Code.FILE_UNREADABLE,
        Code.NOT_A_VIDEO,
        Code.FOLDER_UNWRITABLE,
        Code.KEYRING_FAILED,
        Code.KEYRING_GONE,
    }
)


def sentence(problem: Problem) -> str:
    """``problem`` for a person. Where the service's own sentence says more, that one."""
    known = _SENTENCES.get(problem.code)
    if problem.detail and (known is None or problem.code in _DETAIL_SAYS_MORE):
        return problem.detail
    if known is None:
        return f"Mosaic answered with the error “{problem.code}”."
    if problem.detail and problem.code in _WITH_DETAIL:
        return f"{known} ({problem.detail})"
    return known


START_UNKNOWN = (
    "The answer to the start of this run was lost, so it may be running and may have been charged. "
    "The app never repeats it by itself."
)
UNCONFIRMED = (
    f"{START_UNKNOWN.removesuffix('.')}: start it again (it may charge twice), enter the run’s id, or forget it."
)
