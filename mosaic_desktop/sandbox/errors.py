"""Errors that the API answers with, as the contract's "Errors" table names them."""


class ApiError(Exception):
    """One answer of the contract's error table.

    `code` is the machine word, `detail` the sentence for a person, `field` the parameter at fault if there is one,
    `retry_after` the seconds after which the same request would be taken.
    """

    def __init__(
        self, status: int, code: str, detail: str, field: str | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.field = field
        self.retry_after = retry_after


class SignInError(Exception):
    """What Supabase Auth answers instead of a session: its code, and its words."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def invalid(detail: str) -> ApiError:
    """A malformed, missing or contradictory field."""
    return ApiError(400, "validation_error", detail)


def not_found(what: str) -> ApiError:
    return ApiError(404, "not_found", f"There is no {what} with this id.")


def forbidden(what: str) -> ApiError:
    return ApiError(403, "forbidden", f"This {what} belongs to another account.")


def unexpected_code(path: str) -> str:
    """The word for an unexpected failure of the call at this path."""
    return "internal_error" if "/retry-agent-run-node/" in path else "internal_server_error"


class StartError(Exception):
    """The server cannot start; the text is a sentence for the person at the terminal."""
