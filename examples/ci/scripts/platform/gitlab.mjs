import { required } from "../run.mjs";
import { at, numberAt, textAt } from "./response.mjs";
import { RestApi } from "./rest-api.mjs";

/** @returns {Promise<import("./platform.mjs").Platform>} */
export async function gitlab() {
  const project = `/projects/${required("CI_PROJECT_ID")}`;
  const api = new RestApi("GitLab", required("CI_API_V4_URL"), { "private-token": required("GITLAB_TOKEN") });
  const us = numberAt(await api.get("/user"), "id");
  /** @param {unknown} written */
  const isOurs = (written) => at(written, "author", "id") === us;
  /** @param {number} number */
  const notes = (number) => `${project}/merge_requests/${number}/notes`;

  return {
    async previewedPullRequest() {
      // In a pipeline for merged results, CI_COMMIT_SHA is that result.
      const previewed = process.env["CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"] || required("CI_COMMIT_SHA");
      const request = await api.get(`${project}/merge_requests/${required("CI_MERGE_REQUEST_IID")}`);
      const isCurrent = at(request, "state") === "opened" && at(request, "sha") === previewed;
      return isCurrent ? pullRequest(request) : undefined;
    },

    async mergedPullRequest() {
      const commit = required("CI_COMMIT_SHA");
      for await (const request of api.list(`${project}/repository/commits/${commit}/merge_requests`)) {
        // Without a merge commit, the result is the squashed commit or, after a fast-forward, the branch's own.
        const result = at(request, "merge_commit_sha") ?? at(request, "squash_commit_sha") ?? at(request, "sha");
        const isMerged = at(request, "state") === "merged" && result === commit;
        if (isMerged) return pullRequest(request);
      }
      return undefined;
    },

    async *comments(number) {
      for await (const note of api.list(`${notes(number)}?sort=asc&order_by=created_at`)) {
        yield { id: numberAt(note, "id"), body: textAt(note, "body"), isOurs: isOurs(note) };
      }
    },

    addComment: (number, body) => api.write("POST", notes(number), { body }),

    updateComment: (number, id, body) => api.write("PUT", `${notes(number)}/${id}`, { body }),

    async *openIssues(label) {
      for await (const issue of api.list(`${project}/issues?state=opened&labels=${label}`)) {
        yield { number: numberAt(issue, "iid"), body: String(at(issue, "description")), isOurs: isOurs(issue) };
      }
    },

    openIssue: ({ title, label, body }) =>
      api.write("POST", `${project}/issues`, { title, labels: label, description: body }),

    updateIssue: (number, body) => api.write("PUT", `${project}/issues/${number}`, { description: body }),

    closeIssue: (number) => api.write("PUT", `${project}/issues/${number}`, { state_event: "close" }),
  };
}

/** @param {unknown} request */
function pullRequest(request) {
  const isFork = at(request, "source_project_id") !== at(request, "target_project_id");
  return { number: numberAt(request, "iid"), head: textAt(request, "sha"), isFork };
}
