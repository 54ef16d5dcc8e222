import { Remembered } from './remembered.ts';

const asking = (most = 2) => {
  const asked: string[] = [];
  const remembered = new Remembered<string>(most, (answer) => answer.length < 10);
  const get = (question: string, answer = `${question}!`) =>
    remembered.get(question, () => {
      asked.push(question);
      return answer === 'fails' ? Promise.reject(new Error(answer)) : Promise.resolve(answer);
    });
  return { asked, get };
};

it('the same question is asked once, also while the first is still being answered', async () => {
  const { asked, get } = asking();
  expect(await Promise.all([get('a'), get('a')])).toEqual(['a!', 'a!']);
  expect(await get('a')).toBe('a!');
  expect(asked).toEqual(['a']);
});

it('the oldest of too many is forgotten', async () => {
  const { asked, get } = asking();
  for (const question of ['a', 'b', 'c', 'b', 'a']) await get(question);
  expect(asked).toEqual(['a', 'b', 'c', 'a']);
});

it('failures and large answers are not kept', async () => {
  const { asked, get } = asking();
  await expect(get('a', 'fails')).rejects.toThrow('fails');
  expect(await get('a')).toBe('a!');
  for (let times = 0; times < 2; times++) await get('b', 'longer than ten');
  expect(asked).toEqual(['a', 'a', 'b', 'b']);
});
