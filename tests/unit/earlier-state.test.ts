import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { specialSigKey } from "@pulumi/pulumi/runtime/rpc";
import { backendKinds } from "../../provider/backends";
import type { Backend } from "../../provider/backends/backend";
import { ContainerProvider } from "../../provider/host/container-provider";
import { PulumiLog } from "../../provider/host/pulumi-log";
import { read } from "../../provider/lifecycle/journal/files";
import type { Observed } from "../../provider/model/record";
import { at } from "../../provider/model/unknowns";
import { journalFolder, journalIn } from "../support/journal";
import { rejectingBackend } from "../support/rejecting-backend";

const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/openai-containers:Container::analysis";
const secret = { domain: "a.example.com", name: "KEY", value: "a value" };
const args = {
  memoryLimit: "4g",
  networkPolicy: { type: "allowlist", allowedDomains: ["b.example.com", "a.example.com"], domainSecrets: [secret] },
  expiresAfter: { anchor: "last_active_at", minutes: 20 },
  backend: "docker",
  docker: { image: "alpine" },
  __urn: urn,
};

/** As an earlier build recorded it, for a program that names the container and for one that does not. */
const recorded = {
  name: "analysis-70d8a3a1",
  ...args,
  object: "container",
  status: "running",
  createdAt: 1_700_000_000,
  imageId: "sha256:1",
  location: "docker:HERE",
  __autoName: true,
};
const nameless = { state: recorded, inputs: args };
const named = { state: { ...recorded, __autoName: false }, inputs: { ...args, name: recorded.name } };

/** Added by later releases, as Pulumi takes an output that is missing in state as unknown. */
const absent = { fileIds: null, skills: null, project: null };

const observed: Observed = {
  id: "cntr_1",
  name: recorded.name,
  status: "running",
  createdAt: recorded.createdAt,
  memoryLimit: "4g",
  networkPolicy: { type: "allowlist", allowedDomains: ["a.example.com", "b.example.com"] },
  expiresAfter: args.expiresAfter,
  docker: args.docker,
  imageId: "sha256:1",
};

/** A file of the journal as an earlier build wrote it, before entries had a process and the time of their id. */
const entry = {
  urn,
  backend: "docker",
  location: "docker:HERE",
  name: recorded.name,
  nameIsDrawn: true,
  program: "/shop",
  state: "0123456789abcdef",
  engine: "127.0.0.1:1",
  time: "2026-01-02T03:04:05.678Z",
  id: "cntr_1",
};
const later = { process: { pid: 4321, started: "a-boot 5678" }, named: "2026-01-02T03:04:09.012Z", besides: "cntr_2" };

describe("the state of an earlier release", () => {
  let folder: string;
  let deleted: string[];
  beforeEach(() => {
    folder = journalFolder();
    deleted = [];
  });

  const engine: Backend = {
    ...rejectingBackend,
    status: async () => "running",
    observe: async () => observed,
    repair: async () => observed,
    delete: async (id) => {
      deleted.push(id);
    },
  };
  const configured = () => ({ connectionWarnings: () => [], open: async () => engine });
  const kinds = { ...backendKinds, docker: { ...backendKinds.docker, configured } };
  const provider = () => new ContainerProvider(kinds, new PulumiLog(undefined), journalIn(folder));
  /** Properties without the mark of secrets, which the SDK removes from what it reads. */
  const unmarked = (properties: Record<string, unknown> | undefined): unknown =>
    JSON.parse(JSON.stringify(properties), (_, value: unknown) =>
      at(value, specialSigKey) ? at(value, "value") : value,
    );

  for (const [kind, { state, inputs }] of Object.entries({ nameless, named })) {
    for (const [release, recordedState] of [
      ["an earlier build", state],
      ["a release that records nulls", { ...absent, ...state }],
    ] as const) {
      describe(`of ${release}, of a ${kind} container`, () => {
        it("has no changes", async () => {
          assert.deepEqual(await provider().diff("cntr_1", recordedState, inputs), { changes: false });
        });

        it("is refreshed to the same inputs, and to outputs with nulls", async () => {
          const found = await provider().read("cntr_1", recordedState);
          assert.deepEqual(unmarked(found.inputs), inputs);
          assert.deepEqual(unmarked(found.props), { ...absent, ...state });
        });

        it("is repaired with the same outputs", async () => {
          const { outs } = await provider().update("cntr_1", recordedState, inputs);
          assert.deepEqual(unmarked(outs), { ...absent, ...state });
        });

        it("is deleted", async () => {
          await provider().delete("cntr_1", recordedState);
          assert.deepEqual(deleted, ["cntr_1"]);
        });
      });
    }
  }

  describe("in the journal", () => {
    const write = (content: object) => writeFileSync(join(folder, "0123456789abcdef.json"), JSON.stringify(content));

    for (const [writer, content] of Object.entries({
      "an earlier build wrote": entry,
      "this release writes": { ...entry, ...later },
    })) {
      it(`is read as ${writer} it`, () => {
        write(content);
        const { pending, unrecognized } = read(folder);
        assert.deepEqual(
          pending.map((found) => found.entry),
          [content],
        );
        assert.deepEqual(unrecognized, []);
        assert.equal(journalIn(folder).pendingFor(urn).length, 1);
      });
    }

    const calls: [name: string, call: (provider: ContainerProvider) => Promise<unknown>][] = [
      ["diff", (of) => of.diff("cntr_1", recorded, args)],
      ["read", (of) => of.read("cntr_1", recorded)],
      ["update", (of) => of.update("cntr_1", recorded, args)],
      ["delete", (of) => of.delete("cntr_1", recorded)],
    ];
    for (const [name, call] of calls) {
      it(`is settled by ${name} of its container`, async () => {
        write(entry);
        await call(provider());
        assert.deepEqual(readdirSync(folder), []);
      });
    }

    it("is kept by a Container.get of its container, which is not in state", async () => {
      write(entry);
      await provider().read("cntr_1", { backend: "docker" });
      assert.equal(readdirSync(folder).length, 1);
    });
  });
});
