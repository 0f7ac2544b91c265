"""Whose certificates are believed: those that the operating system believes, or those that SSL_CERT_FILE names."""

import os
import platform
import ssl
from functools import lru_cache


def tls_context() -> ssl.SSLContext:
    """For connections to a service. The first one takes some 40 ms, in which the authorities are read; later ones none.

    SSL_CERT_FILE and SSL_CERT_DIR stand in for the system's store, as they do for libcurl and OpenSSL. Raises OSError
    where they name nothing usable.
    """
    return _context(os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", ""))


@lru_cache(maxsize=4)
def _context(file: str, folder: str) -> ssl.SSLContext:
    if file or folder:
        return ssl.create_default_context(cafile=file or None, capath=folder or None)
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if platform.system() in ("Windows", "Darwin"):
        return context
    # Elsewhere OpenSSL verifies, and truststore only finds its authorities, but reads them for each connection anew:
    # 40 ms on the thread of the window. What it prepared for a first connection serves all of them.
    return context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost").context


def no_context() -> ssl.SSLContext:
    """For what is never encrypted. It believes nobody, so that a connection that is encrypted after all fails."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
