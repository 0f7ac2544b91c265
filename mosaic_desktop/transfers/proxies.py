"""By which proxy storage is reached."""

import platform


def proxy_for(host: str) -> str | None:
    """Of an address that begins with https, as the system's settings say. None where libcurl knows by itself: it reads
    the environment, and nothing else.
    """
    if platform.system() not in ("Windows", "Darwin"):
        return None
    from urllib.request import getproxies, getproxies_environment, proxy_bypass

    if getproxies_environment() or proxy_bypass(host):
        return None
    return getproxies().get("https")
