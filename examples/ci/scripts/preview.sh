#!/bin/sh
# Usage: preview.sh PREVIEW
# Writes a preview of the stack as JSON. A preview that fails may be written too, for report.sh, but only the exit code says
# that a policy was violated.
set -eu

unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW # that form has secrets in clear, and the file becomes an artifact
pulumi preview --json --non-interactive >"$1"
