import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { parsed, UsageError } from "../command";
import { type Filter, globPattern, secondsOf } from "./filter";

type BackendName = "openai" | "docker";

/** What `openai-containers import` was asked to do. */
export interface ImportOptions {
  backends: readonly BackendName[];
  filter: Filter;
  /** The containers that were named one by one; empty where a filter or a person chooses. */
  ids: readonly string[];
  /** The file for `pulumi import --file`. */
  file: string | undefined;
  /** The generated program. */
  program: string | undefined;
  mapping: string | undefined;
  run: boolean;
  stack: string | undefined;
  protect: boolean;
  json: boolean;
}

/** @throws UsageError */
export function optionsFrom(args: string[]): ImportOptions {
  const values = valuesFrom(args);
  const { backend: backends, id: ids, file, program, mapping, run, stack, json } = values;
  const unknown = backends.find((name) => !isBackend(name));
  if (unknown !== undefined) throw invalid("backend", unknown, "openai or docker");
  const duplicate = ids.find((id, index) => ids.indexOf(id) !== index);
  if (duplicate !== undefined) throw new UsageError("OC5203", `--id ${duplicate} was given twice`);
  if (program !== undefined && !/\.[jt]s$/.test(program))
    throw invalid("program", program, "a file name that ends in .ts or .js");
  if (stack !== undefined && !run) throw new UsageError("OC5204", "--stack has no effect without --run");
  const filter = filterFrom(values);
  if (ids.length > 0 && Object.keys(filter).length > 0)
    throw new UsageError(
      "OC5205",
      "--id cannot be combined with --name, --status, --older-than, --newer-than or --memory",
    );
  return {
    backends: [...new Set(backends.filter(isBackend))],
    filter,
    ids,
    file,
    program,
    mapping,
    run,
    stack,
    protect: !values["no-protect"],
    json,
  };
}

/** @throws UsageError where one file would be written over another */
export function assertDistinct(files: readonly (string | undefined)[]): void {
  const paths = files.flatMap((file) => (file === undefined ? [] : [resolve(file)]));
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) throw new UsageError("OC5226", `--file, --program and --mapping: two of them are ${twice}`);
}

function isBackend(name: string): name is BackendName {
  return name === "openai" || name === "docker";
}

function valuesFrom(args: string[]) {
  const options = {
    backend: { type: "string", multiple: true, default: ["openai"] as string[] },
    id: { type: "string", multiple: true, default: [] as string[] },
    name: { type: "string" },
    status: { type: "string" },
    "older-than": { type: "string" },
    "newer-than": { type: "string" },
    memory: { type: "string" },
    file: { type: "string" },
    program: { type: "string" },
    mapping: { type: "string" },
    run: { type: "boolean", default: false },
    stack: { type: "string" },
    "no-protect": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  } as const;
  return parsed(() => parseArgs({ args, options }).values);
}

function filterFrom(values: ReturnType<typeof valuesFrom>): Filter {
  const { name, status, memory } = values;
  if (memory !== undefined && !/^(1|4|16|64)g$/.test(memory)) throw invalid("memory", memory, "1g, 4g, 16g or 64g");
  return {
    ...(name !== undefined && { name: globPattern(name) }),
    ...(status !== undefined && { status }),
    ...(memory !== undefined && { memory }),
    ...ageFrom("older-than", values["older-than"], "olderThan"),
    ...ageFrom("newer-than", values["newer-than"], "newerThan"),
  };
}

function ageFrom(option: string, text: string | undefined, key: "olderThan" | "newerThan"): Filter {
  if (text === undefined) return {};
  const seconds = secondsOf(text);
  if (seconds === undefined) throw invalid(option, text, "a duration such as 90s, 30m, 2h or 7d");
  return { [key]: seconds };
}

function invalid(option: string, value: string, expected: string): UsageError {
  return new UsageError("OC5201", `--${option}: got ${JSON.stringify(value)}, expected ${expected}`);
}
