import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { unknownFields } from '../code/query-text';
import { isComplete } from '../defaults';
import { datasourceWith } from '../testing/datasource';
import { examples } from './examples';
import { QueryHelp } from './QueryHelp';

it.each(examples().map((example) => [example.title]))('"%s" is a query that runs at a click', async (title) => {
  const clicked = jest.fn();
  render(<QueryHelp datasource={datasourceWith().datasource} query={{ refId: 'A' }} onClickExample={clicked} />);
  await userEvent.click(screen.getByRole('button', { name: title }));
  const [query] = clicked.mock.calls[0];
  expect(query.version).toBe(2);
  expect(isComplete(query)).toBe(true);
  expect(unknownFields(query)).toEqual([]);
});
