export default async function globalTeardown() {
  await globalThis.__STOP_TEST_POSTGRES__?.();
}
