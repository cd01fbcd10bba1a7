#!/bin/sh
# Prints the heading of a report.
printf '# %s\n\n_Example company, internal_\n' "$1"
