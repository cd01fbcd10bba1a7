#!/bin/sh
# Usage: preview.sh PREVIEW
# Writes a preview of the stack as JSON. A preview that failed is written too, since report.sh reports its errors; this
# fails only if there is nothing to report on.
set -eu

pulumi preview --json --non-interactive >"$1" || [ -s "$1" ]
