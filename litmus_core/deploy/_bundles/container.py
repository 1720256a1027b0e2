"""Dockerfile and compose file of a bundle, which run it elsewhere from its own folder."""

from __future__ import annotations

from litmus_core.runtime import Manifest

START_PERIOD_S = 30  # after this time a container that does not answer counts as failed
_PORT = 8000

_DOCKERFILE = """\
# Made with this bundle, and not built there:
#   docker build -t {tag} . && docker run -e LITMUS_API_KEY -p {port}:{port} {tag}
FROM python:{python}-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
{system}WORKDIR /app
COPY requirements.txt ./
COPY wheels ./wheels
RUN pip install -r requirements.txt && useradd --create-home --uid 10001 litmus
COPY --chown=litmus . ./bundle
USER litmus
EXPOSE {port}
HEALTHCHECK --interval=15s --timeout=5s --start-period={start}s --retries=3 \\
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:{port}/health', timeout=4)"]
# Callers need the key in LITMUS_API_KEY; without one the server does not start.
CMD ["python", "-m", "litmus_core.serving", "/app/bundle", "--port", "{port}", "--host", "0.0.0.0", \
    "--open-to-network", "--allow-host", "*"]
"""

_COMPOSE = """\
# LITMUS_API_KEY=… docker compose up
services:
  model:
    build: .
    image: {tag}
    ports: ["{port}:{port}"]
    environment:
      LITMUS_API_KEY: ${{LITMUS_API_KEY:?Set it to the key that callers must send}}
    read_only: true
    tmpfs: [/tmp]
    restart: unless-stopped
    security_opt: ["no-new-privileges:true"]
"""
_GOMP = """\
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 \\
    && rm -rf /var/lib/apt/lists/*
"""


def dockerfile(manifest: Manifest) -> str:
    """Return the Dockerfile: the bundle's Python, its requirements, a user without rights, a health check."""
    return _DOCKERFILE.format(
        tag=_tag(manifest),
        python=".".join(manifest.versions["python"].split(".")[:2]),
        system="" if manifest.executor == "compiled" else _GOMP,  # LightGBM and scikit-learn need OpenMP
        port=_PORT,
        start=START_PERIOD_S,
    )


def compose(manifest: Manifest) -> str:
    """Return compose.yaml."""
    return _COMPOSE.format(tag=_tag(manifest), port=_PORT)


def _tag(manifest: Manifest) -> str:
    return f"litmus-{manifest.id.replace('_', '-').lower()}"
