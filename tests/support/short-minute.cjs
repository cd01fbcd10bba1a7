// Preloaded into the processes of a run: in them a sandbox's minute on Docker has fewer seconds.
const settings = require("../../dist/provider/backends/docker/settings.js");
const { dockerSettings } = settings;

settings.dockerSettings = (...args) => ({
  ...dockerSettings(...args),
  minute: Number(process.env["TEST_SECONDS_OF_A_MINUTE"]),
});
