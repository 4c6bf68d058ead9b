# The wheel is built in one image and installed in another: no source, no build tools, no root.
FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m pip install --no-cache-dir "build==1.6.1"
COPY pyproject.toml README.md CHANGELOG.md LICENSE ./
COPY contracts contracts
COPY mock_server mock_server
COPY fixtures/examples fixtures/examples
RUN python -m build --wheel --outdir /dist

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 lipflap
COPY --from=build /dist /dist
RUN python -m pip install --no-cache-dir /dist/*.whl
USER 10001
WORKDIR /home/lipflap
EXPOSE 8787
# Give LIPFLAP_ADMIN_TOKEN when you run it: a server that others can reach starts with an admin token only.
ENV PYTHONUNBUFFERED=1
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8787/__lipflap/health', timeout=2)"]
CMD ["lipflap", "serve", "--host", "0.0.0.0", "--port", "8787"]
