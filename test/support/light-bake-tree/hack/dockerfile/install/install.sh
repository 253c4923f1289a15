#!/bin/bash
# Every moby tree has this file; from 23.0 on packagers alone use it.
