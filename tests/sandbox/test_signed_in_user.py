"""The person who signed in, in all of Supabase's words: its own client libraries refuse a user without some of them."""

from datetime import datetime

from tests.sandbox.client import answer, connect_sign_in
from tests.support.sandbox_server import RunningSandbox

# What supabase-auth for Python and supabase-swift need, and what the service always tells besides.
ALWAYS = {
    "id", "aud", "role", "email", "phone", "app_metadata", "user_metadata", "identities", "created_at", "updated_at",
    "is_anonymous",
}  # fmt: skip


def test_a_user_has_all_that_client_libraries_need(server: RunningSandbox) -> None:
    with connect_sign_in(server) as sign_in:
        session = sign_in.password(server.account)
        again = answer(sign_in.refresh(session["refresh_token"]))
        user = answer(sign_in.user(again["access_token"]))
    assert user == session["user"] == again["user"]
    assert set(user) >= ALWAYS
    assert user["app_metadata"] == {"provider": "email", "providers": ["email"]}
    assert (user["user_metadata"], user["identities"], user["is_anonymous"]) == ({}, [], False)
    assert {user[name] for name in ("updated_at", "confirmed_at", "email_confirmed_at")} == {user["created_at"]}
    assert datetime.fromisoformat(user["created_at"]).tzinfo is not None
