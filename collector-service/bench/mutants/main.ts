import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startMortalPostgres } from '@amc-reports/test-support/crash/mortal-postgres.ts';
import { copySources, type SourceCopy } from './copy.ts';
import { MUTANTS, type Mutant } from './list.ts';
import { runTests } from './run-tests.ts';

const HELP = `Makes small mistakes in a copy of the collector and checks that the tests notice each of them.

  npm run mutants -- [--only TEXT]

  --only TEXT  only mutants whose name or file holds the text

Exit code 1 when a mutant survives, when it no longer fits the source, or when its tests fail without it.`;

const { values } = parseArgs({ options: { only: { type: 'string' }, help: { type: 'boolean' } } });

async function run(): Promise<number> {
  const { only } = values;
  const mutants = MUTANTS.filter(({ name, file }) => only === undefined || name.includes(only) || file.includes(only));
  if (mutants.length === 0) throw new Error(`No mutant's name or file holds '${only}'.`);
  const temporary = await mkdtemp(join(tmpdir(), 'amc-reports-mutants-tmp-'));
  await chmod(temporary, 0o755);
  process.env.TMPDIR = temporary;
  const postgres = await startMortalPostgres();
  process.env.TEST_POSTGRES_URL = postgres.adminUrl;
  const copy = await copySources(join(import.meta.dirname, '..', '..', '..'));
  let trouble = 0;
  try {
    for (const [index, mutant] of mutants.entries()) {
      const verdict = await judge(copy, mutant);
      if (!verdict.caught) trouble++;
      console.log(
        `${String(index + 1).padStart(2)}  ${verdict.caught ? 'caught  ' : verdict.word}  ${mutant.name}\n      ${mutant.file}: ${verdict.by}`,
      );
    }
  } finally {
    await copy.remove();
    await postgres.destroy();
    await rm(temporary, { recursive: true, force: true });
  }
  console.log(`\n${mutants.length - trouble} of ${mutants.length} mutants caught.`);
  return trouble === 0 ? 0 : 1;
}

interface Verdict {
  caught: boolean;
  word: 'SURVIVED' | 'UNFIT   ';
  by: string;
}

/** The same tests must pass without the mistake and fail with it, by a test's own judgement. */
async function judge(copy: SourceCopy, mutant: Mutant): Promise<Verdict> {
  const { file, tests = 'all tests' } = mutant.caughtBy;
  let repair: () => Promise<void>;
  try {
    repair = await copy.mutate(mutant);
  } catch (error) {
    return { caught: false, word: 'UNFIT   ', by: (error as Error).message };
  }
  const withMistake = await runTests(copy.directory, mutant.caughtBy).finally(repair);
  if (withMistake.broken !== undefined) return { caught: false, word: 'UNFIT   ', by: `${file} does not load: ${withMistake.broken}` };
  if (withMistake.failed.length === 0)
    return { caught: false, word: 'SURVIVED', by: `${withMistake.passed} tests of ${file} (${tests}) pass` };
  const without = await runTests(copy.directory, mutant.caughtBy);
  if (without.failed.length > 0 || without.broken !== undefined || without.passed === 0)
    return {
      caught: false,
      word: 'UNFIT   ',
      by: `${file} (${tests}) fails without the mistake too: ${without.failed.join('; ') || without.broken}`,
    };
  return { caught: true, word: 'SURVIVED', by: `${file}: ${withMistake.failed[0]}` };
}

if (values.help) console.log(HELP);
else process.exitCode = await run();
