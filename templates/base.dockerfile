FROM scratch AS moby-build-debian
ADD hack/dockerfile/base/root.tar /
RUN --mount=type=bind,source=hack/dockerfile/base/packages,target=/tmp/moby-build-base sh /tmp/moby-build-base/install.sh

FROM moby-build-debian AS moby-build-golang
ENV PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
ENV GOLANG_VERSION={go} GOPATH=/go GOTOOLCHAIN=local
ADD hack/dockerfile/base/go.tar /usr/local/
RUN mkdir -p /go/src /go/bin && chmod -R 1777 /go && go version
WORKDIR /go

