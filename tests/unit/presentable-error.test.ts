import assert from "node:assert/strict";
import fc from "fast-check";
import { backendKinds } from "../../provider/backends";
import { BackendError, PartialCreateError, UnreachableError } from "../../provider/backends/backend";
import { ContainerProvider } from "../../provider/host/container-provider";
import { presentably } from "../../provider/host/presentable-error";
import { PulumiLog } from "../../provider/host/pulumi-log";
import { PartialFailure } from "../../provider/lifecycle/create";
import { journalFolder, journalIn } from "../support/journal";

async function presented(thrown: unknown): Promise<Error> {
  const error: unknown = await presentably(() => Promise.reject(thrown)).catch((caught: unknown) => caught);
  assert.ok(error instanceof Error);
  return error;
}

/** As Pulumi's host of dynamic providers prints it. */
function printed(error: Error): string {
  return `${error}: ${error.stack}`;
}

describe("presentably", () => {
  it("returns the result of a call that succeeds", async () => {
    assert.equal(await presentably(async () => "created"), "created");
  });

  it("turns any thrown value into an error", async () => {
    for (const thrown of ["no", undefined, null, 5, Symbol("no")]) {
      assert.equal((await presented(thrown)).message, String(thrown));
    }
  });

  it("rejects where the call throws before it returns a promise", async () => {
    const call = (): Promise<void> => {
      throw new BackendError("OC2010", "It broke", "Repair it");
    };
    await assert.rejects(presentably(call), { message: "OC2010: It broke. Repair it." });
  });

  const partial = new PartialCreateError("cntr_1", new Error("It did not start."), new Error("Nobody answers."));
  const expected = [
    new BackendError("OC2010", "It broke", "Repair it"),
    new UnreachableError("OC2007", "Nobody answers", "Start it"),
    partial,
    new PartialFailure("cntr_1", {}, [partial.message]),
  ];
  for (const error of expected) {
    it(`prints no stack trace of a ${error.constructor.name}, and keeps its message`, async () => {
      const { message } = error;
      assert.equal(await presented(error), error);
      assert.equal(error.message, message);
      assert.equal(printed(error), "pulumi-openai-containers: the reason is shown at the resource");
    });
  }

  it("keeps the id, properties and reasons of a partial create, which Pulumi stores", async () => {
    const failure = await presented(new PartialFailure("cntr_1", { name: "a" }, ["It did not start."]));
    assert.ok(failure instanceof PartialFailure);
    const { id, properties, reasons } = failure;
    assert.deepEqual(
      { id, properties, reasons },
      { id: "cntr_1", properties: { name: "a" }, reasons: ["It did not start."] },
    );
  });

  it("prints the stack trace of a bug", async () => {
    const bug = new TypeError("x is not a function");
    assert.equal(await presented(bug), bug);
    assert.match(printed(bug), /^TypeError: x is not a function: TypeError: .*\n +at .*presentable-error\.test\.ts/s);
  });
});

describe("ContainerProvider", () => {
  const provider = () => new ContainerProvider(backendKinds, new PulumiLog(undefined), journalIn(journalFolder()));

  it("checks any arguments without throwing, and names no property whose value Pulumi would print", async () => {
    const anything = fc.dictionary(fc.string(), fc.jsonValue());
    const likely = fc.record(
      {
        name: fc.jsonValue(),
        networkPolicy: fc.jsonValue(),
        expiresAfter: fc.jsonValue(),
        backend: fc.oneof(fc.constantFrom("docker", "openai"), fc.jsonValue()),
        docker: fc.jsonValue(),
        __urn: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    let failed = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(anything, likely), fc.oneof(anything, likely), async (olds, news) => {
        const { inputs, failures = [] } = await provider().check(olds, news);
        assert.equal(typeof inputs, "object");
        for (const { property, reason } of failures) {
          assert.equal(property, "");
          assert.notEqual(reason, "");
          failed += 1;
        }
      }),
    );
    assert.ok(failed > 0);
  });

  it("returns no undefined input from a check", async () => {
    const { inputs, failures } = await provider().check({}, { backend: "docker" });
    assert.deepEqual(failures, []);
    assert.ok(inputs && !("__urn" in inputs));
  });

  it("prints no stack trace of a call that fails for want of an API key", async () => {
    delete process.env["OPENAI_API_KEY"];
    const args = { backend: "openai" };
    for (const call of [
      () => provider().create(args),
      () => provider().read("cntr_1", args),
      () => provider().update("cntr_1", args, args),
      () => provider().delete("cntr_1", args),
    ]) {
      await assert.rejects(call(), (error) => {
        assert.ok(error instanceof BackendError);
        assert.match(error.message, /^OC\d{4}: .*API key/);
        assert.equal(printed(error), "pulumi-openai-containers: the reason is shown at the resource");
        return true;
      });
    }
  });

  it("fails for an unknown backend in state", async () => {
    await assert.rejects(provider().delete("cntr_1", { backend: "podman" }), {
      message: /^OC1007: .*"podman"/,
    });
  });
});
