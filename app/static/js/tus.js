/**
 * The library that speaks tus, asked for only where a file is chosen; and as much of its types as is used.
 *
 * @typedef {object} Answer
 * @property {() => number} getStatus
 * @property {(name: string) => string | null} getHeader
 * @property {() => string} getBody
 *
 * @typedef {Error & {originalResponse: Answer | null, causingError?: unknown}} Failure
 * @typedef {{creationTime: string, uploadUrl: string | null}} Previous
 *
 * @typedef {object} Upload
 * @property {string | null} url
 * @property {() => void} start
 * @property {(terminate?: boolean) => Promise<void>} abort
 * @property {() => Promise<Previous[]>} findPreviousUploads
 * @property {(previous: Previous) => void} resumeFromPreviousUpload
 *
 * @typedef {new (file: File, options: object) => Upload} Library
 */

/**
 * @param {string} source
 * @returns {Promise<Library>} what the script leaves behind, since it is no module
 */
export async function library(source) {
  await import(source);
  return /** @type {{tus: {Upload: Library}}} */ (/** @type {unknown} */ (globalThis)).tus.Upload;
}
