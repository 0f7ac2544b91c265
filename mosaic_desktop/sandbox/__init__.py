"""The local Mosaic: a real server of Mosaic's classic API that really edits video.

It runs as its own process and is reached over loopback only. It shares no code with the API layer, so that a mistake
there cannot hide here.
"""
