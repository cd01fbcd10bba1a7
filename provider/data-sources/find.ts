import { type Activity, type Backend, BackendError, type Report } from "../backends/backend";
import { type BackendName, nothingObserved } from "../model/container";
import type { Observed } from "../model/record";
import type { Filter, IdOrName } from "./arguments";

/** A container as a data source returns it, by the names of the resource's outputs. */
export interface FoundContainer extends AllKeys<Observed> {
  object: string;
  lastActiveAt: number | undefined;
  backend: BackendName;
  location: string;
}

/** A property that a backend does not report is undefined, not missing: so each property of an output is an output. */
type AllKeys<T> = { [K in keyof Required<T>]: T[K] };

/** @throws BackendError where there is no such container, or several unexpired ones of that name */
export async function findOne(wanted: IdOrName, backend: Backend, report: Report): Promise<FoundContainer> {
  return "id" in wanted ? findById(wanted.id, backend, report) : findByName(wanted.name, backend, report);
}

/** The newest first. */
export async function findAll({ name, status }: Filter, backend: Backend, report: Report): Promise<FoundContainer[]> {
  const listed = await backend.list(name, report);
  const wanted = listed.filter((container) => status === undefined || container.status === status);
  return wanted.map((container) => found(container, backend));
}

async function findById(id: string, backend: Backend, report: Report): Promise<FoundContainer> {
  const observed = await backend.observe(id, {}, report);
  // An engine also finds a container by the beginning of the engine's own id.
  if (observed?.id !== id)
    throw new BackendError("OC2011", `There is no container ${id} at ${backend.location}`, correct("id"));
  const activity = await backend.activity(id, observed, report);
  return found({ ...observed, ...activity }, backend);
}

async function findByName(name: string, backend: Backend, report: Report): Promise<FoundContainer> {
  const listed = await backend.list(name, report);
  const [one, ...others] = listed.filter(({ status }) => status !== "expired");
  const quoted = JSON.stringify(name);
  if (!one) {
    const expired = listed[0] ? `: ${listed[0].id} of that name has expired` : "";
    const what = `There is no unexpired container named ${quoted} at ${backend.location}${expired}`;
    throw new BackendError("OC4010", what, correct("name"));
  }
  if (others.length > 0) {
    const ids = [one, ...others].map(({ id }) => id).join(", ");
    const what = `There are ${others.length + 1} unexpired containers named ${quoted} at ${backend.location}: ${ids}`;
    throw new BackendError("OC4011", what, "Pass the id of one of them");
  }
  return found(one, backend);
}

function correct(argument: string): string {
  return `Correct the ${argument}, the backend, or the account or engine that this program uses`;
}

function found(container: Observed & Partial<Activity>, { name: backend, location }: Backend): FoundContainer {
  const { lastActiveAt, startedAt, expiredAt, reportedAt, ...observed } = container;
  return { ...nothingObserved, ...observed, object: "container", lastActiveAt, backend, location };
}
