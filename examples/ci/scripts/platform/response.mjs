import { Failure } from "../run.mjs";

/**
 * A member of a response, or undefined where the response has no such member.
 * @param {unknown} response
 * @param {string[]} path
 * @returns {unknown}
 */
export function at(response, ...path) {
  return path.reduce((value, key) => Reflect.get(Object(value), key), response);
}

/**
 * @param {unknown} response
 * @param {string[]} path
 */
export function textAt(response, ...path) {
  const value = at(response, ...path);
  if (typeof value !== "string") throw new Failure(`The platform's response has no text at ${path.join(".")}.`);
  return value;
}

/**
 * @param {unknown} response
 * @param {string[]} path
 */
export function numberAt(response, ...path) {
  const value = at(response, ...path);
  if (typeof value !== "number") throw new Failure(`The platform's response has no number at ${path.join(".")}.`);
  return value;
}
