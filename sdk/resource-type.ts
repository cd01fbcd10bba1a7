/** The type of a container in Pulumi's state. */
export const resourceType = "pulumi-nodejs:dynamic/openai-containers:Container";

/**
 * What Pulumi's host of dynamic providers evaluates to find the provider. It stands in every state file ever written,
 * so it is a constant that names the package: upgraded code then works on old state, and nothing is serialised.
 */
export const providerCode = 'exports.handler=()=>require("pulumi-openai-containers/provider").provider';
