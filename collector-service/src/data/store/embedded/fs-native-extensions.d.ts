/** What we use of a package without types. */
declare module 'fs-native-extensions' {
  /** Takes the kernel's exclusive lock on the open file; false when another open file has it. Throws what the kernel says, with a `code`. */
  export function tryLock(fd: number): boolean;
}
