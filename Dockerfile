# syntax=docker/dockerfile:1
#
# docker build -t sluice .
# docker run --rm --read-only --cap-drop ALL -p 7000:7000 sluice       then: nc 127.0.0.1 7000
#
# Both stages are Ubuntu 24.04: a native binary needs a C library at least as new as the one it was linked with.

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends clang zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source

# Packages change seldom: their layer depends on nothing but what names them.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt ./
COPY src/Redirect/Redirect.csproj src/Redirect/
COPY src/ProxyHost/ProxyHost.csproj src/ProxyHost/
ARG TARGETARCH=amd64
RUN case "$TARGETARCH" in \
      amd64) echo linux-x64 ;; \
      arm64) echo linux-arm64 ;; \
      *) echo "no such build of sluice: $TARGETARCH" >&2; exit 1 ;; \
    esac > /rid \
    && dotnet restore src/ProxyHost -r "$(cat /rid)"

COPY .editorconfig ./
COPY src src
RUN dotnet publish src/ProxyHost -c Release -r "$(cat /rid)" --no-restore -o out


FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
LABEL org.opencontainers.image.title="sluice" \
      org.opencontainers.image.description="A TCP splicing reverse proxy configured by YAML and observed through OpenTelemetry" \
      org.opencontainers.image.licenses="MIT"
COPY LICENSE /usr/share/doc/sluice/
COPY --from=build /source/out/sluice /usr/bin/
COPY deploy/container/sluice.yaml /etc/sluice/

# The base image's own user: neither root nor able to write anywhere.
USER $APP_UID
EXPOSE 7000
HEALTHCHECK --interval=5s --timeout=5s --start-period=5s --retries=3 \
    CMD ["/usr/bin/sluice", "healthcheck", "/etc/sluice/sluice.yaml"]
ENTRYPOINT ["/usr/bin/sluice"]
CMD ["run", "/etc/sluice/sluice.yaml"]
