import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export interface TestOutcome {
  passed: number;
  /** Names of the tests that failed. */
  failed: string[];
  /** A file that could not even be loaded proves nothing about its tests. */
  broken: string | undefined;
}

interface JestReport {
  numPassedTests: number;
  testResults: { message: string; assertionResults: { status: string; title: string }[] }[];
}

/** A mutant may make a test wait for ever. */
const TEST_TIMEOUT_MS = 60_000;

/** Runs one test file of the copy, or the tests of it that match. */
export async function runTests(directory: string, { file, tests }: { file: string; tests?: string }): Promise<TestOutcome> {
  const jest = createRequire(join(directory, 'package.json')).resolve('jest/bin/jest');
  const report = join(directory, 'report.json');
  await rm(report, { force: true });
  const filter = tests === undefined ? [] : ['--testNamePattern', tests];
  const args = [
    jest,
    join('src', file),
    ...filter,
    '--json',
    `--outputFile=${report}`,
    '--silent',
    `--testTimeout=${TEST_TIMEOUT_MS}`,
    '--forceExit',
  ];
  const child = spawn(process.execPath, args, { cwd: directory, stdio: ['ignore', 'ignore', 'ignore'] });
  await once(child, 'exit');
  const { numPassedTests, testResults } = JSON.parse(await readFile(report, 'utf8')) as JestReport;
  const assertions = testResults.flatMap((result) => result.assertionResults);
  return {
    passed: numPassedTests,
    failed: assertions.filter((each) => each.status === 'failed').map((each) => each.title),
    broken: testResults.find((result) => result.assertionResults.length === 0)?.message.slice(0, 500),
  };
}
