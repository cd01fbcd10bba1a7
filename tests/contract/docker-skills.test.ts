import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { unpackTar } from "modern-tar";
import { BackendError, PartialCreateError } from "../../provider/backends/backend";
import { skillFolder } from "../../provider/backends/docker/content/placed-names";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import type { Engine } from "../../provider/backends/docker/engine/engine";
import type { Container } from "../../provider/model/container";
import { zipOfFolder } from "../../provider/skills/skill-zip";
import { named } from "../support/create-context";
import { assertNothingLeft, engine, engineAt, filesOf, inside, sandboxArgs, stopped } from "../support/docker";
import { FaultyEngine } from "../support/faulty-engine";
import { silent } from "../support/silent";
import { stubAccount } from "../support/stub-account";

const name = "house-style";
const description = "How our reports look";
const files = [
  { path: "SKILL.md", executable: false, bytes: Buffer.from(`---\nname: ${name}\ndescription: ${description}\n---\n`) },
  { path: "scripts/lib/empty", executable: false, bytes: Buffer.alloc(0) },
  { path: "scripts/run.sh", executable: true, bytes: Buffer.from("#!/bin/sh\necho it runs\n") },
];
const place = `/home/oai/skills/${skillFolder(name, files)}`;

type Skill = NonNullable<Container["skills"]>[number];

function inline(zip: Buffer): Skill {
  const source = { type: "base64", mediaType: "application/zip", data: zip.toString("base64") } as const;
  return { type: "inline", name, description, source };
}

