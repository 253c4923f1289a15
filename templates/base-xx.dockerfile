FROM moby-build-golang AS moby-build-xx-files
RUN --mount=type=bind,source=hack/dockerfile/sources/tonistiigi/xx.git,target=/tmp/sources/xx.git \
    git clone -q /tmp/sources/xx.git /xx && mkdir -p /out/usr/bin && cd /xx \
    && if [ -d src ]; then cp -p src/xx-* /out/usr/bin/; else cp -p base/xx-* /out/usr/bin/; fi \
    && cd /out/usr/bin && ln -s xx-cc xx-clang && ln -s xx-cc xx-clang++ && ln -s xx-cc xx-c++ && ln -s xx-apt xx-apt-get

FROM scratch AS moby-build-xx
COPY --from=moby-build-xx-files /out/ /

