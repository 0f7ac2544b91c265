"""The Account page: credits, API keys and webhooks."""
