// Preloaded into the processes of a run: in them a sandbox's minute on Docker has fewer seconds.
const config = require("../../dist/provider/config.js");
const { readSettings } = config;

config.readSettings = (...args) => {
  const settings = readSettings(...args);
  return { ...settings, docker: { ...settings.docker, minute: Number(process.env["TEST_SECONDS_OF_A_MINUTE"]) } };
};
