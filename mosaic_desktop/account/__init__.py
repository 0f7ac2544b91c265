"""The account: session, credit balance, what runs cost, API keys. Free of Qt and of any library."""
