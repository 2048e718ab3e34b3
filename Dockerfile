# The torc command in a container: a Java runtime of only what it needs, the application's jars and
# an AOT cache for quick starts, run by a user that is not root. How to build and run it, and what
# has been tried: deploy/README.md.
#
# The bases by digest make it repeatable: --build-arg BASE=debian:bookworm-slim@sha256:...
ARG JDK_BASE=eclipse-temurin:25-jdk
ARG BASE=debian:bookworm-slim

FROM ${JDK_BASE} AS build
RUN command -v mvn >/dev/null \
    || { apt-get -qq update \
        && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends maven \
        && rm -rf /var/lib/apt/lists/*; }
WORKDIR /src
COPY . .
# Tests and the format check are for "mvn verify". The build looks for its JDK in JAVA25_HOME.
RUN --mount=type=cache,target=/root/.m2 \
    JAVA25_HOME=$JAVA_HOME mvn -q -Dmaven.test.skip=true -Dtorc.format.skip=true \
        -pl server-standalone -am package \
    && mkdir -p /opt/torc \
    && cp -r server-standalone/target/app/lib deploy/java-options deploy/healthcheck /opt/torc/

# The modules of the JDK that the application's modules require; the last two are for what Micrometer
# reads and for signals. Recording the cache, below, fails when one is missing.
RUN "$JAVA_HOME/bin/jlink" --output /opt/torc/runtime \
        --add-modules java.base,java.logging,java.management,java.xml,jdk.management,jdk.unsupported \
        --compress zip-6 --no-header-files --no-man-pages

# A cache is for these files at this path with these times, so the times are not those of the build.
ARG SOURCE_DATE_EPOCH=1767225600
RUN find /opt/torc -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} + \
    && deploy/record-aot /opt/torc/torc.aot /opt/torc/runtime/bin/java @/opt/torc/java-options \
    && touch -d "@$SOURCE_DATE_EPOCH" /opt/torc/torc.aot /opt/torc

FROM ${BASE}
LABEL org.opencontainers.image.title=torc \
    org.opencontainers.image.description="A shard-per-core HTTP server on io_uring, in pure Java" \
    org.opencontainers.image.licenses=Apache-2.0
COPY --from=build /opt/torc /opt/torc
ENV LANG=C.UTF-8 \
    TORC_HOST=0.0.0.0 \
    TORC_ADMIN_HOST=0.0.0.0 \
    TORC_ADMIN_PORT=9090
# Where "torc serve" looks for files.
WORKDIR /srv
# By number, so that Kubernetes can tell that it is not root.
USER 10001:10001
EXPOSE 8080
# Health and metrics: do not publish it.
EXPOSE 9090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 CMD ["/opt/torc/healthcheck"]
ENTRYPOINT ["/opt/torc/runtime/bin/java", "@/opt/torc/java-options", \
    "-XX:AOTCache=/opt/torc/torc.aot", "-Xlog:aot=off", "-Xlog:cds=off", \
    "-m", "dev.torc.standalone/dev.torc.standalone.Main"]
CMD ["serve"]
