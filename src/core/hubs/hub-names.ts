/**
 * Which names from outside are taken. A repository, revision or path of a hub becomes part of addresses
 * and of paths on this machine, so nothing that climbs out of its folder or hides something passes.
 */

// eslint-disable-next-line no-control-regex -- those are what must not be in a name
const forbidden = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\\?:*"<>|]/

/** A path in a repository, with `/`: relative, without empty or dotted parts, and possible on every system. */
export function isSafePath(path: string): boolean {
  return path.length <= 1000 && !forbidden.test(path) && path.split('/').every(isSafePart)
}

/** `publisher/repository`. */
export function isRepositoryName(name: string): boolean {
  const parts = name.split('/')
  return (
    parts.length === 2 &&
    name.length <= 200 &&
    parts.every((part) => /^[\p{L}\p{N}_][\p{L}\p{N}_.\-\p{Zs}]*$/u.test(part) && isSafePart(part))
  )
}

/** A branch, tag or commit; `refs/pr/1` too. */
export function isRevision(name: string): boolean {
  return name.length <= 200 && /^[\w.\-/]+$/.test(name) && isSafePath(name)
}

function isSafePart(part: string): boolean {
  // Windows leaves out a dot or space at the end, so `.. ` would be `..` there.
  return part !== '' && !/^\.+$/.test(part) && !/[. ]$/.test(part) && part.trim() !== ''
}
