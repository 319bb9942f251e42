# One file, three images. `docker build --target task .` is what ECS runs; the last target is what Astro builds.
FROM python:3.12-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/filings
COPY requirements/task.txt requirements/instant.txt /tmp/

FROM packages AS task-packages
RUN /opt/filings/bin/pip install --require-hashes -r /tmp/task.txt

FROM packages AS instant-packages
RUN /opt/filings/bin/pip install --require-hashes -r /tmp/instant.txt

FROM python:3.12-slim-bookworm AS runtime
ENV PATH=/opt/filings/bin:$PATH PYTHONPATH=/app PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN useradd --system --uid 10001 --no-create-home filings
COPY include/filings /app/filings
WORKDIR /app
USER filings
ENTRYPOINT ["python", "-m", "filings"]
CMD ["--help"]

FROM runtime AS task
COPY --from=task-packages /opt/filings /opt/filings

FROM runtime AS instant
COPY --from=instant-packages /opt/filings /opt/filings

FROM astrocrpublic.azurecr.io/runtime:3.2-6 AS airflow
ENV PYTHONPATH=/usr/local/airflow/include:/usr/local/airflow/plugins
