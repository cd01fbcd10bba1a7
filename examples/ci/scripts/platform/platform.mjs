import { Failure } from "../run.mjs";

/**
 * A pull request, or GitLab's merge request.
 * @typedef {object} PullRequest
 * @property {number} number
 * @property {string} head the newest commit of its branch
 * @property {boolean} isFork whether that branch is in another project
 */

/**
 * @typedef {object} Comment
 * @property {number} id
 * @property {string} body
 * @property {boolean} isOurs whether the pipelines wrote it: anybody else may write a comment that looks the same
 */

/**
 * @typedef {object} Issue
 * @property {number} number
 * @property {string} body
 * @property {boolean} isOurs
 */

/**
 * What the scripts need of GitHub or GitLab. Its facts come from the variables that the platform sets in each job.
 * @typedef {object} Platform
 * @property {() => Promise<PullRequest | undefined>} previewedPullRequest the open one whose newest commit this pipeline
 *   previewed, if there is still one
 * @property {() => Promise<PullRequest | undefined>} mergedPullRequest the one whose merge made the commit of this job
 * @property {(number: number) => AsyncIterable<Comment>} comments oldest first
 * @property {(number: number, body: string) => Promise<void>} addComment
 * @property {(number: number, id: number, body: string) => Promise<void>} updateComment
 * @property {(label: string) => AsyncIterable<Issue>} openIssues
 * @property {(issue: { title: string, label: string, body: string }) => Promise<void>} openIssue
 * @property {(number: number, body: string) => Promise<void>} updateIssue
 * @property {(number: number) => Promise<void>} closeIssue
 */

/**
 * The platform that runs this job.
 * @returns {Promise<Platform>}
 */
export async function currentPlatform() {
  if (process.env["GITHUB_ACTIONS"] === "true") return (await import("./github.mjs")).github();
  if (process.env["GITLAB_CI"] === "true") return (await import("./gitlab.mjs")).gitlab();
  throw new Failure("This is no job of GitHub or GitLab: neither GITHUB_ACTIONS nor GITLAB_CI is true.");
}
