import { z } from "zod";
import { assigned, FakeApi, type Route } from "./fake-api";

const commit = "e".repeat(40);
/** The user of the pipelines' token. */
const user = { id: 41, username: "project_9_bot_4a1f" };

interface Note {
  id: number;
  /** The number of its merge request. */
  on: number;
  body: string;
  author: { id: number };
  /** Whether the token's user may not see it. */
  isHidden: boolean;
}

interface MergeRequest {
  iid: number;
  state: string;
  sha: string;
  source_project_id: number;
  target_project_id: number;
  merge_commit_sha: string | null;
  squash_commit_sha: string | null;
}

interface Issue {
  iid: number;
  title: string;
  description: string;
  state: string;
  labels: string[];
  author: { id: number };
}

const newNote = z.strictObject({ body: z.string().max(1_000_000) });
const newIssue = z.strictObject({ title: z.string(), description: z.string(), labels: z.string() });
const issueChange = z.strictObject({ description: z.string().optional(), state_event: z.literal("close").optional() });

/** What the scripts use of GitLab's REST API, for the project 9. */
export class FakeGitLab extends FakeApi {
  readonly requestsToMerge: MergeRequest[] = [];
  readonly notes: Note[] = [];
  readonly issues: Issue[] = [];
  protected readonly credentials: [string, string] = ["private-token", "glpat-test-token"];
  private lastId = 900;

  protected readonly prefix = "/api/v4";
  protected readonly routes: readonly Route[] = [
    [/^GET \/user$/, () => user],
    [/^GET \/projects\/9\/merge_requests\/\d+$/, ({ id }) => this.requestsToMerge.find(({ iid }) => iid === id)],
    [/^GET \/projects\/9\/repository\/commits\/e{40}\/merge_requests$/, () => this.requestsToMerge],
    [/^GET \/projects\/9\/merge_requests\/\d+\/notes$/, ({ id }) => this.notes.filter(({ on }) => on === id)],
    [/^POST \/projects\/9\/merge_requests\/\d+\/notes$/, ({ id, body }) => this.note(id, newNote.parse(body).body)],
    [
      /^PUT \/projects\/9\/merge_requests\/\d+\/notes\/\d+$/,
      ({ id, body }) => this.updateNote(id, newNote.parse(body)),
    ],
    [/^GET \/projects\/9\/issues$/, ({ query }) => this.issuesOf(query)],
    [/^POST \/projects\/9\/issues$/, ({ body }) => this.issue(newIssue.parse(body))],
    [/^PUT \/projects\/9\/issues\/\d+$/, ({ id, body }) => this.updateIssue(id, issueChange.parse(body))],
  ];

  get env(): NodeJS.ProcessEnv {
    return {
      GITLAB_CI: "true",
      CI_API_V4_URL: `${this.url}/api/v4`,
      CI_PROJECT_ID: "9",
      CI_COMMIT_SHA: commit,
      GITLAB_TOKEN: "glpat-test-token",
    };
  }

  /** Adds an open merge request of the project's own. */
  requestToMerge(iid: number, sha: string): MergeRequest {
    const projects = { source_project_id: 9, target_project_id: 9 };
    const request = { iid, state: "opened", sha, ...projects, merge_commit_sha: null, squash_commit_sha: null };
    this.requestsToMerge.push(request);
    return request;
  }

  note(on: number, body: string, { author = user.id, isHidden = false } = {}): Note {
    const note = { id: ++this.lastId, on, body, author: { id: author }, isHidden };
    this.notes.push(note);
    return note;
  }

  issue({ title, description, labels }: z.output<typeof newIssue>, author = user.id): Issue {
    const about = { title, description, labels: labels.split(",") };
    const opened = { ...about, iid: ++this.lastId, state: "opened", author: { id: author } };
    this.issues.push(opened);
    return opened;
  }

  /** As GitLab does: hidden notes are removed from a page after it was cut. */
  protected override shown(page: readonly object[]): readonly object[] {
    return page.filter((member) => !("isHidden" in member && member.isHidden === true));
  }

  private updateNote(id: number, change: object): Note | undefined {
    return assigned(
      this.notes.find((note) => note.id === id),
      change,
    );
  }

  private issuesOf(query: URLSearchParams): Issue[] {
    const label = query.get("labels") ?? "";
    return this.issues.filter(({ state, labels }) => state === query.get("state") && labels.includes(label));
  }

  private updateIssue(id: number, { state_event: event, ...change }: z.output<typeof issueChange>): Issue | undefined {
    return assigned(
      this.issues.find(({ iid }) => iid === id),
      { ...change, ...(event && { state: "closed" }) },
    );
  }
}
