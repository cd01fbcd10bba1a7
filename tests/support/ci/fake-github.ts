import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { assigned, FakeApi, type Route } from "./fake-api";

/** The author of what jobs write with their own token. */
export const bot = "github-actions[bot]";
const mergeCommit = "e".repeat(40);

interface Comment {
  id: number;
  /** The number of its pull request. */
  on: number;
  body: string;
  user: { login: string };
}

interface Pull {
  number: number;
  state: string;
  head: { ref: string; sha: string; repo: { full_name: string; owner: { login: string } } };
  base: { repo: { full_name: string } };
  merged_at: string | null;
  merge_commit_sha: string;
}

interface Issue {
  number: number;
  title: string;
  body: string;
  state: string;
  labels: string[];
  user: { login: string };
  pull_request?: object;
}

const text = z.string().max(65_536);
const newComment = z.strictObject({ body: text });
const newIssue = z.strictObject({ title: z.string(), body: text, labels: z.array(z.string()) });
const issueChange = z.strictObject({ body: text.optional(), state: z.enum(["open", "closed"]).optional() });

/** What the scripts use of GitHub's REST API, for the repository `acme/sandboxes`. */
export class FakeGitHub extends FakeApi {
  readonly pulls: Pull[] = [];
  readonly comments: Comment[] = [];
  readonly issues: Issue[] = [];
  protected readonly credentials: [string, string] = ["authorization", "Bearer ghs_test-token"];
  private readonly folder = mkdtempSync(join(tmpdir(), "fake-github-"));
  private lastId = 900;

  protected readonly prefix = "/repos/acme/sandboxes";
  protected readonly routes: readonly Route[] = [
    [/^GET \/pulls$/, ({ query }) => this.openPulls(query)],
    [/^GET \/commits\/e{40}\/pulls$/, () => this.pulls],
    [/^GET \/issues\/\d+\/comments$/, ({ id }) => this.comments.filter(({ on }) => on === id)],
    [/^POST \/issues\/\d+\/comments$/, ({ id, body }) => this.comment(id, newComment.parse(body).body)],
    [/^PATCH \/issues\/comments\/\d+$/, ({ id, body }) => this.updateComment(id, newComment.parse(body))],
    [/^GET \/issues$/, ({ query }) => this.issuesOf(query)],
    [/^POST \/issues$/, ({ body }) => this.issue(newIssue.parse(body))],
    [/^PATCH \/issues\/\d+$/, ({ id, body }) => this.updateIssue(id, issueChange.parse(body))],
  ];

  get env(): NodeJS.ProcessEnv {
    return {
      GITHUB_ACTIONS: "true",
      GITHUB_API_URL: this.url,
      GITHUB_REPOSITORY: "acme/sandboxes",
      GITHUB_TOKEN: "ghs_test-token",
      GITHUB_SHA: mergeCommit,
      GITHUB_EVENT_PATH: join(this.folder, "event.json"),
    };
  }

  override async stop(): Promise<void> {
    rmSync(this.folder, { recursive: true });
    await super.stop();
  }

  /** Adds an open pull request to main. Its merge would make `mergeCommit`. */
  pull(number: number, sha: string, { owner = "acme", ref = "change" } = {}): Pull {
    const repo = { full_name: `${owner}/sandboxes`, owner: { login: owner } };
    const [head, base] = [{ ref, sha, repo }, { repo: { full_name: "acme/sandboxes" } }];
    const pull = { number, state: "open", head, base, merged_at: null, merge_commit_sha: mergeCommit };
    this.pulls.push(pull);
    return pull;
  }

  merge(pull: Pull): void {
    Object.assign(pull, { state: "closed", merged_at: "2026-11-26T03:00:00Z" });
  }

  /** Makes the event of a workflow that the preview of a pull request started. */
  previewed({ head }: Pull): void {
    const run = { head_sha: head.sha, head_branch: head.ref, head_repository: head.repo, pull_requests: [] };
    const event = { workflow_run: run, repository: { default_branch: "main" } };
    writeFileSync(join(this.folder, "event.json"), JSON.stringify(event));
  }

  comment(on: number, body: string, login = bot): Comment {
    const comment = { id: ++this.lastId, on, body, user: { login } };
    this.comments.push(comment);
    return comment;
  }

  issue(issue: Pick<Issue, "title" | "body" | "labels">, login = bot): Issue {
    const opened = { ...issue, number: ++this.lastId, state: "open", user: { login } };
    this.issues.push(opened);
    return opened;
  }

  private openPulls(query: URLSearchParams): Pull[] {
    const nameOf = ({ head }: Pull) => `${head.repo.owner.login}:${head.ref}`;
    if (query.get("base") !== "main" || query.get("state") !== "open") return [];
    return this.pulls.filter((pull) => pull.state === "open" && nameOf(pull) === query.get("head"));
  }

  private updateComment(id: number, change: object): Comment | undefined {
    return assigned(
      this.comments.find((comment) => comment.id === id),
      change,
    );
  }

  private issuesOf(query: URLSearchParams): Issue[] {
    const label = query.get("labels") ?? "";
    return this.issues.filter(({ state, labels }) => state === query.get("state") && labels.includes(label));
  }

  private updateIssue(id: number, change: object): Issue | undefined {
    return assigned(
      this.issues.find(({ number }) => number === id),
      change,
    );
  }
}
