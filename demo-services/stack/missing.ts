/** Something that the stack needs is not on this machine; the message says what, and what to do instead. */
export class MissingPrerequisite extends Error {}
