import { cancelCollection } from '../../engine/collect/collections/cancel.ts';
import { editSchedule } from './edit.ts';
import { pauseSchedule } from './pause.ts';
import { ensureSchedule } from './provision.ts';
import { listSchedules } from './read.ts';
import { removeSchedule } from './remove.ts';
import { createScheduleBench, type ScheduleBench } from '@amc-reports/test-support/schedule/bench.ts';

let bench: ScheduleBench;
let weekly: { name: string; template: 'weekly' };
beforeAll(async () => {
  bench = await createScheduleBench();
});
afterAll(() => bench.drop());
let tests = 0;
beforeEach(() => {
  weekly = { name: `Weekly update ${++tests}`, template: 'weekly' };
});

const ensure = (collections: { id: string; created: boolean }[]) =>
  ensureSchedule({ ...bench.ctx, actor: 'provisioning' }, { schedule: weekly, collections });
const list = async () => (await listSchedules(bench.ctx)).filter(({ name }) => name === weekly.name);
const members = async () => (await list()).map((schedule) => schedule.collections.map(({ id }) => id).sort());

test('a schedule that is missing is made over the collections that name it; started again, nothing changes', async () => {
  const ids = [(await bench.served()).id, (await bench.served()).id];
  await ensure(ids.map((id) => ({ id, created: true })));
  const before = await list();
  expect(before).toMatchObject([{ template: 'weekly', state: 'active', createdBy: 'provisioning' }]);
  expect(await members()).toEqual([ids]);
  await ensure(ids.map((id) => ({ id, created: false })));
  expect(await list()).toEqual(before);
});

test('collections from before there were schedules join a new one; a new collection joins one that exists', async () => {
  const [old, fresh] = [await bench.served(), await bench.served()];
  await ensure([{ id: old.id, created: false }]);
  await ensure([
    { id: old.id, created: false },
    { id: fresh.id, created: true },
  ]);
  expect(await members()).toEqual([[old.id, fresh.id]]);
  expect((await bench.audiences((await list())[0]!.id)).at(-1)).toEqual(await bench.instanceIds(old, fresh));
});

test('what people changed stays: a pause, other times, a collection taken out or put elsewhere', async () => {
  const [kept, taken, elsewhere] = [await bench.served(), await bench.served(), await bench.served()];
  await bench.schedule([elsewhere]);
  const collections = [kept, taken, elsewhere].map(({ id }) => ({ id, created: false }));
  await ensure(collections);
  const made = (await list())[0]!;
  expect(made.collections.map(({ id }) => id).sort()).toEqual([kept.id, taken.id]);
  await editSchedule(bench.ctx, { id: made.id, cron: '0 9 * * 5', collections: [kept.id] });
  await pauseSchedule(bench.ctx, { id: made.id });
  const before = await list();
  await ensure(collections);
  expect(await list()).toEqual(before);
});

test('without collections there is nothing to schedule, and a cancelled one is not scheduled', async () => {
  await ensure([]);
  const collection = await bench.served();
  await cancelCollection(bench.ctx, { id: collection.id });
  await ensure([{ id: collection.id, created: false }]);
  expect(await list()).toEqual([]);
});

test('two processes that start at once make one schedule', async () => {
  const collections = [{ id: (await bench.served()).id, created: false }];
  await Promise.all([1, 2, 3, 4].map(() => ensure(collections)));
  expect(await members()).toEqual([[collections[0]!.id]]);
});

test('a schedule that was deleted is made again, as long as the files name it', async () => {
  const collections = [{ id: (await bench.served()).id, created: false }];
  await ensure(collections);
  await removeSchedule(bench.ctx, { id: (await list())[0]!.id });
  await ensure(collections);
  expect(await list()).toHaveLength(1);
});
