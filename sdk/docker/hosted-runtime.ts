/**
 * The instructions of an image near the hosted runtime: Debian 12 with Python 3.11, Node 22, Java 17, PHP 8.2, Ruby 3.1 and
 * Go 1.23. Its bases exist for linux/amd64 and linux/arm64, and an engine takes its own.
 */
export const hostedRuntime = [
  "FROM node:22-bookworm-slim AS node",
  "FROM golang:1.23-bookworm AS go",
  "FROM python:3.11-slim-bookworm",
  "COPY --from=node /usr/local/bin/node /usr/local/bin/node",
  "COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules",
  "COPY --from=go /usr/local/go /usr/local/go",
  "RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \\",
  " && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx \\",
  " && ln -s ../go/bin/go ../go/bin/gofmt /usr/local/bin/",
];

/** Debian 12 has these in the hosted runtime's versions. */
export const hostedRuntimePackages = ["openjdk-17-jdk-headless", "php8.2-cli", "ruby3.1"];
