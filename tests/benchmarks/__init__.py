"""Speed, measured beside its peers: ``python3 packaging/dev.py bench``. Nothing here passes or fails a build."""
