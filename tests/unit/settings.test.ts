import assert from "node:assert/strict";
import { backendKinds } from "../../provider/backends";
import { openAISettings } from "../../provider/backends/openai/settings";
import { readSettings } from "../../provider/backends/settings";
import { settingSources } from "../../provider/config";

const config: Record<string, string> = {
  "openai-containers:apiKey": "sk-config",
  "openai-containers:baseUrl": "https://config.example.com/v1",
  "openai-containers:organization": "org-config",
  "openai-containers:project": "proj_config",
  "openai-containers:requestsPerMinute": "50",
  "openai-containers:acceptUnconfirmedNetworkPolicy": "true",
};
const env = {
  OPENAI_API_KEY: "sk-env",
  OPENAI_BASE_URL: "https://env.example.com/v1",
  OPENAI_ORG_ID: "org-env",
  OPENAI_PROJECT_ID: "proj_env",
};

describe("settings of the hosted API", () => {
  it("come from the stack's configuration", () => {
    assert.deepEqual(openAISettings(settingSources({}, (key) => config[key])), {
      apiKey: { value: "sk-config", source: "openai-containers:apiKey" },
      baseUrl: { value: "https://config.example.com/v1", source: "openai-containers:baseUrl" },
      organization: { value: "org-config", source: "openai-containers:organization" },
      project: { value: "proj_config", source: "openai-containers:project" },
      requestsPerMinute: { value: "50", source: "openai-containers:requestsPerMinute" },
      acceptUnconfirmedNetworkPolicy: { value: "true", source: "openai-containers:acceptUnconfirmedNetworkPolicy" },
    });
  });

  it("come from the environment first, each by itself", () => {
    assert.deepEqual(openAISettings(settingSources(env, (key) => config[key])), {
      apiKey: { value: "sk-env", source: "OPENAI_API_KEY" },
      baseUrl: { value: "https://env.example.com/v1", source: "OPENAI_BASE_URL" },
      organization: { value: "org-env", source: "OPENAI_ORG_ID" },
      project: { value: "proj_env", source: "OPENAI_PROJECT_ID" },
      requestsPerMinute: { value: "50", source: "openai-containers:requestsPerMinute" },
      acceptUnconfirmedNetworkPolicy: { value: "true", source: "openai-containers:acceptUnconfirmedNetworkPolicy" },
    });
    const { apiKey, project } = openAISettings(
      settingSources({ OPENAI_API_KEY: "sk-env", OPENAI_PROJECT_ID: "" }, (key) => config[key]),
    );
    assert.deepEqual([apiKey?.value, project?.value], ["sk-env", "proj_config"]);
  });

  it("have no white space at their ends, as in a value that was read from a file", () => {
    const { apiKey, organization, project } = openAISettings(
      settingSources(
        { OPENAI_API_KEY: " sk-env\r\n", OPENAI_ORG_ID: "org-env\n", OPENAI_PROJECT_ID: "\n" },
        () => "\t",
      ),
    );
    assert.deepEqual([apiKey?.value, organization?.value, project], ["sk-env", "org-env", undefined]);
  });

  it("are OpenAI's address and limit, and no key, by default", () => {
    assert.deepEqual(openAISettings(settingSources({})), {
      apiKey: undefined,
      baseUrl: { value: "https://api.openai.com/v1", source: "the default" },
      organization: undefined,
      project: undefined,
      requestsPerMinute: { value: "100", source: "the default" },
      acceptUnconfirmedNetworkPolicy: { value: "false", source: "the default" },
    });
  });
});

describe("the setting liveness", () => {
  it("is true by default, and can be switched off in the stack's configuration", () => {
    assert.deepEqual(readSettings({}, () => undefined, backendKinds).liveness, {
      value: "true",
      source: "the default",
    });
    const off = { value: "false", source: "openai-containers:liveness" };
    assert.deepEqual(
      readSettings({}, (key) => ({ "openai-containers:liveness": "false" })[key], backendKinds).liveness,
      off,
    );
  });
});
