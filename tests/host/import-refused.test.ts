import assert from "node:assert/strict";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { unknownValue } from "../../provider/model/unknowns";
import { named } from "../support/create-context";
import { engine, image, sandboxArgs } from "../support/docker";
import { expiringHostedBackend } from "../support/expiring-backend";
import { HostStack } from "../support/host/host-stack";
import type { Properties } from "../support/host/provider-process";
import { createByHttp } from "../support/raw-containers";
import { silent } from "../support/silent";
import { dockerTestBackend } from "../support/test-backend";

const minutes = (count: number) => ({ anchor: "last_active_at", minutes: count });
const allowing = (...allowedDomains: string[]) => ({ type: "allowlist", allowedDomains });

/** The one reason of each resource that fails. */
function reasonsOf(problems: Record<string, string[]>): Record<string, string | undefined> {
  const reasons = Object.entries(problems).map(([name, [reason, ...more]]) => {
    assert.deepEqual(more, [], name);
    return [name, reason];
  });
  return Object.fromEntries(reasons);
}

describe("a preview of imports from the hosted API", function () {
  this.timeout(120_000);
  /** The changes of a program to a container of 4g, 10 minutes and two domains. */
  const programs: Record<string, Properties> = {
    all: { memoryLimit: "1g", name: "other", expiresAfter: minutes(20), networkPolicy: { type: "disabled" } },
    domains: { networkPolicy: allowing("a.example.com", "c.example.com") },
    secret: { memoryLimit: "1g", __secretArguments: ["memoryLimit"] },
    unknown: { memoryLimit: unknownValue, networkPolicy: allowing(unknownValue) },
    unreported: { fileIds: ["file-1"], skills: [{ type: "skill_reference", skillId: "pdf" }] },
    written: { networkPolicy: allowing("b.example.com", "A.example.com.") },
  };
  const ids: Record<string, string> = {};
  let backend: Awaited<ReturnType<typeof expiringHostedBackend>>;
  let stack: HostStack;
  let infos: string[];
  let reasons: Record<string, string | undefined>;

  before(async () => {
    backend = await expiringHostedBackend();
    const { emulator } = backend;
    ids["expired"] = await createByHttp(emulator, { name: "expired", expires_after: minutes(1) });
    await backend.expired();
    stack = new HostStack(backend.env);
    for (const name of Object.keys(programs)) {
      ids[name] = await createByHttp(emulator, {
        name: `${stack.prefix}-${name}`,
        memory_limit: "4g",
        expires_after: minutes(10),
        network_policy: { type: "allowlist", allowed_domains: ["B.example.com", "a.example.com"] },
      });
    }
    const live = {
      memoryLimit: "4g",
      expiresAfter: minutes(10),
      networkPolicy: allowing("a.example.com", "b.example.com"),
    };
    const all = Object.entries({ ...programs, expired: { name: "expired" }, gone: {} }).map(([name, changes]) => [
      name,
      { ...live, __import: ids[name] ?? "cntr_gone", ...changes },
    ]);
    const ran = await stack.containers(Object.fromEntries(all)).preview();
    infos = ran.infos;
    reasons = reasonsOf(ran.problems);
  });
  after(async () => {
    for (const id of Object.values(ids)) if (id !== ids["expired"]) await backend.remove(id);
    await stack.end({ containers: () => [] }).finally(() => backend.stop());
  });

  it("names each property that differs, with the program's value and the container's", () => {
    const differ = [
      `name: the program has "other", the container has "${stack.prefix}-all"`,
      'memoryLimit: the program has "1g", the container has "4g"',
      'networkPolicy.type: the program has "disabled", the container has "allowlist"',
      "expiresAfter.minutes: the program has 20, the container has 10",
    ];
    const advice = "Give the program the container's values. A change after the import replaces the container.";
    const what = `OC2403: Cannot import ${ids["all"]}, which differs from the program`;
    assert.equal(reasons["all"], `${what}: ${differ.join("; ")}. ${advice}`);
  });

  it("names the domains that only one of both has", () => {
    assert.match(
      reasons["domains"] ?? "",
      /: networkPolicy\.allowedDomains: only the program has "c\.example\.com", only the container has "b\.example\.com"\. /,
    );
  });

  it("does not quote a value that the program made secret", () => {
    assert.match(reasons["secret"] ?? "", /: memoryLimit: the program and the container differ \(secret\)\. /);
  });

  it("fails for a container that has expired, and for one that is not there", () => {
    assert.match(reasons["expired"] ?? "", /^OC2402: Cannot import \S+: it has expired\. /);
    assert.match(
      reasons["gone"] ?? "",
      /^OC2401: Cannot import cntr_gone: there is no such container at openai:\S+\. /,
    );
  });

  it("accepts unknown values, values that the API does not report, and other spellings", () => {
    assert.deepEqual(Object.keys(reasons).sort(), ["all", "domains", "expired", "gone", "secret"]);
    const accepted = ["unknown", "unreported", "written"];
    assert.deepEqual(
      infos,
      accepted.map((name) => `${name}: imports ${ids[name]} (running, 4g)`),
    );
  });

  it("reads the account's list, and of the container that it has not got by one GET", () => {
    const reads = backend.emulator.requests.filter(({ method }) => method === "GET").map(({ path }) => path);
    assert.deepEqual(reads, ["/v1/containers", "/v1/containers/cntr_gone"]);
  });
});

describe("a preview of imports of this package's containers on Docker", function () {
  this.timeout(120_000);
  let backend: Awaited<ReturnType<typeof dockerTestBackend>>;
  let stack: HostStack;
  let id: string;

  before(async () => {
    backend = await dockerTestBackend();
    stack = new HostStack(backend.env);
    const docker = new DockerBackend(await engine());
    id = (await docker.create(sandboxArgs(`${stack.prefix}-box`), silent, named)).id;
  });
  after(async () => {
    await backend.client.getContainer(id).remove({ force: true, v: true });
    await stack.end(backend.holder).finally(() => backend.stop());
  });

  const reasonFor = async (changes: Properties) => {
    const program = { box: { ...backend.arguments, __import: id, ...changes } };
    return reasonsOf((await stack.containers(program).preview()).problems)["box"];
  };

  it("fails for another image, and not for another name of the same image", async () => {
    const { Id } = await backend.client.getImage(image).inspect();
    assert.equal(await reasonFor({ docker: { image: Id } }), undefined);
    const reason = await reasonFor({ docker: { image: "debian:12" } });
    assert.match(reason ?? "", /docker\.image: the program has "debian:12", the container has ".+"\. /);
  });

  it("fails for a stopped container with the command that starts it", async () => {
    await backend.client.getContainer(id).stop();
    assert.match((await reasonFor({})) ?? "", new RegExp(`^OC2402: .*: it is stopped \\(docker start ${id}\\)\\. `));
    await backend.client.getContainer(id).start();
  });

  it("fails with the engine's failure where it cannot be reached", async () => {
    const away = new HostStack({ DOCKER_HOST: "unix:///nowhere.sock" }).containers({
      box: { ...backend.arguments, __import: id },
    });
    const { problems } = await away.preview();
    assert.match(reasonsOf(problems)["box"] ?? "", /^OC22\d\d: .*nowhere\.sock/);
    await away.end({ containers: () => [] });
  });
});
