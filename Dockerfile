# The studio, from its wheel: docs/guides/security.md. `make wheel` first, then `docker compose up --build`.
FROM python:3.11-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/*
COPY constraints.txt build/dist/*.whl /wheels/
RUN pip install --constraint /wheels/constraints.txt "$(ls /wheels/*.whl)[train,app,postgres,schema,signin]" \
    && useradd --create-home --uid 10001 litmus && install -d -o litmus /data
USER litmus
WORKDIR /home/litmus
# The key that says whose a workspace is, too: without it the next container would trust nothing of this one.
ENV LITMUS_HOME=/data/workspace XDG_CONFIG_HOME=/data/config
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.build_opener(u.ProxyHandler({})).open('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
# Whoever reaches the pages works as this user: compose.yaml opens them to one machine alone. Others need a sign-in.
CMD ["litmus", "app", "--port", "8501"]
