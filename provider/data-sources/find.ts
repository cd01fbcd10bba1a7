import { type Activity, type Backend, BackendError, type Report } from "../backends/backend";
import { type BackendName, nothingObserved } from "../model/container";
import type { Observed } from "../model/record";
import type { Filter, One } from "./args";

/** A container as a look-up tells it, in the words of the resource's outputs. */
export interface Found extends Told<Observed> {
  object: string;
  lastActiveAt: number | undefined;
  backend: BackendName;
  location: string;
}

/** What is not told is there all the same, as undefined: so a property of an output is an output. */
type Told<T> = { [K in keyof Required<T>]: T[K] };

/** @throws BackendError where there is none, or there are several of that name */
export async function findOne(asked: One, backend: Backend, report: Report): Promise<Found> {
  return "id" in asked ? withId(asked.id, backend, report) : theOneNamed(asked.name, backend, report);
}

/** The newest first. */
export async function findAll({ name, status }: Filter, backend: Backend, report: Report): Promise<Found[]> {
  const listed = await backend.list(name, report);
  const wanted = listed.filter((container) => status === undefined || container.status === status);
  return wanted.map((container) => found(container, backend));
}

async function withId(id: string, backend: Backend, report: Report): Promise<Found> {
  const observed = await backend.observe(id, {}, report);
  // An engine answers to the beginning of its own id, too.
  if (observed?.id !== id)
    throw new BackendError("OC0000", `There is no container ${id} at ${backend.location}`, elsewhere("id"));
  const activity = await backend.activity(id, observed, report);
  return found({ ...observed, ...activity }, backend);
}

async function theOneNamed(name: string, backend: Backend, report: Report): Promise<Found> {
  const listed = await backend.list(name, report);
  const [one, ...others] = listed.filter(({ status }) => status !== "expired");
  const quoted = JSON.stringify(name);
  if (!one) {
    const expired = listed[0] ? `: ${listed[0].id} of that name has expired` : "";
    throw new BackendError(
      "OC0000",
      `There is no container named ${quoted} alive at ${backend.location}${expired}`,
      elsewhere("name"),
    );
  }
  if (others.length > 0) {
    const ids = [one, ...others].map(({ id }) => id).join(", ");
    throw new BackendError(
      "OC0000",
      `${others.length + 1} containers named ${quoted} are alive at ${backend.location}: ${ids}`,
      "Look it up by its id",
    );
  }
  return found(one, backend);
}

function elsewhere(what: string): string {
  return `Correct the ${what}, the backend, or the account or engine that is looked at`;
}

function found(container: Observed & Partial<Activity>, { name: backend, location }: Backend): Found {
  const { lastActiveAt, startedAt, expiredAt, reportedAt, ...observed } = container;
  return { ...nothingObserved, ...observed, object: "container", lastActiveAt, backend, location };
}
