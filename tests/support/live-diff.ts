import type { Activity, Backend } from "../../provider/backends/backend";
import { type Diff, diff } from "../../provider/lifecycle/diff";
import { recordFrom } from "../../provider/model/record";
import { rejectingBackend } from "./rejecting-backend";
import { silent } from "./silent";

const args = {
  memoryLimit: "1g",
  networkPolicy: { type: "disabled" },
  expiresAfter: { anchor: "last_active_at", minutes: 20 },
  docker: { image: "alpine" },
};
export const inputs = { ...args, backend: "docker" };
export const reportedAt = 1_700_100_000;
export const createdAt = reportedAt - 1_000;
const here = { createdAt, location: "docker:HERE" };
export const state = { ...args, backend: "docker", name: "analysis", status: "running", ...here };
export const noWarnings = { warnings: [], runWarnings: [] };

/** An engine that reports this status of the container, undefined where it is gone, and this activity. */
export function engine(
  status: string | undefined,
  location = "docker:HERE",
  activity?: Omit<Activity, "reportedAt">,
): Backend {
  const reported = activity && { ...activity, reportedAt };
  return {
    ...rejectingBackend,
    location,
    status: async () => status,
    ...(reported && { activity: async () => reported }),
  };
}

/** The diff of a container, and what it warns of. */
export async function diffed(
  open: () => Promise<Backend>,
  recorded: Record<string, unknown> = state,
  {
    wanted = inputs,
    checksLiveness = true,
    isRefresh = false,
    recordedInputs = inputs,
    secretArguments = [] as string[],
  } = {},
): Promise<{ answer: Diff; warnings: string[]; runWarnings: string[] }> {
  const warnings: string[] = [];
  const runWarnings: string[] = [];
  const report = {
    ...silent,
    info: () => {},
    warning: (code: string, text: string) => warnings.push(`${code}: ${text}`),
    runWarning: (code: string, text: string) => runWarnings.push(`${code}: ${text}`),
  };
  const context = {
    open,
    checksLiveness,
    recordedInputs: isRefresh ? undefined : recordedInputs,
    secretArguments,
    provider: undefined,
    report,
  };
  return { answer: await diff("cntr_1", recordFrom(recorded), wanted, context), warnings, runWarnings };
}
