"""Bytes between files and signed links, with libcurl in worker threads. Knows nothing of Mosaic."""
