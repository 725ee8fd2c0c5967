/** A command that did not end well; `message` is one line for the person at the terminal. */
export class CommandFailed extends Error {}
