import { UnknownOutcomeError } from "../../provider/backends/backend";
import type { OpenAIBackend } from "../../provider/backends/openai/openai-backend";

/** A container that a run creates, or may have created. */
export interface Creation {
  readonly name: string;
  /** When its request was sent, in milliseconds since the epoch. */
  readonly time: number;
  readonly ids: Set<string>;
  /** Whether there may be a container of its name besides these. */
  isUncertain: boolean;
}

/** What a run creates: all of it, so that it can be removed, and no more than was announced. */
export class Created {
  readonly creations: Creation[] = [];
  /** The ids that a backend has deleted. */
  readonly deleted = new Set<string>();
  private readonly underWay = new Set<Promise<unknown>>();

  /** @param limit the number of containers */
  constructor(
    private readonly limit: number,
    private readonly ending: AbortSignal,
  ) {}

  /** Records what this backend creates and deletes. */
  follow(backend: OpenAIBackend): OpenAIBackend {
    const create = backend.create.bind(backend);
    const remove = backend.delete.bind(backend);
    backend.create = (container, report, context) => {
      this.ending.throwIfAborted();
      if (this.creations.length >= this.limit) throw new Error(`more than the announced ${this.limit} containers`);
      const creation = { name: container.name, time: Date.now(), ids: new Set<string>(), isUncertain: false };
      this.creations.push(creation);
      const creating = create(container, report, {
        ...context,
        announce: (id) => {
          creation.ids.add(id);
          context.announce(id);
        },
        orphaned: (orphan) => {
          creation.isUncertain = true;
          context.orphaned(orphan);
        },
      }).catch((error: unknown) => {
        if (error instanceof UnknownOutcomeError) creation.isUncertain = true;
        throw error;
      });
      this.underWay.add(creating);
      return creating;
    };
    backend.delete = async (id, known, report) => {
      await remove(id, known, report);
      this.deleted.add(id);
    };
    return backend;
  }

  /** Settles when no create is under way. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.underWay);
  }

  /** The ids of the containers whose name has a prefix, and which no backend has deleted. */
  left(prefix: string): string[] {
    const named = this.creations.filter(({ name }) => name.startsWith(prefix));
    return named.flatMap(({ ids }) => [...ids]).filter((id) => !this.deleted.has(id));
  }
}
