"""A proxy that is none, or that leads back to where the request came from."""

from pointsman.config.model import Config
from pointsman.config.source import Source
from pointsman.profiles.hosts import is_loopback, split

_KEY = ("PROXY_URL",)


def lint_proxy(config: Config, source: Source, own_port: int | None) -> None:
    """Check `PROXY_URL`. `own_port` is the port a claude-code-router file gives to the router itself."""
    if not config.proxy or source.reported(_KEY):
        return
    proxy = split(config.proxy)
    if proxy is None:
        hint = "Write http://HOST:PORT. SOCKS proxies are not supported."
        source.report("bad-proxy", _KEY, "`PROXY_URL` is not the URL of an http or https proxy.", hint)
        return
    here = (proxy.hostname, proxy.port)
    for provider in config.Providers:
        url = split(provider.api_base_url)
        if url and (url.hostname, url.port) == here:
            message = f"`PROXY_URL` points at the provider {provider.name}: requests would go round in a circle."
            source.report("proxy-is-provider", _KEY, message, "Take it out, or name the real proxy.")
            return
    if own_port is not None and is_loopback(config.proxy) and proxy.port == own_port:
        message = "`PROXY_URL` points at the router's own port."
        source.report("proxy-is-provider", _KEY, message, "Take it out, or name the real proxy.")
