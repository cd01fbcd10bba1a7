import assert from "node:assert/strict";
import { type Backend, UnreachableError } from "../../provider/backends/backend";
import { moved } from "../../provider/lifecycle/provider-move";
import { recordFrom } from "../../provider/model/record";
import { rejectingBackend } from "../support/rejecting-backend";

const urn = (parent: string) => `urn:pulumi:dev::shop::${parent}$pulumi:providers:pulumi-nodejs::inner`;
const at = (location: string) => async (): Promise<Backend> => ({ ...rejectingBackend, location });
const record = recordFrom({ location: "openai:one", __providerUrn: urn("a:b:First") });

describe("a container with another explicit provider than before", () => {
  it("moves where that provider uses another account or engine, also if both have the same name", async () => {
    assert.equal(
      await moved("cntr_1", record, { provider: urn("a:b:Second"), open: at("openai:two") }),
      'container cntr_1 moves to provider "inner", which uses another account or engine: it is replaced there by a new, empty container, and its previous provider deletes the one at openai:one',
    );
  });

  it("moves to the default provider", async () => {
    const text = await moved("cntr_1", record, { provider: undefined, open: at("openai:two") });
    assert.match(text ?? "", /^container cntr_1 moves to the default provider, /);
  });

  it("does not move where that provider uses the same account or engine, or cannot be opened", async () => {
    const provider = urn("a:b:Second");
    assert.equal(await moved("cntr_1", record, { provider, open: at("openai:one") }), undefined);
    const open = () => Promise.reject(new UnreachableError("OC2010", "There is no API key", "Set one"));
    assert.equal(await moved("cntr_1", record, { provider, open }), undefined);
  });

  it("does not move where only the settings of its provider have changed, which is an error", async () => {
    assert.equal(await moved("cntr_1", record, { provider: urn("a:b:First"), open: at("openai:two") }), undefined);
  });
});
