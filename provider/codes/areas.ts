import { allowlistCodes } from "./allowlist";
import { argumentCodes } from "./arguments";
import { changeCodes } from "./changes";
import type { CodeEntries } from "./code-entry";
import { commandCodes } from "./command";
import { connectionCodes } from "./connection";
import { engineCodes } from "./engine";
import { gatewayCodes } from "./gateway";
import { hostedCodes } from "./hosted";
import { imageCodes } from "./images";
import { importCodes } from "./import";
import { importCommandCodes } from "./import-command";
import { lifecycleCodes } from "./lifecycle";
import { programCodes } from "./program";
import { reportCodes } from "./report";
import { settingCodes } from "./settings";

/** Every code that stands at the front of an error or a warning. A code is never given to another message. */
export const codes = {
  ...argumentCodes,
  ...settingCodes,
  ...lifecycleCodes,
  ...hostedCodes,
  ...engineCodes,
  ...connectionCodes,
  ...allowlistCodes,
  ...imageCodes,
  ...importCodes,
  ...changeCodes,
  ...programCodes,
  ...commandCodes,
  ...reportCodes,
  ...importCommandCodes,
  ...gatewayCodes,
};

/** The sections of docs/troubleshooting.md, in its order. */
export const areas: readonly { title: string; codes: CodeEntries }[] = [
  { title: "Arguments", codes: argumentCodes },
  { title: "Settings", codes: settingCodes },
  { title: "Containers and interrupted runs", codes: lifecycleCodes },
  { title: "Hosted Containers API", codes: hostedCodes },
  { title: "Docker engines, images and sandboxes", codes: engineCodes },
  { title: "Connections to Docker engines", codes: connectionCodes },
  { title: "Allow lists on Docker", codes: allowlistCodes },
  { title: "Images, registries and runtimes on Docker", codes: imageCodes },
  { title: "Importing containers", codes: importCodes },
  { title: "Changes in lists", codes: changeCodes },
  { title: "Pulumi programs", codes: programCodes },
  { title: "The openai-containers command", codes: commandCodes },
  { title: "CI reports", codes: reportCodes },
  { title: "The import command", codes: importCommandCodes },
  { title: "Egress gateway", codes: gatewayCodes },
];
