// `openai-containers import --run` writes the containers that it imports to this file: docs/import.md.
export * from "./sandboxes";
