#!/usr/bin/env python3
"""Prints the most frequent words of the standard input."""

import collections
import sys

words = collections.Counter(sys.stdin.read().lower().split())
for word, count in words.most_common(10):
    print(f"{count:6} {word}")
