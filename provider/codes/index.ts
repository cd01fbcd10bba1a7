import { allowlistCodes } from "./allowlist";
import { argumentCodes } from "./arguments";
import { changeCodes } from "./changes";
import { commandCodes } from "./command";
import { engineCodes } from "./engine";
import { gatewayCodes } from "./gateway";
import { hostedCodes } from "./hosted";
import { lifecycleCodes } from "./lifecycle";
import { programCodes } from "./program";
import { settingCodes } from "./settings";

/**
 * Every code that stands at the front of an error or a warning. docs/troubleshooting.md is made from it. A code is never
 * given to another message, as scripts look for them.
 */
export const codes = {
  OC0000: { message: "", cause: "", remedy: "" },
  ...argumentCodes,
  ...settingCodes,
  ...lifecycleCodes,
  ...hostedCodes,
  ...engineCodes,
  ...allowlistCodes,
  ...changeCodes,
  ...programCodes,
  ...commandCodes,
  ...gatewayCodes,
};

export type Code = keyof typeof codes;

export function coded(code: Code, text: string): string {
  return `${code}: ${text}`;
}
