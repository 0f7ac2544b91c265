"""The local receiver of webhook deliveries (contract, section Webhooks)."""
