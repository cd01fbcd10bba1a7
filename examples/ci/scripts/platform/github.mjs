import { readFileSync } from "node:fs";
import { required } from "../run.mjs";
import { at, numberAt, textAt } from "./response.mjs";
import { RestApi } from "./rest-api.mjs";

/** The author of what a job writes with its own token. The name of a person has no brackets. */
const us = "github-actions[bot]";

/** @returns {import("./platform.mjs").Platform} */
export function github() {
  const api = new RestApi("GitHub", `${required("GITHUB_API_URL")}/repos/${required("GITHUB_REPOSITORY")}`, {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${required("GITHUB_TOKEN")}`,
    "x-github-api-version": "2022-11-28",
  });

  return {
    // Found by its branch: the event's `pull_requests` is empty for a fork, and a number from the run itself might be that of
    // another pull request.
    async previewedPullRequest() {
      const event = JSON.parse(readFileSync(required("GITHUB_EVENT_PATH"), "utf8"));
      const owner = at(event, "workflow_run", "head_repository", "owner", "login");
      if (!owner) return undefined; // the fork was deleted
      const query = new URLSearchParams({
        state: "open",
        base: textAt(event, "repository", "default_branch"),
        head: `${owner}:${textAt(event, "workflow_run", "head_branch")}`,
      });
      const previewed = textAt(event, "workflow_run", "head_sha");
      for await (const pull of api.list(`/pulls?${query}`)) {
        if (at(pull, "head", "sha") === previewed) return pullRequest(pull);
      }
      return undefined;
    },

    async mergedPullRequest() {
      const commit = required("GITHUB_SHA");
      for await (const pull of api.list(`/commits/${commit}/pulls`)) {
        const isMerged = at(pull, "merged_at") !== null && at(pull, "merge_commit_sha") === commit;
        if (isMerged) return pullRequest(pull);
      }
      return undefined;
    },

    async *comments(number) {
      for await (const comment of api.list(`/issues/${number}/comments`)) {
        yield {
          id: numberAt(comment, "id"),
          body: textAt(comment, "body"),
          isOurs: at(comment, "user", "login") === us,
        };
      }
    },

    addComment: (number, body) => api.write("POST", `/issues/${number}/comments`, { body }),

    updateComment: (_number, id, body) => api.write("PATCH", `/issues/comments/${id}`, { body }),

    async *openIssues(label) {
      for await (const issue of api.list(`/issues?state=open&labels=${label}`)) {
        const isOurs = at(issue, "user", "login") === us && at(issue, "pull_request") === undefined;
        yield { number: numberAt(issue, "number"), body: String(at(issue, "body")), isOurs };
      }
    },

    openIssue: ({ title, label, body }) => api.write("POST", "/issues", { title, labels: [label], body }),

    updateIssue: (number, body) => api.write("PATCH", `/issues/${number}`, { body }),

    closeIssue: (number) => api.write("PATCH", `/issues/${number}`, { state: "closed" }),
  };
}

/** @param {unknown} pull */
function pullRequest(pull) {
  const isFork = at(pull, "head", "repo", "full_name") !== textAt(pull, "base", "repo", "full_name");
  return { number: numberAt(pull, "number"), head: textAt(pull, "head", "sha"), isFork };
}
