import assert from "node:assert/strict";
import { type Backend, UnreachableError } from "../../provider/backends/backend";
import { moved } from "../../provider/lifecycle/provider-move";
import { recordFrom } from "../../provider/model/record";
import { unasked } from "../support/unasked";

const urn = (parent: string) => `urn:pulumi:dev::shop::${parent}$pulumi:providers:pulumi-nodejs::inner`;
const at = (location: string) => async (): Promise<Backend> => ({ ...unasked, location });
const record = recordFrom({ location: "openai:one", __providerUrn: urn("a:b:First") });

describe("a container that is handed to another provider", () => {
  it("moves where that is at another place, also between two of one name", async () => {
    assert.equal(
      await moved("cntr_1", record, { provider: urn("a:b:Second"), open: at("openai:two") }),
      'container cntr_1 moves to provider "inner", which is another place: a new, empty container is made there, and this one, at openai:one, is its former provider\'s to delete',
    );
  });

  it("moves to the default provider, which has no name", async () => {
    const text = await moved("cntr_1", record, { provider: undefined, open: at("openai:two") });
    assert.match(text ?? "", /^container cntr_1 moves to the default provider, /);
  });

  it("stays where that is at the same place, or cannot be asked", async () => {
    const provider = urn("a:b:Second");
    assert.equal(await moved("cntr_1", record, { provider, open: at("openai:one") }), undefined);
    const open = () => Promise.reject(new UnreachableError("OC0000", "There is no API key", "Set one"));
    assert.equal(await moved("cntr_1", record, { provider, open }), undefined);
  });

  it("is not moved by its own provider's setting, which is refused elsewhere", async () => {
    assert.equal(await moved("cntr_1", record, { provider: urn("a:b:First"), open: at("openai:two") }), undefined);
  });
});
