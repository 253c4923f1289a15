# In the shape of moby's: what a build hears of make's variables, and where its output goes.

variable "DOCKER_STATIC" {
  default = "1"
}
variable "DOCKER_DEBUG" {
  default = ""
}
variable "DOCKER_LDFLAGS" {
  default = ""
}
variable "DOCKER_BUILDTAGS" {
  default = ""
}
variable "DOCKER_GITCOMMIT" {
  default = null
}
variable "VERSION" {
  default = ""
}
variable "PLATFORM" {
  default = ""
}
variable "PRODUCT" {
  default = ""
}
variable "DEFAULT_PRODUCT_LICENSE" {
  default = ""
}
variable "PACKAGER_NAME" {
  default = ""
}
variable "DESTDIR" {
  default = ""
}

function "bindir" {
  params = [defaultdir]
  result = DESTDIR != "" ? DESTDIR : "./bundles/${defaultdir}"
}

target "_common" {
  args = {
    DOCKER_STATIC = DOCKER_STATIC
    DOCKER_DEBUG = DOCKER_DEBUG
    DOCKER_LDFLAGS = DOCKER_LDFLAGS
    DOCKER_BUILDTAGS = DOCKER_BUILDTAGS
    DOCKER_GITCOMMIT = DOCKER_GITCOMMIT
    VERSION = VERSION
    PLATFORM = PLATFORM
    PRODUCT = PRODUCT
    DEFAULT_PRODUCT_LICENSE = DEFAULT_PRODUCT_LICENSE
    PACKAGER_NAME = PACKAGER_NAME
  }
}

group "default" {
  targets = ["binary"]
}

target "binary" {
  inherits = ["_common"]
  target = "binary"
  output = [bindir(DOCKER_STATIC == "1" ? "binary" : "dynbinary")]
}

target "dynbinary" {
  inherits = ["binary"]
  output = [bindir("dynbinary")]
  args = {
    DOCKER_STATIC = "0"
  }
}

target "all" {
  inherits = ["_common"]
  target = "all"
  output = [bindir(DOCKER_STATIC == "1" ? "binary" : "dynbinary")]
}
