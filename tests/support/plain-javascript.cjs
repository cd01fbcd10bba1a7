const { existsSync } = require("node:fs");

// Preloaded into the processes of a stack, for its programs in JavaScript. Pulumi's language host of Go modules (3.68) does
// not read `typescript: false`, which newer engines send with the request, and so each program would load ts-node.
if (existsSync("index.js")) delete process.env["PULUMI_NODEJS_TYPESCRIPT"];
