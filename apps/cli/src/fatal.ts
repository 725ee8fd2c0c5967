/** What keeps a command from going on and the person at the terminal can mend: printed as one line, exit status 1. */
export class Fatal extends Error {
  override readonly name = "Fatal";
}
