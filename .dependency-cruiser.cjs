/** Which room may use which; docs/design.md draws it. @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-circles-between-rooms",
      severity: "error",
      scope: "folder",
      from: { path: "^(sdk|provider)/" },
      to: { circular: true },
    },
    {
      name: "everything-resolves",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "no-undeclared-packages",
      comment: "what ships may use only what package.json promises",
      severity: "error",
      from: { path: "^(sdk|provider)/" },
      to: {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown", "undetermined"],
        dependencyTypesNot: ["npm-peer"],
      },
    },
    {
      name: "a-program-starts-light",
      comment: "sdk is what a user's program loads: of provider it may use the model's types only",
      severity: "error",
      from: {
        path: "^sdk/",
        pathNot: ["^sdk/(emulator|cli|import-plugin|report)/", "^sdk/(containers|skill-from-folder)\\.ts$"],
      },
      to: {
        path: "^(provider|sdk/(emulator|cli|report)|node_modules/(zod|dockerode|openai))/",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "a-data-source-loads-one-door",
      comment: "and by `require` when the first one is made, which a test sees to",
      severity: "error",
      from: { path: "^sdk/containers\\.ts$" },
      to: {
        path: "^(provider|sdk/(emulator|cli|report)|node_modules/(zod|dockerode|openai))/",
        pathNot: "^provider/data-sources/index\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "a-skill-loads-its-reader",
      comment: "and by `require` when the first one is read, which a test sees to",
      severity: "error",
      from: { path: "^sdk/skill-from-folder\\.ts$" },
      to: {
        path: "^(provider|sdk/(emulator|cli|report)|node_modules/(zod|dockerode|openai))/",
        pathNot: "^provider/skills/skill-folder\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "skills-are-read-on-their-own",
      comment: "by a program and by the provider, whichever backend they are for",
      severity: "error",
      from: { path: "^provider/skills/" },
      to: { path: "^provider/", pathNot: "^provider/(codes|model|skills)/" },
    },
    {
      name: "the-emulator-stands-alone",
      comment: "it is written from the published schemas, so that a mistake of ours cannot pass on both sides",
      severity: "error",
      from: { path: "^sdk/emulator/" },
      to: {
        pathNot: ["^sdk/emulator/", "^node_modules/(zod|(@types/)?(yauzl|yazl|js-yaml))/"],
        dependencyTypesNot: ["core"],
      },
    },
    {
      name: "the-emulator-is-for-tests",
      severity: "error",
      from: { path: "^(sdk|provider)/", pathNot: "^sdk/(emulator|cli)/" },
      to: { path: "^sdk/emulator/" },
    },
    {
      name: "a-report-is-pure",
      comment: "it judges what a preview says: of the provider it uses the codes and the model",
      severity: "error",
      from: { path: "^sdk/report/" },
      to: {
        pathNot: [
          "^sdk/report/",
          "^provider/(codes/index|model/[^/]+)\\.ts$",
          "^node_modules/zod/",
          "^(node:)?(crypto|util)$",
        ],
      },
    },
    {
      name: "the-command-line-has-one-entry",
      comment: "of the provider it uses one module, besides errors and their codes",
      severity: "error",
      from: { path: "^sdk/cli/" },
      to: { path: "^provider/", pathNot: "^provider/(command-line|backends/backend|codes/index)\\.ts$" },
    },
    {
      name: "the-import-plugin-knows-the-arguments",
      comment:
        "it is Pulumi's process for the provider, and of the provider it uses the list of a container's arguments",
      severity: "error",
      from: { path: "^sdk/import-plugin/" },
      to: { path: "^provider/", pathNot: "^provider/model/container\\.ts$" },
    },
    {
      name: "model-is-pure",
      comment: "of Node it uses what reads a name, a certificate or an address",
      severity: "error",
      from: { path: "^provider/model/" },
      to: { pathNot: ["^provider/(codes|model)/", "^node_modules/zod/", "^(node:)?(url|crypto|net)$"] },
    },
    {
      name: "codes-are-a-table",
      severity: "error",
      from: { path: "^provider/codes/" },
      to: { pathNot: "^provider/codes/" },
    },
    {
      name: "lifecycle-knows-backends-by-interface",
      severity: "error",
      from: { path: "^provider/lifecycle/" },
      to: {
        path: "^provider/",
        pathNot: ["^provider/(codes|lifecycle|model)/", "^provider/backends/backend\\.ts$", "^provider/config\\.ts$"],
      },
    },
    {
      name: "backends-know-no-lifecycle",
      severity: "error",
      from: { path: "^provider/backends/" },
      to: {
        path: "^provider/",
        pathNot: [
          "^provider/(backends|codes|model|skills)/",
          "^provider/(config|debug-log)\\.ts$",
          "^provider/egress/policy/policy\\.ts$",
        ],
      },
    },
    {
      name: "the-gateway-stands-alone",
      comment: "it runs in a container of its own, as plain files and on Node's core alone",
      severity: "error",
      from: { path: "^provider/egress/" },
      to: { pathNot: ["^provider/egress/"], dependencyTypesNot: ["core"] },
    },
    {
      name: "one-docker-client",
      comment: "the engine is spoken to in one room, and its client loads when that is entered",
      severity: "error",
      from: { path: "^(sdk|provider)/", pathNot: "^provider/backends/docker/" },
      to: { path: "^node_modules/(dockerode|@types/dockerode)/" },
    },
    {
      name: "nothing-points-at-tests",
      severity: "error",
      from: { path: "^(sdk|provider|examples)/" },
      to: { path: "^tests/" },
    },
    {
      name: "examples-use-the-package",
      severity: "error",
      from: { path: "^examples/" },
      to: { path: "^(sdk|provider)/" },
    },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "^dist"] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["types", "import", "require", "node", "default"],
    },
  },
};
