#!/bin/sh
# Usage: report.sh PREVIEW FOLDER
# Writes report.md and report.json of a preview, and shows the former as the job's summary. Fails if the preview failed, or
# if it has one of the findings in FAIL_ON, which are separated by commas.
set -eu

preview=$1 folder=$2
report() { node_modules/.bin/openai-containers report "$preview" "$@"; }

mkdir -p "$folder"
report --format json --output "$folder/report.json" 2>/dev/null || true # the next line fails for the same reason
code=0
report --format markdown --quiet-if-unchanged --output "$folder/report.md" ${FAIL_ON:+--fail-on "$FAIL_ON"} || code=$?

if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  cat "$folder/report.md" >>"$GITHUB_STEP_SUMMARY"
fi
exit "$code"
