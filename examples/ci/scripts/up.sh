#!/bin/sh
# Usage: up.sh PREVIEW FINGERPRINT
# Updates the stack if the preview in the file PREVIEW has the changes whose fingerprint is in the file FINGERPRINT.
set -eu

node_modules/.bin/openai-containers report "$1" --format text --expect-fingerprint "$(cat "$2")"
pulumi up --yes --skip-preview --non-interactive
