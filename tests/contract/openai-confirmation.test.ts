import assert from "node:assert/strict";
import { PartialCreateError } from "../../provider/backends/backend";
import type { OpenAIBackend } from "../../provider/backends/openai/openai-backend";
import type { Container } from "../../provider/model/container";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { autoNamed, named } from "../support/create-context";
import { createFailure } from "../support/create-failure";
import { hosted, hostedArgs, quick } from "../support/hosted";
import { silent } from "../support/silent";

const token = "ghp_notToBeSeenAnywhere0123456789";
const accepting = { "openai-containers:acceptUnconfirmedNetworkPolicy": "true" };
const limited: Partial<Container> = {
  memoryLimit: "4g",
  expiresAfter: { anchor: "last_active_at", minutes: 5 },
  networkPolicy: {
    type: "allowlist",
    allowedDomains: ["api.github.com", "pypi.example.com"],
    domainSecrets: [{ domain: "api.github.com", name: "GITHUB_TOKEN", value: token }],
  },
};

/** What a service reports instead of the requested value, and the message of the failed create. */
const differing: [what: string, args: Partial<Container>, patch: Record<string, unknown>, reason: string][] = [
  [
    "an open network instead of none",
    {},
    { network_policy: { type: "open" } },
    'networkPolicy: requested "disabled", reported "open"',
  ],
  [
    "an allow list instead of no network",
    {},
    { network_policy: { type: "allowlist", allowed_domains: ["pypi.example.com"] } },
    'networkPolicy: requested "disabled", reported "allowlist"',
  ],
  [
    "domains beside no network",
    {},
    { network_policy: { allowed_domains: ["pypi.example.com"] } },
    'networkPolicy.allowedDomains reported and not requested: "pypi.example.com"',
  ],
  [
    "the default network policy instead of an allow list",
    limited,
    { network_policy: { type: "disabled", allowed_domains: null } },
    'networkPolicy: requested "allowlist", reported "disabled"',
  ],
  [
    "a wider allow list",
    limited,
    { network_policy: { allowed_domains: ["pypi.example.com", "api.github.com", "evil.example.com"] } },
    'networkPolicy.allowedDomains reported and not requested: "evil.example.com"',
  ],
  [
    "a narrower allow list",
    limited,
    { network_policy: { allowed_domains: ["pypi.example.com"] } },
    'networkPolicy.allowedDomains requested and not reported: "api.github.com"',
  ],
  [
    "another allow list",
    limited,
    { network_policy: { allowed_domains: ["api.github.com", "*.pypi.example.com"] } },
    'networkPolicy.allowedDomains requested and not reported: "pypi.example.com", reported and not requested: "*.pypi.example.com"',
  ],
  ["the default memory", limited, { memory_limit: "1g" }, 'memoryLimit: requested "4g", reported "1g"'],
  ["more memory", limited, { memory_limit: "64g" }, 'memoryLimit: requested "4g", reported "64g"'],
  [
    "the default expiry",
    limited,
    { expires_after: { minutes: 20 } },
    'expiresAfter: requested "5 minutes after last_active_at", reported "20 minutes after last_active_at"',
  ],
  [
    "another anchor",
    limited,
    { expires_after: { anchor: "created_at" } },
    'expiresAfter: requested "5 minutes after last_active_at", reported "5 minutes after created_at"',
  ],
  ["another name", {}, { name: "untitled" }, 'name: requested "analysis", reported "untitled"'],
  [
    "several defaults",
    limited,
    { memory_limit: "1g", expires_after: { minutes: 20 } },
    'memoryLimit: requested "4g", reported "1g"; expiresAfter: requested "5 minutes after last_active_at", reported "20 minutes after last_active_at"',
  ],
];

/** Responses without a readable allow list. */
const silentOfList: Record<string, Record<string, unknown>> = {
  "no policy": { network_policy: null },
  "a policy without domains": { network_policy: { allowed_domains: null } },
  "a policy of another shape": { network_policy: "allowlist" },
  "domains of another shape": { network_policy: { allowed_domains: { "pypi.example.com": true } } },
  "a list that is not of names alone": {
    network_policy: { allowed_domains: ["api.github.com", "pypi.example.com", 7] },
  },
};