describe("the skills of a sandbox on Docker", () => {
  const prefix = `s${randomBytes(4).toString("hex")}`;
  const made: string[] = [];
  let host: Engine;
  let zip: Buffer;
  let backend: DockerBackend;
  let id: string;

  async function create(changes: Omit<Partial<Container>, "name">, on = backend): Promise<string> {
    const created = await on.create(sandboxArgs(`${prefix}-${made.length}`, changes), silent, named);
    made.push(created.id);
    return created.id;
  }

  const sh = async (command: string, sandbox = id) => (await inside(host.client, sandbox, command)).text;

  before(async () => {
    host = await engine();
    zip = await zipOfFolder({ name, description, files, sha256: "" });
    const version = { name, description, version: "2", zip };
    backend = new DockerBackend(host, { minute: 5, openAccount: stubAccount({}, { skill_1: version }) });
    id = await create({ skills: [inline(zip)] });
  });
  after(async () => {
    for (const sandbox of made) await backend.delete(sandbox);
    await assertNothingLeft(host.client, prefix);
  });

  it("are below /home/oai/skills, readable by everybody and owned by root", async () => {
    assert.match(place, /^\/home\/oai\/skills\/house-style-[\da-f]{32}$/);
    assert.deepEqual((await sh(`cd ${place} && find . -printf '%U:%G %m %P\\n' | sort -k 3`)).split("\n"), [
      "0:0 555 ",
      "0:0 444 SKILL.md",
      "0:0 555 scripts",
      "0:0 555 scripts/lib",
      "0:0 444 scripts/lib/empty",
      "0:0 555 scripts/run.sh",
    ]);
    assert.equal(await sh(`head -n 2 ${place}/SKILL.md; ${place}/scripts/run.sh`), `---\nname: ${name}\nit runs`);
  });

  it("cannot be changed by code inside in any way", async () => {
    const contents = `cd /home/oai && find skills -printf '%i %U %m %s %P %l\\n' && sha256sum ${place}/SKILL.md`;
    const before = await sh(contents);
    const attempts = [
      `echo x > ${place}/SKILL.md`,
      `echo x >> ${place}/scripts/run.sh`,
      `: > ${place}/new`,
      "mkdir /home/oai/skills/other-skill",
      `chmod 777 ${place}`,
      `chmod 666 ${place}/SKILL.md`,
      "chmod 777 /home/oai/skills",
      `chown 65534 ${place}/SKILL.md`,
      `rm -f ${place}/SKILL.md`,
      `rm -rf ${place}`,
      `mv ${place} /home/oai/skills/moved`,
      "mv /home/oai/skills /home/oai/moved",
      "mv /home/oai /home/moved",
      `mv ${place}/SKILL.md ${place}/moved`,
      `echo x > /tmp/x && mv -f /tmp/x ${place}/SKILL.md`,
      `ln -f ${place}/SKILL.md ${place}/linked`,
      `ln -s /tmp ${place}/linked`,
      "ln -s /tmp /home/oai/skills/linked",
      `touch ${place}/SKILL.md`,
      "mount -t tmpfs none /home/oai/skills",
      "umount /home/oai/skills",
      `python3 -c 'import os; os.truncate("${place}/SKILL.md", 0)'`,
      `python3 -c 'import os; open("/proc/self/fd/%d" % os.open("${place}/SKILL.md", os.O_RDONLY), "w")'`,
    ];
    const succeeded = await sh(attempts.map((attempt, at) => `(${attempt}) 2>/dev/null && echo ${at}`).join("\n"));
    assert.equal(succeeded, "");
    assert.equal(await sh(contents), before);
  });

  it("are there again after a restart", async () => {
    await host.client.getContainer(id).kill();
    await stopped(host.client, id);
    assert.equal((await backend.repair(id, {}, silent)).status, "running");
    assert.equal(await sh(`${place}/scripts/run.sh`), "it runs");
  });

  it("have no folder and no volume in a sandbox without any", async () => {
    const sandbox = await create({ skills: [] });
    assert.equal(await sh("test -e /home/oai || echo none", sandbox), "none");
    const { Mounts } = await host.client.getContainer(sandbox).inspect();
    assert.ok(!Mounts.some(({ Destination }) => Destination.startsWith("/home")));
  });

  it("are fetched from the account where the program refers to them, and named as there", async () => {
    const sandbox = await create({ skills: [{ type: "skill_reference", skillId: "skill_1", version: "2" }] });
    assert.equal(await sh(`${place}/scripts/run.sh`, sandbox), "it runs");
  });

  it("remain after idle expiry, unlike the files in /mnt/data", async () => {
    const expiresAfter = { anchor: "last_active_at", minutes: 1 } as const;
    const sandbox = await create({ skills: [inline(zip)], expiresAfter });
    await stopped(host.client, sandbox);
    assert.equal((await backend.observe(sandbox))?.status, "expired");
    assert.deepEqual(await filesOf(host.client, sandbox), ["data"]);
    const archive = await buffer(await host.client.getContainer(sandbox).getArchive({ path: `${place}/SKILL.md` }));
    assert.deepEqual((await unpackTar(archive))[0]?.data, new Uint8Array(files[0]?.bytes ?? []));
  });

  describe("refuse a create before anything is created", () => {
    const unused: FaultyEngine["fault"] = (request) =>
      /^(POST|PUT)/.test(request) ? assert.fail(`the engine got ${request}`) : undefined;
    let faulty: FaultyEngine;

    before(async () => {
      faulty = await new FaultyEngine(host.address.replace("unix://", "")).start();
    });
    after(() => faulty?.stop());

    const cases: [what: string, skills: () => Skill[], says: RegExp][] = [
      [
        "where an archive has a path that leads elsewhere",
        () => [
          inline(zip),
          inline(Buffer.from(zip.toString("latin1").replaceAll("scripts/run.sh", "../../../../ru"), "latin1")),
        ],
        /^OC1205: skills\[1\]: the path ".*\.\.\/.*" is not allowed/,
      ],
      ["where an archive is broken", () => [inline(zip.subarray(0, 100))], /^OC1207: skills\[0\]: the zip is broken/],
      [
        "where the account has no such skill",
        () => [{ type: "skill_reference", skillId: "skill_2" }],
        /^OC2137: The account has no skill_2/,
      ],
      [
        "where the archive of a skill of the account is broken, and name its id",
        () => [{ type: "skill_reference", skillId: "skill_3" }],
        /^OC1207: skills\[0\] \(skill_3\): the zip is broken/,
      ],
    ];
    for (const [what, skills, says] of cases) {
      it(what, async () => {
        faulty.fault = unused;
        const broken = { name, description, version: "1", zip: zip.subarray(0, 100) };
        const openAccount = stubAccount({}, { skill_3: broken });
        const refusing = new DockerBackend(await engineAt(faulty.host), { openAccount });
        await assert.rejects(
          create({ skills: skills() }, refusing),
          (error) => error instanceof BackendError && says.test(error.message),
        );
      });
    }
  });

  it("are copied by the repair of a sandbox whose create failed on the way to them and could not be undone", async () => {
    const faulty = await new FaultyEngine(host.address.replace("unix://", "")).start();
    try {
      faulty.fault = (request) =>
        /^PUT .*skills|^DELETE/.test(request) ? { status: 500, message: "broken" } : undefined;
      const skills = [inline(zip)];
      const failing = create({ skills }, new DockerBackend(await engineAt(faulty.host)));
      const failed: unknown = await failing.catch((error: unknown) => error);
      assert.ok(failed instanceof PartialCreateError);
      made.push(failed.containerId);
      await assert.rejects(
        backend.repair(failed.containerId, { skills: [{ type: "of another release" }] }, silent),
        (error) => error instanceof BackendError && error.message.startsWith("OC2224: "),
      );
      await backend.repair(failed.containerId, { skills }, silent);
      assert.equal(await sh(`${place}/scripts/run.sh`, failed.containerId), "it runs");
    } finally {
      faulty.stop();
    }
  });
});
