#!/bin/sh
# Stands for moby's script of this name; never run by the tests.
set -e
exec rootlesskit dockerd "$@"
