"""What the server and its workers must agree on."""

# The word that makes this program a worker.
RENDER_STEPS = "render-steps"
