import assert from "node:assert/strict";
import { findingsOf, markdown, reportOf } from "../../sdk/report";
import { image } from "../support/docker";
import { expiringHostedBackend } from "../support/expiring-backend";
import { gatewayImage } from "../support/live/images";
import { canaries, programOf } from "../support/report/every-finding";
import { previewOf } from "../support/report/preview-of";
import { isRecording, type Recording, record, recordedForm, recording } from "../support/report/recordings";
import { Stack } from "../support/stack";
import { dockerTestBackend, hostedTestBackend } from "../support/test-backend";

describe("openai-containers report of previews of a real pulumi", function () {
  this.timeout(300_000);
  let hosted: Awaited<ReturnType<typeof expiringHostedBackend>>;
  let away: Awaited<ReturnType<typeof hostedTestBackend>>;
  let docker: Awaited<ReturnType<typeof dockerTestBackend>>;
  let stack: Stack;
  const previews = new Map<Recording, string>();

  before(async () => {
    [hosted, away, docker] = await Promise.all([expiringHostedBackend(), hostedTestBackend(), dockerTestBackend()]);
    hosted.emulator.addFile({ id: "file-a", name: "a.csv", content: "1,2" });
    stack = new Stack({ ...hosted.env, ...docker.env });
    const { Id: imageId } = await docker.client.getImage(image).inspect();
    const preview = async (name: Recording, env: NodeJS.ProcessEnv = {}) => {
      const run = new Stack({ ...hosted.env, ...docker.env, ...env }, stack);
      const { text } = await run.run(["preview", "--json"], { stdoutOnly: true });
      previews.set(name, recordedForm(text, stack, imageId));
    };
    const program = (side: "before" | "after") => programOf(side, stack.prefix, imageId, away.emulator.baseUrl);

    stack.program(program("before")).init();
    stack.configure("openai-containers:gatewayImage", gatewayImage);
    await stack.up();
    await preview("unchanged.json");

    hosted.clock.advance(10 * 60_000);
    await hosted.use(idOf("analysis"));
    hosted.clock.advance(3 * 60_000);
    await away.stop();
    stack.program(program("after"));
    await preview("changed.json");
    await preview("changed.events", { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" });

    stack.program('new Container("wrong", { memoryLimit: "2g" });');
    await preview("failed.json");
    if (isRecording) for (const [name, text] of previews) record(name, text);
  });
  after(async () => {
    await stack.end(docker.holder);
    await Promise.all([hosted.stop(), docker.stop()]);
  });

  function idOf(name: string): string {
    const found = stack.containers().find(({ urn }) => urn.endsWith(`-${name}`));
    return found?.id ?? assert.fail(`there is no ${name}`);
  }

  const names: Recording[] = ["unchanged.json", "changed.json", "changed.events", "failed.json"];
  for (const name of names) {
    it(`is that of the recorded preview: ${name}`, async () => {
      const preview = await previewOf(previews.get(name) ?? "");
      assert.deepEqual(preview, await previewOf(recording(name)));
    });
  }

  it("has the same fingerprint for both forms of two previews with nothing changed between them", async () => {
    const [one, two] = await Promise.all(
      [previews.get("changed.json"), previews.get("changed.events")].map((text) => previewOf(text ?? "")),
    );
    assert.match(one?.fingerprint ?? "", /^[0-9a-f]{64}$/);
    assert.equal(one?.fingerprint, two?.fingerprint);
  });

  it("has no value of a secret, in any form of the preview", async () => {
    for (const [name, text] of previews) {
      const preview = await previewOf(text);
      const report = reportOf(preview, findingsOf(preview));
      const printed = markdown([report], { failing: new Set(), isQuietIfUnchanged: false });
      for (const canary of canaries) assert.ok(!`${JSON.stringify(preview)}${printed}`.includes(canary), name);
    }
  });
});
