import assert from "node:assert/strict";
import fc from "fast-check";
import { findingsOf, markdown, plainText, type Report, reportOf } from "../../sdk/report";
import { type Planned, plain, previewJson, urnOf } from "../support/report/planned";
import { previewOf } from "../support/report/preview-of";
import { isRecording, record, recording } from "../support/report/recordings";

const options = { failing: new Set<string>(), isQuietIfUnchanged: false };

async function reportFrom(text: string): Promise<Report> {
  const preview = await previewOf(text);
  return reportOf(preview, findingsOf(preview));
}
const reportOfPlan = (planned: readonly Planned[], more: object = {}) =>
  reportFrom(JSON.stringify(previewJson(planned, more)));

const allowlist = (...allowedDomains: string[]) => ({ ...plain, networkPolicy: { type: "allowlist", allowedDomains } });

/** What Markdown would interpret: all but code, read as CommonMark does: a run of backticks ends at the next one as long. */
function outsideCode(text: string): string {
  const blocks = text.replace(/^(`{3,})\n[\s\S]*?\n\1$/gm, "");
  return blocks.replace(/(?<!`)(`+)(?!`)(?:[\s\S]*?[^`])??(?<!`)\1(?!`)/g, "");
}

/** The parts of a report that are the report's own. */
const own =
  /<br>|<\/?(?:details|summary|sub|code)>|<!-- openai-containers report: [\w.%/]+ -->|\*\*|^### |^- |^ {2}- |\| --- \||❌/gm;

describe("a Markdown report", () => {
  it("is as the golden one, for the recorded preview with every finding", async () => {
    const text = markdown([await reportFrom(recording("changed.json"))], {
      ...options,
      failing: new Set(["egress-widened"]),
    });
    if (isRecording) record("changed.report.md", text);
    assert.equal(text, recording("changed.report.md"));
  });

  it("begins with a marker for its stack, and has a section for each stack", async () => {
    const one = await reportOfPlan([{ name: "box", op: "create", after: plain }]);
    const text = markdown([one, { ...one, stack: "prod-->" }], options);
    assert.deepEqual(text.match(/^<!-- .* -->$/gm), [
      "<!-- openai-containers report: shop/dev -->",
      "<!-- openai-containers report: shop/prod%2D%2D%3E -->",
    ]);
    assert.equal(text.match(/^### /gm)?.length, 2);
  });

  it("is one line besides its marker if nothing changes and that is asked for", async () => {
    const unchanged = await reportFrom(recording("unchanged.json"));
    const text = markdown([unchanged], { ...options, isQuietIfUnchanged: true });
    assert.equal(text, "<!-- openai-containers report: shop/dev -->\nPreview of `shop/dev`: no changes.\n");
    assert.equal(
      plainText([unchanged], { ...options, isQuietIfUnchanged: true }),
      "Preview of shop/dev: no changes.\n",
    );
    assert.ok(markdown([unchanged], options).includes("unchanged"));
  });

  it("is no single line if the live state was not read, although nothing changes", async () => {
    const report = await reportOfPlan([], { config: { "openai-containers:liveness": "false" } });
    assert.match(markdown([report], { ...options, isQuietIfUnchanged: true }), /\*\*not-verified\*\*/);
  });

  it("names the findings that fail the check in its first line", async () => {
    const report = await reportOfPlan([{ name: "box", op: "create", after: allowlist("a.example.com") }]);
    const text = markdown([report], { ...options, failing: new Set(["egress-widened", "expired"]) });
    assert.match(text, /^### Preview of `shop\/dev`: fails on egress-widened$/m);
    assert.match(text, /❌ \*\*egress-widened\*\* Now reachable: `a\.example\.com`\./);
  });

  it("is one screen long for a change that widens egress, rotates a secret and raises memory", async () => {
    const secretOf = (value: string) => [{ domain: "api.github.com", name: "GITHUB_TOKEN", value }];
    const side = (memoryLimit: string, value: string, ...more: string[]) => ({
      ...plain,
      memoryLimit,
      networkPolicy: { ...allowlist("api.github.com", ...more).networkPolicy, domainSecrets: secretOf(value) },
    });
    const report = await reportOfPlan([
      { name: "analysis", op: "replace", before: side("1g", "a"), after: side("4g", "b", "uploads.github.com") },
    ]);
    const text = markdown([report], { ...options, failing: new Set(["egress-widened"]) });
    for (const id of ["egress-widened", "secret-rotated", "memory-raised"])
      assert.match(text, new RegExp(`\\*\\*${id}\\*\\*`));
    assert.match(text, /: fails on egress-widened$/m);
    const shown = text.replace(/<details>.*<\/details>/s, "");
    assert.ok(shown.replaceAll("<br>", "\n").split("\n").length < 20 && shown.length < 1_200, shown);
  });

  it("never says no changes of a preview that failed", async () => {
    const text = markdown([await reportFrom(recording("failed.json"))], { ...options, isQuietIfUnchanged: true });
    assert.match(text, /^### Preview of `shop\/dev`: failed, 1 error$/m);
    assert.match(text, /OC1003: memoryLimit/);
    assert.doesNotMatch(text, /no changes/i);
  });

  const many = Array.from(
    { length: 1_000 },
    (_, at): Planned => ({
      name: `box-${at}`,
      op: "replace",
      before: allowlist("a.example.com"),
      after: { ...allowlist("a.example.com", `${"b".repeat(60)}${at}.example.com`), memoryLimit: "4g" },
    }),
  );

  it("of 1,000 changed containers has fewer than 60,000 characters, and says what it left out", async () => {
    const report = await reportOfPlan(many);
    const text = markdown([report], options);
    assert.ok(text.length < 60_000 && text.length > 40_000, `${text.length}`);
    const rows = text.match(/^\| `box-/gm)?.length ?? 0;
    assert.match(text, new RegExp(`${report.findings.length - 3 * rows} more findings left out here`));
    assert.match(text, /`openai-containers report --format json` prints all/);
    assert.match(text, /1000 egress-widened/);
    assert.ok(text.trimEnd().endsWith("</sub>"));
  });

  it("of several stacks has fewer than 60,000 characters too", async () => {
    const report = await reportOfPlan(many);
    const reports = Array.from({ length: 20 }, (_, at) => ({
      ...report,
      stack: `dev${at}`,
      errors: ["x\u200b".repeat(50_000)],
    }));
    assert.ok(markdown(reports, options).length < 60_000);
  });

  it("of one container with 1,000 new domains names some of them, and how many more there are", async () => {
    const domains = Array.from({ length: 1_000 }, (_, at) => `${at}.example.com`);
    const text = markdown([await reportOfPlan([{ name: "box", op: "create", after: allowlist(...domains) }])], options);
    assert.match(text, /`0\.example\.com`, .*`115\.example\.com` and 980 more\./);
  });

  const hostile = [
    "@octocat",
    "fixes #1",
    "GH-12",
    "![x](http://evil.example.com/x.png)",
    "[x](javascript:x)",
    "<img src=x onerror=y>",
    "a | b \\| c",
    "`` ` ```",
    "```\n@octocat\n```",
    "line\n\n# heading\r\n@octocat",
    "www.example.com http://example.com",
    "safe\u202egnp\u200b\u2066.exe\u{e0041}",
    "$x$ ~~a~~ _b_ **c**",
    "</details>@octocat<!--",
    "evil.example",
    "\u001b[31mred\u001b[0m\u0000\u0007",
    "\ud800",
  ];
  const text = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }));

  it("shows every text of a user or an API as code alone", () =>
    fc.assert(
      fc.asyncProperty(text, text, text, text, async (name, value, said, path) => {
        const planned = {
          name,
          op: "replace",
          before: { ...plain, docker: { image: "a" } },
          after: { ...allowlist(value), docker: { image: value } },
          lines: [`warning: OC1009: ${said}`],
          paths: [path, "networkPolicy", "docker"],
        };
        const skipped = { severity: "warning", message: `OC2007: skipped the liveness check: ${said}` };
        const failed = { severity: "error", message: said };
        const json = previewJson([planned, { ...planned, op: "delete", name: `${name}2` }]);
        const whole = { ...json, diagnostics: [skipped, { ...skipped, urn: urnOf(name) }] };
        for (const one of [json, whole, { ...whole, diagnostics: [failed] }]) {
          const shown = markdown([await reportFrom(JSON.stringify(one))], options);
          const rest = outsideCode(shown).replace(own, " ");
          assert.doesNotMatch(rest, /[@#<>[\]!_~$\\`&]|https?:|www\.|\w\.\w*[a-z]\w*/i, shown);
          assert.doesNotMatch(shown.replaceAll("\n", ""), /[\p{C}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
          for (const row of shown.match(/^\|.*$/gm) ?? []) assert.equal(row.match(/(?<!\\)\|/g)?.length, 3, row);
        }
      }),
      { numRuns: 100 },
    ));
});

describe("a report for a terminal", () => {
  it("has no character that a terminal interprets", async () => {
    const report = await reportOfPlan([{ name: "a\u001b[2Jb\rc\u202ed\ne\u3164f\ufe0f", op: "delete", before: plain }]);
    const shown = plainText([report], options);
    assert.doesNotMatch(shown.replaceAll("\n", ""), /[\p{C}]/u);
    assert.match(shown, /a\\u\{1b\}\[2Jb\\u\{d\}c\\u\{202e\}d\\ne\\u\{3164\}f\\u\{fe0f\}/);
  });
});