describe("OpenAIBackend.create on a service that does not apply the arguments", () => {
  let emulator: Emulator;
  let backend: OpenAIBackend;
  let warnings: string[];
  const warning = (code: string, text: string) => warnings.push(`${code}: ${text}`);
  const report = { progress: () => {}, warning, runWarning: warning };

  beforeEach(async () => {
    warnings = [];
    emulator = await startEmulator({ requestsPerMinute: 100_000 });
    backend = await hosted(emulator.baseUrl);
  });
  afterEach(() => emulator.stop());

  const api = () => `${emulator.baseUrl} (from OPENAI_BASE_URL)`;
  const create = (args: Partial<Container> = {}, on = backend) =>
    on.create(hostedArgs("analysis", args), report, named);
  const answering = (patch: Record<string, unknown>) => emulator.fault({ times: 99, answer: { patch } });

  /** Fails, and leaves nothing on the service. */
  async function failure(args: Partial<Container>, on = backend): Promise<string> {
    const { message } = await createFailure(create(args, on));
    assert.deepEqual(emulator.containers(), []);
    assert.ok(!message.includes(token), message);
    assert.deepEqual(warnings, []);
    return message.replace(/cntr_[0-9a-f]{48}/, "cntr_ID");
  }

  for (const [what, args, patch, reason] of differing) {
    it(`fails and deletes the container where the service reports ${what}`, async () => {
      answering(patch);
      assert.equal(
        await failure(args),
        `OC2119: The API at ${api()} did not create the container as requested: ${reason}. Container cntr_ID was deleted again. Correct OPENAI_BASE_URL, or request what the service supports.`,
      );
      assert.deepEqual(
        emulator.requests.map(({ method }) => method),
        ["POST", "DELETE"],
      );
    });
  }

  for (const [what, patch] of Object.entries(silentOfList)) {
    it(`fails and deletes the container where the service reports ${what} for an allow list`, async () => {
      answering(patch);
      assert.equal(
        await failure(limited),
        `OC2120: The API at ${api()} does not report networkPolicy.allowedDomains of the new container, so nothing confirms that it reaches only api.github.com and 1 more. Container cntr_ID was deleted again. Use a service that reports the list or, if this one is known to apply it, run: pulumi config set openai-containers:acceptUnconfirmedNetworkPolicy true.`,
      );
    });

    it(`warns where the service reports ${what} for an allow list and the stack's configuration accepts that`, async () => {
      answering(patch);
      const { id } = await create(limited, await hosted(emulator.baseUrl, {}, quick, undefined, accepting));
      assert.deepEqual(
        emulator.containers().map((container) => container.id),
        [id],
      );
      assert.deepEqual(warnings, [
        `OC2121: networkPolicy.allowedDomains not confirmed: the API at ${api()} does not report what it applied to a new container. Check it inside the container, or use a service that reports it.`,
      ]);
    });
  }

  it("fails where the service reports another allow list, even if the stack's configuration accepts unconfirmed ones", async () => {
    answering({ network_policy: { allowed_domains: ["evil.example.com"] } });
    const backend = await hosted(emulator.baseUrl, {}, quick, undefined, accepting);
    assert.match(await failure(limited, backend), /reported and not requested: "evil\.example\.com"/);
  });

  it("accepts the domains in another order and spelling", async () => {
    answering({ network_policy: { allowed_domains: ["PyPI.Example.com.", "api.github.com", "pypi.example.com"] } });
    await create(limited);
    assert.deepEqual(warnings, []);
  });

  for (const [argument, patch] of [
    ["networkPolicy", { network_policy: null }],
    ["networkPolicy", { network_policy: "disabled" }],
    ["networkPolicy", { network_policy: ["disabled"] }],
    ["networkPolicy", { network_policy: { type: null } }],
    ["networkPolicy", { network_policy: { type: 1 } }],
    ["memoryLimit", { memory_limit: null }],
    ["memoryLimit", { memory_limit: 1 }],
    ["memoryLimit", { memory_limit: { gib: 1 } }],
    ["expiresAfter", { expires_after: null }],
    ["expiresAfter", { expires_after: 20 }],
    ["expiresAfter", { expires_after: { anchor: null } }],
    ["expiresAfter", { expires_after: { minutes: "20" } }],
  ] as const) {
    it(`warns once where the service reports ${JSON.stringify(patch)}`, async () => {
      answering(patch);
      await create();
      assert.deepEqual(warnings, [
        `OC2121: ${argument} not confirmed: the API at ${api()} does not report what it applied to a new container. Check it inside the container, or use a service that reports it.`,
      ]);
    });
  }

  it("warns in one line of all arguments that the service does not report", async () => {
    answering({ network_policy: null, memory_limit: null, expires_after: null });
    await create();
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /^OC2121: networkPolicy, memoryLimit, expiresAfter not confirmed: /);
  });

  describe("on OpenAI's own hosts", () => {
    const { fetch } = globalThis;
    afterEach(() => {
      globalThis.fetch = fetch;
    });
    for (const [host, isOwn] of [
      ["api.openai.com", true],
      ["eu.api.openai.com", true],
      ["api.openai.com.example.com", false],
      ["notopenai.com", false],
      ["shop.openai.azure.com", false],
    ] as const) {
      it(`${host} is ${isOwn ? "" : "not "}one: an unreported default is ${isOwn ? "no" : "a"} warning`, async () => {
        globalThis.fetch = (url, init) => fetch(String(url).replace(`https://${host}/v1`, emulator.baseUrl), init);
        const own = await hosted(`https://${host}/v1`);
        answering({ network_policy: null, memory_limit: null, expires_after: null });
        await create({}, own);
        assert.equal(warnings.length, isOwn ? 0 : 1);
        warnings = [];
        await assert.rejects(create(limited, own), /does not report networkPolicy\.allowedDomains/);
        assert.equal(emulator.containers().length, 1);
      });
    }
  });

  it("confirms a container that was found in the list after its response was lost", async () => {
    emulator.fault({ method: "POST", answer: "cut", afterWork: true });
    emulator.fault({ method: "GET", times: 99, answer: { patch: { memory_limit: "1g" } } });
    await assert.rejects(
      backend.create(hostedArgs("analysis-0a1b2c3d", limited), report, autoNamed),
      /memoryLimit: requested "4g", reported "1g"\. Container cntr_\w+ was deleted again/,
    );
    assert.deepEqual(emulator.containers(), []);
  });

  it("redacts a secret and the key that the service echoes", async () => {
    answering({
      name: `for ${token}`,
      memory_limit: "sk-test-0123456789abcdefghijklmnopqrstuvwxyz",
      network_policy: { allowed_domains: ["api.github.com", "pypi.example.com", `${token}.evil.example.com`] },
    });
    const message = await failure(limited);
    assert.match(message, /reported and not requested: "\[secret\]\.evil\.example\.com"/);
    assert.match(message, /reported "for \[secret\]"/);
  });

  it("throws PartialCreateError with the id of a container that could not be deleted", async () => {
    emulator.fault({ method: "POST", answer: { patch: { memory_limit: "1g" } } });
    emulator.fault({ method: "DELETE", times: 99, answer: { status: 500 } });
    const error = await create(limited).catch((failure: unknown) => failure);
    assert.ok(error instanceof PartialCreateError);
    assert.deepEqual(
      emulator.containers().map(({ id }) => id),
      [error.containerId],
    );
    assert.match(
      error.message,
      /^OC2012: .* OC2119: .* did not create the container as requested: memoryLimit: requested "4g", reported "1g"\. Correct .* OC2110: The API at .* failed \(HTTP 500/,
    );
  });

  for (const [what, patch, reason] of [
    ["no allow list", { network_policy: null }, /does not report networkPolicy\.allowedDomains/],
    ["an open network", { network_policy: { type: "open" } }, /requested "allowlist", reported "open"/],
    ["less memory", { memory_limit: "1g" }, /memoryLimit: requested "4g", reported "1g"/],
    ["a longer life", { expires_after: { anchor: "last_active_at", minutes: 60 } }, /expiresAfter: requested /],
  ] as const) {
    it(`repair deletes such a container where the service still reports ${what}`, async () => {
      const { id } = await create(limited);
      answering(patch);
      const repair = backend.repair(id, limited, silent);
      await assert.rejects(repair, reason);
      assert.deepEqual(emulator.containers(), []);
      assert.equal(await backend.status(id, {}, silent), undefined);
    });
  }

  for (const value of ["yes", "TRUE", "1"]) {
    it(`rejects ${value} as acceptUnconfirmedNetworkPolicy before any request is sent`, async () => {
      const config = { "openai-containers:acceptUnconfirmedNetworkPolicy": value };
      const backend = await hosted(emulator.baseUrl, {}, quick, undefined, config);
      assert.equal(
        await failure({}, backend),
        `OC2104: openai-containers:acceptUnconfirmedNetworkPolicy is "${value}", which is neither true nor false. Set it to true or false.`,
      );
      assert.deepEqual(emulator.requests, []);
    });
  }
});
